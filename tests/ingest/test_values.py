"""Text to typed values."""

from collections import Counter
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brigade.contracts import Type
from brigade.ingest.bulk import read_dates
from brigade.ingest.moments import read_moment
from brigade.ingest.values import read_values


def read(kind: Type, *texts: str | None, formats: tuple[str, ...] = ()) -> list[Any]:
    found: list[Any] = read_values(kind, pa.array(texts, pa.string()), formats).values.to_pylist()
    return found


MOMENT = datetime(2022, 6, 1, 8, 5)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2022-06-01 08:05", MOMENT),
        ("2022-06-01 08:05:30", MOMENT.replace(second=30)),
        ("2022-06-01T08:05:00", MOMENT),
        ("2022-06-01 08:05:00.000", MOMENT),
        ("2022/6/1 8:05", MOMENT),
        ("2022.6.1 8:05", MOMENT),
        ("2022年6月1日 8时5分", MOMENT),
        ("2022年06月01日08时05分00秒", MOMENT),
        ("2022年6月1日8时", MOMENT.replace(minute=0)),
        ("２０２２年６月１日　８：０５", MOMENT),
        ("20220601080500", MOMENT),
        ("20220601 08:05", MOMENT),
        ("2022-02-30 08:05:00", None),
        ("2022-06-01 24:05:00", None),
        ("2022-06-01 08:60", None),
        ("2022-06-01 08:05:00Z", None),
        ("6/1/22 8:05", None),
        ("01/06/2022 08:05", None),
        ("0202-06-01 08:05:00", None),
        ("9999-12-31 00:00:00", None),
        ("44713.5", MOMENT.replace(hour=12, minute=0)),
        ("44713.336805556", MOMENT),
        ("9999.5", None),
        ("2022", None),
        ("2022-06-01 8:05 AM", MOMENT),
        ("2022/6/1 上午8:05", MOMENT),
        ("2022年6月1日下午8时5分", MOMENT.replace(hour=20)),
        ("2022-06-01 12:05 am", MOMENT.replace(hour=0)),
        ("2022-06-01 12:05 p.m.", MOMENT.replace(hour=12)),
        ("2022-06-01 14:05 AM", None),
        ("2022-06-01 下午0:05", MOMENT.replace(hour=12)),
        ("2022-06-01 下午20:05", MOMENT.replace(hour=20)),
        ("2022- 6- 1 8 : 05", MOMENT),
        ("2022年6月1号 8点05分", MOMENT),
        ("2022-6-108:05", None),
        ("", None),
    ],
)
def test_times(text: str, moment: datetime | None) -> None:
    found = read_values("timestamp", pa.array([text]))
    assert found.values.to_pylist() == [moment]
    assert found.date_only is None or found.date_only.to_pylist() == [False]


@pytest.mark.parametrize(
    "text", ["2022-06-01", "2022/6/1", "2022年6月1日", "20220601", "2022-06-01 00:00", "2022.06.01"]
)
def test_dates(text: str) -> None:
    assert read("date", text) == [date(2022, 6, 1)]


def test_a_time_of_which_only_the_date_is_known_is_marked() -> None:
    cells = pa.array(["2022-06-01", "2022-06-01 00:00", None, "x"])
    found = read_values("timestamp", cells)
    assert found.values.to_pylist() == [datetime(2022, 6, 1), datetime(2022, 6, 1), None, None]
    assert found.date_only is not None
    assert found.date_only.to_pylist() == [True, False, False, False]


def test_one_bad_day_does_not_spoil_its_neighbours() -> None:
    assert read("date", "2022-02-28", "2022-02-30", None) == [date(2022, 2, 28), None, None]


