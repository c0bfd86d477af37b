"""Headers to columns, with and without a mapping file."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from brigade import house
from brigade.contracts import all_contracts, contract
from brigade.errors import InputError
from brigade.ingest.mapping import find_mapping, read_mapping
from tests.ingest.conftest import CsvOf, checked, plan_of

Mapped = Callable[[str], Path]


@pytest.fixture
def mapped(tmp_path: Path) -> Mapped:
    """Write a mapping file."""

    def write(text: str) -> Path:
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def rows(path: Path, extract: str, mapping: Path | None = None) -> list[dict[str, Any]]:
    """The good rows of a file, by the columns it gives."""
    table = checked(path, extract, mapping).table
    own = [name for name in table.column_names if not name.startswith("_")]
    found: list[dict[str, Any]] = table.select(own).to_pylist()
    return found


@pytest.mark.parametrize("extract", [c for c in all_contracts().values() if not c.made_by])
def test_every_name_label_and_alias_finds_its_column(csv_of: CsvOf, extract: Any) -> None:
    columns = extract.stored_columns
    for names in (
        [c.name for c in columns],
        [c.label.zh for c in columns],
        [c.label.en for c in columns],
        [c.aliases[-1] if c.aliases else c.name for c in columns],
    ):
        path = csv_of(",".join(names), ",".join("1" for _ in names))
        found = {s.column.name: s.positions for s in plan_of(path, extract.name).sources}
        assert found == {c.name: (position,) for position, c in enumerate(columns)}


def test_headers_match_whatever_their_case_space_and_width(csv_of: CsvOf) -> None:
    path = csv_of('OUTREACH_ID,"活动\n日期", Venue  Kind ,Ｌｅａｆｌｅｔｓ', "1,2022-01-02,学校,3")
    assert [s.column.name for s in plan_of(path, "outreach").sources] == [
        "outreach_id",
        "held_on",
        "venue_kind",
        "leaflets",
    ]


def test_what_nothing_takes_is_listed(csv_of: CsvOf) -> None:
    path = csv_of("编号,活动日期,天气,", "1,2022-01-02,晴,")
    chosen = plan_of(path, "outreach")
    assert [chosen.headers[i] for i in chosen.unused] == ["天气"]


def test_two_headers_for_one_column_are_refused_by_name(csv_of: CsvOf, mapped: Mapped) -> None:
    path = csv_of("编号,日期,活动时间", "1,2022-01-02,2022-01-03")
    with pytest.raises(InputError) as refused:
        plan_of(path, "outreach")
    assert all(name in refused.value.text.zh for name in ("日期", "活动时间"))
    decided = mapped('[columns]\nheld_on = "活动时间"')
    assert str(rows(path, "outreach", decided)[0]["held_on"]) == "2022-01-03"


def test_a_missing_key_is_refused_with_what_was_found(csv_of: CsvOf) -> None:
    path = csv_of("Nr,活动日期", "1,2022-01-02")
    with pytest.raises(InputError) as refused:
        plan_of(path, "outreach")
    assert all(part in refused.value.text.zh for part in (path.name, "outreach_id", "Nr"))


def test_calendar_columns_are_never_read(csv_of: CsvOf) -> None:
    """A file made by the app has columns that are worked out; they are not taken as data."""
    path = csv_of("outreach_id,held_on,year,月份,星期", "1,2022-01-02,1999,1999-01-01,3")
    chosen = plan_of(path, "outreach")
    assert [s.column.name for s in chosen.sources] == ["outreach_id", "held_on"]


CRASHES = """
[columns]
crash_id = "Nr"
occurred_at = { join = ["Day", "Clock"], formats = ["%m/%d/%y %I:%M %p"], date_only = ["%m/%d/%y"] }
township = { value = "铜城街道" }
road_class = { from = "Class", nulls = ["?"], codes = { "LOCAL" = "城市道路" } }
procedure = { from = "Proc", codes = { "G" = "一般程序" }, other = "null" }
weather = { from = "Sky", codes = { "CLEAR" = "晴" }, other = "reject" }
latitude = { from = "Lat", nulls = ["0"] }
"""


def test_a_mapping_renames_joins_translates_and_fills(csv_of: CsvOf, mapped: Mapped) -> None:
    path = csv_of(
        "Nr,Day,Clock,Class,Proc,Sky,Lat",
        "1,1/13/22,3:19 PM,LOCAL,G,CLEAR,36.1",
        "2,1/13/22,14:53 M,TRACK,S,,0",
        "3,1/13/22,,?,,,",
        "4,13/13/22,3:19 PM,,,,",
        "5,1/13/22,3:19 PM,,,HAIL,",
    )
    found = checked(path, "crashes", mapped(CRASHES))
    kept = [
        tuple(row.values())
        for row in found.table.select(
            ["crash_id", "occurred_at", "_date_only_occurred_at", "township", "road_class",
             "procedure", "weather", "latitude"]
        ).to_pylist()
    ]  # fmt: skip
    assert kept == [
        ("1", datetime(2022, 1, 13, 15, 19), False, "铜城街道", "城市道路", "一般程序", "晴", 36.1),
        ("2", datetime(2022, 1, 13), True, "铜城街道", "TRACK", None, None, None),
        ("3", datetime(2022, 1, 13), True, "铜城街道", None, None, None, None),
    ]
    assert [(one.row, one.column, one.value) for one in found.rejected] == [
        (5, "Day + Clock", "13/13/22 3:19 PM"),
        (6, "Sky", "HAIL"),
    ]


def test_what_a_mapping_names_and_the_file_lacks_is_listed(csv_of: CsvOf, mapped: Mapped) -> None:
    path = csv_of("编号,活动日期", "1,2022-01-02")
    chosen = plan_of(path, "outreach", mapped('[columns]\ntownship = "Township"'))
    assert chosen.lacking == ("Township",)


KEYED = '[columns]\ncrash_id = { row_key = true, without = ["_id"] }\noccurred_at = "at"'


def keys(path: Path, mapping: Path) -> list[str]:
    return [row["crash_id"] for row in rows(path, "crashes", mapping)]


def test_a_key_made_of_the_row_is_the_rows_own(csv_of: CsvOf, mapped: Mapped) -> None:
    mapping = mapped(KEYED)
    first = keys(
        csv_of(
            "at,road,note", "2022-01-02 08:00,甲,", "2022-01-02 08:00,乙,", "2022-01-02 08:00,甲,"
        ),
        mapping,
    )
    assert first[0] == first[2] != first[1]
    again = csv_of("_id,ROAD,at,new", "7,甲,2022-01-02 08:00,", "8,甲,2022-01-02 08:00,x")
    later = keys(again, mapping)
    assert later[0] == first[0], "neither order, blank columns nor the file's own number count"
    assert later[1] not in first


def test_a_key_made_of_the_row_tells_which_column_a_text_is_in(
    csv_of: CsvOf, mapped: Mapped
) -> None:
    path = csv_of("at,a,b", "2022-01-02 08:00,x,", "2022-01-02 08:00,,x")
    assert len(set(keys(path, mapped(KEYED)))) == 2


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("column = 1", "column"),
        ("[columns]\nroad = 'x'", "road"),
        ("[columns]\nfatal = 'x'", "fatal"),
        ("[columns]\ncrash_id = 3", "crash_id"),
        ("[columns]\ncrash_id = { form = 'x' }", "form"),
        ("[columns]\ncrash_id = { from = 'x', value = 'y' }", "crash_id"),
        ("[columns]\ncrash_id = { nulls = ['x'] }", "crash_id"),
        ("[columns]\ncrash_id = { row_key = false }", "row_key"),
        ("[columns]\ncrash_id = { from = ['x'] }", "from"),
        ("[columns]\ncrash_id = { join = 'x' }", "join"),
        ("[columns]\nweather = { from = 'x', codes = ['x'] }", "codes"),
        ("[columns]\nweather = { from = 'x', other = 'drop' }", "other"),
        ("[columns]\ndeaths = { row_key = true }", "deaths"),
        ("[columns]\ndeaths = { from = 'x', formats = ['%Y'] }", "deaths"),
        ("[columns]\naccepted_on = { from = 'x', date_only = ['%Y'] }", "accepted_on"),
        ("[columns]\naccepted_on = { from = 'x', formats = ['%Q'] }", "%Q"),
        (
            "[columns]\naccepted_on = { from = 'x', formats = ['%Y'], only_if_missing = true }",
            "only_if_missing",
        ),
        ("[columns]\noccurred_at = { parts = { year = 'y', month = 'm' } }", "parts"),
        ("[columns]\noccurred_at = { parts = { year = 'y', month = 'm', hour = 'h' } }", "parts"),
        ("[columns]\noccurred_at = { parts = { year = 1, month = 'm', day = 'd' } }", "parts"),
        ("[columns]\ndeaths = { parts = { year = 'y', month = 'm', day = 'd' } }", "parts"),
        ("[columns]\ndeaths = { from = 'x', slice = [2, 2] }", "slice"),
        ("[columns]\ndeaths = { from = 'x', slice = [-1, 2] }", "slice"),
        ("[columns]\ndeaths = { from = 'x', slice = [true, 2] }", "slice"),
        ("[columns]\ndeaths = { from = 'x', split = { by = '-' } }", "split"),
        ("[columns]\ndeaths = { from = 'x', split = { by = '', part = 1 } }", "split"),
        ("[columns]\ndeaths = { from = 'x', split = { by = '-', part = 0 } }", "split"),
        ("[columns]\ndeaths = { from = 'x', factor = 0 }", "factor"),
        ("[columns]\ndeaths = { from = 'x', factor = inf }", "factor"),
        ("[columns]\ndeaths = { from = 'x', factor = true }", "factor"),
        ("[columns]\nweather = { from = 'x', factor = 2 }", "factor"),
        ("[columns]\ndeaths = { from = 'x', factor = 2, codes = { a = 'b' } }", "factor"),
        ("[columns]\naccepted_on = { from = 'x', order = 'mmd' }", "order"),
        ("[columns]\naccepted_on = { from = 'x', era = 'ming' }", "era"),
        ("[columns]\naccepted_on = { from = 'x', era = 'roc', order = 'mdy' }", "order"),
        ("[columns]\naccepted_on = { from = 'x', formats = ['%Y'], order = 'mdy' }", "order"),
        ("[columns]\nweather = { from = 'x', order = 'mdy' }", "order"),
        ("[columns]\nweather = { sql = 'x', codes = { a = 'b' } }", "codes"),
        ("[columns]\nweather = { sql = 3 }", "sql"),
        ("[columns]\nweather = { value = 'x', nulls = ['x'] }", "nulls"),
        ("[columns", "own.toml"),
    ],
)
def test_a_wrong_mapping_is_refused_by_name(mapped: Mapped, text: str, named: str) -> None:
    with pytest.raises(InputError) as refused:
        read_mapping(mapped(text), contract("crashes"))
    for message in (refused.value.text.zh, refused.value.text.en):
        assert "own.toml" in message
        assert named in message


def test_a_mapping_is_found_by_path_by_name_and_by_extract(mapped: Mapped) -> None:
    crashes, villages = contract("crashes"), contract("villages")
    own = find_mapping(mapped(KEYED), crashes)
    shipped = find_mapping(Path("monroe_county"), crashes)
    default = find_mapping(None, villages)
    assert own and shipped and default
    assert (own.name, shipped.name, default.name) == ("own", "monroe_county", "village_register")
    assert find_mapping(None, crashes) is None
    with pytest.raises(InputError, match="monroe_county"):
        find_mapping(Path("munroe"), crashes)


@pytest.mark.parametrize("path", sorted(house.MAPPINGS.glob("*.toml")), ids=lambda path: path.stem)
def test_each_mapping_that_ships_fits_an_extract(path: Path) -> None:
    extract = {
        "monroe_county": "crashes",
        "us_fars": "crashes",
        "village_editions": "village_editions",
        "village_register": "villages",
    }[path.stem]
    assert read_mapping(path, contract(extract)).rules


@pytest.mark.parametrize(
    ("committee", "village", "kind"),
    [
        ("王海村委会", "王海村", "行政村"),
        ("王海村民委员会", "王海村", "行政村"),
        ("王海村村民委员会", "王海村", "行政村"),
        ("王海村", "王海村", "行政村"),
        ("南湖社区居委会", "南湖社区", "社区"),
        ("南湖社区居民委员会", "南湖社区", "社区"),
        ("南湖社区村委会", "南湖社区村", "行政村"),
        ("开发区", "开发区", None),
    ],
)
def test_the_register_gives_village_and_kind(
    csv_of: CsvOf, committee: str, village: str, kind: str | None
) -> None:
    mapping = house.MAPPINGS / "village_register.toml"
    for header in ("name", "行政村"):
        path = csv_of(f"code,{header}", f"371524001200,{committee}")
        found = rows(path, "villages", mapping)[0]
        assert (found["village"], found["kind"]) == (village, kind)


def test_a_rows_own_kind_is_kept_and_a_blank_one_is_told_by_the_name(csv_of: CsvOf) -> None:
    path = csv_of(
        "code,name,类型",
        "371524001200,王海村委会,社区",
        "371524001201,李庄村,",
        "371524001001,南湖社区,　",
        "371524001999,开发区,",
    )
    mapping = house.MAPPINGS / "village_register.toml"
    assert [r["kind"] for r in rows(path, "villages", mapping)] == ["社区", "行政村", "社区", None]
    assert plan_of(path, "villages", mapping).unused == ()


def test_a_fault_is_told_of_the_cell_that_the_value_came_from(
    csv_of: CsvOf, mapped: Mapped
) -> None:
    mapping = mapped(
        "[columns]\n"
        'injuries = { from = "Hurt", only_if_missing = true }\n'
        'weather = { from = "Sky", only_if_missing = true, codes = { C = "晴" }, other = "reject" }'
    )
    path = csv_of(
        "crash_id,occurred_at,受伤人数,Hurt,天气,Sky",
        "1,2022-01-02 08:00,3,4,阴,HAIL",
        "2,2022-01-02 08:00,,4,,C",
        "3,2022-01-02 08:00,many,4,,C",
        "4,2022-01-02 08:00,,few,,C",
        "5,2022-01-02 08:00,,,,HAIL",
    )
    found = checked(path, "crashes", mapping)
    assert found.table.select(["injuries", "weather"]).to_pylist() == [
        {"injuries": 3, "weather": "阴"},
        {"injuries": 4, "weather": "晴"},
    ]
    assert [(one.row, one.column, one.value) for one in found.rejected] == [
        (4, "受伤人数", "many"),
        (5, "Hurt", "few"),
        (6, "Sky", "HAIL"),
    ]
