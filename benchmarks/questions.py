"""What a page asks of the violations, said without SQL, and the six choices it is asked under.

The page is ``pages/enforcement/overview.py``; a test holds what it says here to its queries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from brigade.filters import Filters, Period

EXTRACT = "violations"


@dataclass(frozen=True, slots=True)
class Sum:
    """One figure: a measure added up, of the rows that a flag marks or of all.

    It is null where no row has a value, and where none says whether it is marked.
    """

    measure: str = "records"
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One query: what rows are grouped by, and what is added up in each group."""

    by: tuple[str, ...]
    sums: Mapping[str, Sum]


COUNT = {"violations": Sum()}
SOURCES = {
    "violations_on_site": Sum(flag="on_site"),
    "violations_camera": Sum(flag="camera"),
}
MONEY = {"fines": Sum("fine_yuan"), "points_given": Sum("points")}
FOCUS = {
    "drink_driving": Sum(flag="drink"),
    "drunk_driving": Sum(flag="drunk"),
    "drink_on_site": Sum(flag="drink_on_site"),
    "overloading": Sum(flag="overloading"),
    "plate_licence_offences": Sum(flag="plate_licence"),
}
ON_SITE = {name: {**SOURCES, **FOCUS}[name] for name in ("violations_on_site", "drink_on_site")}

QUESTIONS: Mapping[str, Question] = {
    "enforcement/summary": Question((), {**COUNT, **SOURCES, **MONEY}),
    "enforcement/focus": Question((), {**FOCUS, "violations_on_site": Sum(flag="on_site")}),
    "enforcement/by_month": Question(("month",), {**COUNT, **SOURCES, **FOCUS, **MONEY}),
    "enforcement/by_category": Question(("category",), {**COUNT, **MONEY}),
    "enforcement/by_township": Question(("township",), {**COUNT, **ON_SITE}),
    "enforcement/by_code": Question(("violation_code", "violation_name"), COUNT),
    "enforcement/by_hour_weekday": Question(("weekday", "hour"), COUNT),
    "enforcement/by_road_class": Question(("road_class",), COUNT),
    "enforcement/by_squadron": Question(("squadron",), {**COUNT, **ON_SITE}),
    "enforcement/by_source": Question(("source",), {**COUNT, **MONEY}),
    "enforcement/by_vehicle_type": Question(("vehicle_type",), COUNT),
}

FLAGS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "on_site": ("source", ("现场",)),
    "camera": ("source", ("非现场",)),
    "drink": ("category", ("酒驾", "醉驾")),
    "drunk": ("category", ("醉驾",)),
    "overloading": ("category", ("超限超载",)),
    "plate_licence": ("category", ("涉牌", "涉证")),
}
"""Each flag's column and the values that it marks; ``drink_on_site`` is the first of two."""

STORED = (
    "occurred_at", "source", "township", "road_class", "squadron", "violation_code",
    "violation_name", "category", "vehicle_type", "fine_yuan", "points",
)  # fmt: skip
"""The columns of the files that these questions need."""

Answers = dict[str, list[list[Any]]]
"""The rows of each question, for the period and for the year before: what they are grouped by and
the figures, in the order of their text."""


def in_order(rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows as they are compared: no order of their own, days as text, whole numbers as such."""
    return sorted(([_plain(value) for value in row] for row in rows), key=repr)


def _plain(value: Any) -> Any:
    if value is None or value != value:  # not a number: as pandas has null
        return None
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, str):
        return value
    return int(value) if float(value).is_integer() else float(value)


def choices(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> dict[str, Filters]:
    """The six choices, of the values that most violations have; all days but where a span is said.

    ``connection`` has the violations as a table of that name.
    """

    def most(column: str, count: int) -> tuple[str, ...]:
        text = (
            f"select {column} from {EXTRACT} where {column} is not null"  # noqa: S608 (of a contract's own names)
            f" group by {column} order by count(*) desc, {column} limit {count}"
        )
        return tuple(value for (value,) in connection.execute(text).fetchall())

    always = Period(first, last)
    year = Period(date(last.year - 1, 1, 1), date(last.year - 1, 12, 31))
    month = Period(date(last.year - 1, 5, 1), date(last.year - 1, 5, 31))
    townships, categories = most("township", 3), most("category", 4)
    return {
        "all": Filters(always),
        "one year": Filters(year),
        "one township": Filters(always, values={"township": townships[:1]}),
        "one category": Filters(always, values={"category": categories[:1]}),
        "township × month × category": Filters(
            month, values={"township": townships[:1], "category": categories[:1]}
        ),
        "3 townships × 4 categories × 2 road classes × 3 vehicle types": Filters(
            always,
            values={
                "township": townships,
                "category": categories,
                "road_class": most("road_class", 2),
                "vehicle_type": most("vehicle_type", 3),
            },
        ),
    }