def test_formats_decide_alone_where_they_are_given() -> None:
    formats = ("%m/%d/%Y", "%m/%d/%y")
    texts = ("1/13/2022", "1/13/22", "13/1/2022", "2022-01-13")
    assert read("date", *texts, formats=formats) == [date(2022, 1, 13)] * 2 + [None] * 2


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "12", 12),
        ("integer", "-3", -3),
        ("integer", "1,234,567", 1234567),
        ("integer", "１２", 12),
        ("integer", "2.0", 2),
        ("integer", "2.5", None),
        ("integer", "12,34", None),
        ("integer", "0x10", None),
        ("integer", "3人", None),
        ("integer", "1e400", None),
        ("integer", "99999999999999999999", None),
        ("number", "36.5", 36.5),
        ("number", "1,234.5", 1234.5),
        ("number", "－１２．５", -12.5),
        ("number", "1.5E3", 1500.0),
        ("number", "1 200", 1200.0),
        ("number", "1 200,5", None),
        ("number", "1 2", None),
        ("number", "(1,200.5)", -1200.5),
        ("number", "（８）", -8.0),
        ("number", "(-8)", None),
        ("number", "- 8", -8.0),
        ("number", "10²", None),
        ("integer", "1.5E1", 15),
        ("number", "nan", None),
        ("number", "inf", None),
        ("number", "1e999", None),
        ("boolean", "是", True),
        ("boolean", "N", False),
        ("boolean", "１", True),
        ("boolean", "也许", None),
        ("text", "007", "007"),
    ],
)
def test_numbers_flags_and_texts(kind: Type, text: str, value: object) -> None:
    found = read(kind, text)
    assert found == [value]
    assert type(found[0]) is type(value)


@given(st.lists(st.none() | st.integers(-(10**18) + 1, 10**18 - 1)))
def test_whole_numbers_come_back(numbers: list[int | None]) -> None:
    plain = [None if n is None else str(n) for n in numbers]
    grouped = [None if n is None else f"{n:,}" for n in numbers]
    assert read("integer", *plain) == numbers
    assert read("integer", *grouped) == numbers


@given(
    st.lists(st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31, 23, 59, 59))),
    st.sampled_from(
        ["%Y-%m-%d %H:%M:%S", "%Y年%m月%d日%H时%M分%S秒", "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S"]
    ),
)
def test_times_come_back_in_any_form(moments: list[datetime], form: str) -> None:
    whole = [moment.replace(microsecond=0) for moment in moments]
    assert read("timestamp", *(moment.strftime(form) for moment in whole)) == whole
    days = [datetime.combine(moment.date(), time()) for moment in whole]
    assert read("timestamp", *(d.strftime(form.partition("%H")[0].strip()) for d in days)) == days


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("鲁P12345", "鲁P12345"),
        ("鲁Ｐ１２３４５", "鲁P12345"),
        (" 鲁p·1234挂", "鲁P1234挂"),
        ("鲁 P-D12345", "鲁PD12345"),
        ("无牌", "无牌"),
        ("东阿 A 1", "东阿 A 1"),
    ],
)
def test_plates_are_put_into_one_form_and_other_texts_left(text: str, plate: str) -> None:
    found = read_values("text", pa.array([text, None]), plate=True)
    assert found.values.to_pylist() == [plate, None]
    assert [one.cells for one in found.changes] == ([] if text == plate else [1])
    assert read("text", text) == [text]


DAYS = st.lists(st.dates(date(1930, 1, 1), date(2099, 12, 31)))


@given(DAYS, st.sampled_from(["roc", "mdy", "dmy", "ymd", "serial"]))
def test_days_come_back_in_the_forms_that_must_be_told(days: list[date], form: str) -> None:
    written = {
        "roc": lambda day: f"{day.year - 1911}年{day.month}月{day.day}日",
        "mdy": lambda day: f"{day.month}/{day.day}/{day.year}",
        "dmy": lambda day: f"{day.day}.{day.month}.{day.year}",
        "ymd": lambda day: f"{day.year}/{day.month}/{day.day}",
        "serial": lambda day: str((day - date(1899, 12, 30)).days),
    }[form]
    order = form if len(form) == 3 and form != "roc" else None
    texts = pa.array([written(day) for day in days], pa.string())
    found = read_values("date", texts, order=order, era="roc" if form == "roc" else None)
    assert found.values.to_pylist() == days
    assert sum(one.cells for one in found.changes) in (0, len(days))


