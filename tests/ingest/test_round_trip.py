"""Rows written in any form and layout come back through a mapping as the same rows."""

import csv
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.conftest import checked

Row = dict[str, Any]
Layout = tuple[Sequence[str], Callable[[Row], Sequence[str]], str]

WORDS = st.text("东阿王海村新城G341", min_size=1, max_size=6)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "occurred_at": st.datetimes(
                datetime(1930, 1, 1), datetime(2025, 12, 31, 23, 59, 59)
            ).map(lambda moment: moment.replace(second=0, microsecond=0)),
            "township": WORDS,
            "road_name": WORDS,
            "deaths": st.integers(0, 98),
            "injuries": st.integers(0, 98),
            "property_loss_yuan": st.none() | st.integers(0, 10**7),
            "hit_and_run": st.none() | st.booleans(),
        }
    ),
    min_size=1,
    max_size=8,
)

FORMS = {
    "iso": lambda m: f"{m:%Y-%m-%d %H:%M:%S}",
    "slashes": lambda m: f"{m.year}/{m.month}/{m.day} {m.hour}:{m.minute:02}",
    "points": lambda m: f"{m.year}.{m.month}.{m.day} {m.hour}:{m.minute:02}",
    "chinese": lambda m: f"{m.year}年{m.month}月{m.day}日{m.hour}时{m.minute}分",
    "run": lambda m: f"{m:%Y%m%d%H%M%S}",
    "halves": lambda m: (
        f"{m.year}/{m.month}/{m.day} {'上下'[m.hour > 11]}午{m.hour % 12}:{m.minute}"
    ),
    "am_pm": lambda m: f"{m:%Y-%m-%d %I:%M %p}",
    "roc": lambda m: f"{m.year - 1911}/{m.month}/{m.day} {m.hour}:{m.minute}",
    "mdy": lambda m: f"{m.month}/{m.day}/{m.year} {m.hour}:{m.minute}",
    "dmy": lambda m: f"{m.day}-{m.month}-{m.year} {m.hour}:{m.minute}",
}


def flag(value: bool | None) -> str:
    return "" if value is None else "NY"[value]


def number(value: int | None, form: str = "{:,}") -> str:
    return "" if value is None else form.format(value)


def one_column_each(form: str) -> Layout:
    """Each column has its own; the time in one form."""
    said = {"roc": 'era = "roc"', "mdy": 'order = "mdy"', "dmy": 'order = "dmy"'}.get(form)
    rule = f'occurred_at = {{ from = "T", {said} }}' if said else 'occurred_at = "T"'
    return (
        ("T", "乡镇", "路名", "死亡人数", "受伤人数", "财产损失（元）", "逃逸"),
        lambda r: (
            FORMS[form](r["occurred_at"]), r["township"], r["road_name"], str(r["deaths"]),
            f"{r['injuries']}.0", number(r["property_loss_yuan"]), flag(r["hit_and_run"]),
        ),
        rule,
    )  # fmt: skip


def joined(row: Row) -> Sequence[str]:
    m = row["occurred_at"]
    loss = row["property_loss_yuan"]
    return (
        f"{m:%Y}", f"{m.month}月", f"{m.day}", f"{m.hour}", f"{m.minute}",
        f"{row['township']}-{row['road_name']}",
        f"{row['injuries']:02}{row['deaths']:02}",
        "" if loss is None else f"{loss / 10_000:.4f}",
        {None: "9", True: "1", False: "2"}[row["hit_and_run"]],
    )  # fmt: skip


JOINED: Layout = (
    ("Y", "M", "D", "H", "N", "地点", "伤亡", "损失", "逃"),
    joined,
    """
occurred_at = { parts = { year = "Y", month = "M", day = "D", hour = "H", minute = "N" } }
township = { from = "地点", split = { by = "-", part = 1 } }
road_name = { from = "地点", split = { by = "-", part = -1 } }
injuries = { from = "伤亡", slice = [0, 2] }
deaths = { from = "伤亡", slice = [2, 4] }
property_loss_yuan = { from = "损失", factor = 10000 }
hit_and_run = { from = "逃", codes = { 1 = "是", 2 = "否" }, nulls = ["9"] }
""",
)
FORMULAS: Layout = (
    ("D", "T", "A", "B", "C", "L", "H"),
    lambda r: (
        f"{r['occurred_at']:%d%m%Y}", f"{r['occurred_at']:%H%M}",
        f"{r['township']}/{r['road_name']}", str(r["deaths"] + r["injuries"]), str(r["deaths"]),
        number(r["property_loss_yuan"], "{}"), flag(r["hit_and_run"]),
    ),
    """
occurred_at = { sql = "strptime(D || T, '%d%m%Y%H%M')" }
township = { sql = "split_part(A, '/', 1)" }
road_name = { sql = "split_part(A, '/', 2)" }
deaths = "C"
injuries = { sql = 'cast(B as integer) - cast("C" as integer)' }
property_loss_yuan = "L"
hit_and_run = { sql = "case H when 'Y' then 'true' when 'N' then 'false' end" }
""",
)  # fmt: skip


@pytest.mark.parametrize("layout", [*FORMS, "joined", "formulas"])
@settings(max_examples=40, deadline=None)
@given(rows=ROWS, order=st.randoms(use_true_random=False))
def test_rows_come_back_from_any_layout(
    tmp_path_factory: pytest.TempPathFactory, layout: str, rows: list[Row], order: Any
) -> None:
    made = {"joined": JOINED, "formulas": FORMULAS}.get(layout) or one_column_each(layout)
    headers, cells, rules = made
    places = list(range(len(headers)))
    order.shuffle(places)
    folder = tmp_path_factory.getbasetemp()
    path = folder / "layout.csv"
    write(path, headers, [cells(row) for row in rows], places)
    mapping = folder / "layout.toml"
    mapping.write_text(f"[columns]{rules if layout in ('joined', 'formulas') else chr(10) + rules}")
    found = checked(path, "crashes", mapping)
    assert found.rejected == []
    assert found.table.select(list(rows[0])).to_pylist() == rows


def write(
    path: Path, headers: Sequence[str], rows: Sequence[Sequence[str]], places: Sequence[int]
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["事故编号", *(headers[place] for place in places)])
        for number_, row in enumerate(rows):
            writer.writerow([f"S{number_}", *(row[place] for place in places)])