@given(st.lists(st.none() | st.decimals(-(10**9), 10**9, places=2)), st.integers(0, 5))
def test_numbers_come_back_in_any_form(numbers: list[Decimal | None], form: int) -> None:
    wide = {ord(a): chr(ord(a) + 0xFEE0) for a in "0123456789,.-()"}

    def written(number: Decimal) -> str:
        return [
            f"{number:,}",
            f"{number:,}".replace(",", " "),
            f"{number:,}".translate(wide),
            f"({-number:,})" if number < 0 else f"{number}",
            f"{number}".replace("-", "- "),
            f" {number} ",
        ][form]

    texts = pa.array([None if one is None else written(one) for one in numbers], pa.string())
    found = read_values("number", texts)
    assert found.values.to_pylist() == [None if one is None else float(one) for one in numbers]


SPOILT = st.text("0123456789-/.:年月日 T,+", max_size=19)


@given(
    st.sampled_from(["date", "timestamp", "integer", "number"]),
    st.lists(
        SPOILT
        | st.from_regex(
            r"(19|20)[0-9]{2}[-/.][0-3]?[0-9][-/.][0-3]?[0-9]( [0-2]?[0-9]:[0-6]?[0-9])?"
        )
        | st.from_regex(r"-?[0-9]{1,3}(,[0-9]{3}){1,3}(\.0|\.25)?|[0-9]{1,4}\.0"),
        max_size=6,
    ),
)
def test_cells_say_the_same_alone_and_among_others(kind: Type, texts: list[str]) -> None:
    """Whether cells are read at one stroke or one by one makes no difference."""
    together = read_values(kind, pa.array(texts, pa.string()))
    alone = [read_values(kind, pa.array([text])) for text in texts]
    assert together.values.to_pylist() == [one.values[0].as_py() for one in alone]
    if kind == "timestamp" and together.date_only is not None:
        assert together.date_only.to_pylist() == [
            bool(one.date_only and one.date_only[0].as_py()) for one in alone
        ]
    counts = Counter[str]()
    for one in alone:
        counts.update({change.kind.name: change.cells for change in one.changes})
    assert {change.kind.name: change.cells for change in together.changes} == counts


@given(
    st.sampled_from(["date", "timestamp"]),
    st.sampled_from(
        [
            ("{0}/{1}/{2} {3}:{4:02}", None),
            ("{0}-{1:02}-{2:02} {3:02}:{4:02}", None),
            ("{0}.{1}.{2} {3}:{4}", None),
            ("{1}/{2}/{0} {3}:{4}", "mdy"),
            ("{2}/{1}/{0}", "dmy"),
            ("{1}/{2}/{5:02} {3}:{4}", "mdy"),
            ("{2}/{1}/{5:02}", "dmy"),
            ("{5:02}/{1}/{2}", "ymd"),
        ]
    ),
    st.lists(st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31)), min_size=1),
)
def test_one_stroke_reads_what_each_cell_says(
    kind: Type, form: tuple[str, str | None], moments: list[datetime]
) -> None:
    written, order = form
    texts = [
        written.format(m.year, m.month, m.day, m.hour, m.minute, m.year % 100) for m in moments
    ]
    found = read_dates(kind, pa.array(texts), order)
    said = [read_moment(text, order) for text in texts]
    if found is None:
        assert None in said, "29 February of another century"
        return
    assert pc.all(found.read).as_py()
    values = [one.value for one in said if one and one.value]
    assert found.values.to_pylist() == [
        value if kind == "timestamp" else value.date() for value in values
    ]
