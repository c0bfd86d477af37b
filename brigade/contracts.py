"""Contracts: what an extract is, read from ``data/contracts/<extract>.toml``.

Import, sample, filters, CSV headers, masking and the data dictionary all read a contract;
nothing repeats it.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from brigade import house
from brigade.errors import ContractError
from brigade.text import Text

Type = Literal["text", "integer", "number", "boolean", "date", "timestamp"]
SQL_TYPES: dict[str, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an extract.

    ``derived`` is an SQL expression over the extract's own columns (and the one-row relation
    ``period``); such a column is never in a file. ``borrowed`` names ``extract.key`` from which a
    column is looked up when a release is published. ``several`` is what stands between the values
    where one cell may hold several at once: a filter then finds the rows that hold any of those
    chosen.

    What an import refuses a value for: below ``minimum`` or above ``maximum``; earlier than a
    column of ``after``; where it is ``past``, later than the day of the import; not among the
    ``codes``, not in the version of the list ``codes_from`` that its row's time falls in, or not a
    key of the extract that it ``refers`` to. These last three are taken and counted unless
    ``codes_strict`` or ``refers_strict`` is set.
    """

    name: str
    type: Type
    label: Text
    aliases: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    unit: Text | None = None
    required: bool = False
    filter: bool = False
    personal: str | None = None
    refers: str | None = None
    derived: str | None = None
    borrowed: tuple[str, str] | None = None
    several: str | None = None
    note: Text | None = None
    minimum: float | None = None
    maximum: float | None = None
    after: tuple[str, ...] = ()
    past: bool = False
    codes_from: str | None = None
    codes_strict: bool = False
    refers_strict: bool = False

    @property
    def stored(self) -> bool:
        """Whether a release's Parquet files hold the column."""
        return self.derived is None and self.borrowed is None


@dataclass(frozen=True, slots=True)
class Check:
    """What the columns of one row must say together.

    ``holds`` is an SQL condition over the stored columns; a row fails where it is false, and not
    where it is null. ``reason`` says what is wrong then, and ``column`` whose value is shown. A row
    that fails is taken and counted, or refused where the check is ``strict``.
    """

    name: str
    column: str
    holds: str
    reason: Text
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Contract:
    """What one extract is: its rows, key, time and columns, and what its rows must hold to."""

    name: str
    label: Text
    row: Text
    key: tuple[str, ...]
    time: str | None
    rhythm_days: int
    columns: dict[str, Column]
    source: Text
    made_from: tuple[str, ...] = ()
    made_by: str | None = None
    checks: tuple[Check, ...] = ()

    @property
    def stored_columns(self) -> list[Column]:
        """The columns that a file of this extract holds, in order."""
        return [column for column in self.columns.values() if column.stored]

    @property
    def records_columns(self) -> list[Column]:
        """The columns that a list of rows shows: all but those derived from the time."""
        return [c for c in self.columns.values() if c.stored or c.name not in CALENDAR]

    def column(self, name: str) -> Column:
        """The column of that name; :class:`ContractError` when there is none."""
        try:
            return self.columns[name]
        except KeyError:
            raise ContractError(
                Text(
                    f"数据 {self.name} 没有列 {name}，请核对名称。",
                    f"Extract {self.name} has no column {name}; check the name.",
                )
            ) from None


# Parts of an extract's time that every page may group and filter by. Weekday 1 is Monday; it is
# counted from a known Monday, since "isodow" differs between engines.
CALENDAR: dict[str, tuple[Type, str, Text]] = {
    "year": ("integer", "year({time})", Text("年份", "Year")),
    "month": ("date", "cast(date_trunc('month', {time}) as date)", Text("月份", "Month")),
    "day": ("date", "cast({time} as date)", Text("日期", "Date")),
    "weekday": (
        "integer",
        "(date_diff('day', date '2024-01-01', cast({time} as date)) % 7 + 7) % 7 + 1",
        Text("星期", "Weekday"),
    ),
    "hour": ("integer", "hour({time})", Text("时段", "Hour")),
}

TIME_RECORDED = "time_recorded"
"""The column that is false where only the date of an extract's time is known; such a time stands at
00:00 and its hour is null."""


def _text(raw: Any, where: str) -> Text:
    if not (isinstance(raw, dict) and set(raw) == {"zh", "en"}):
        raise ContractError(
            Text(f"{where}：需要 zh 和 en 两种文字。", f"{where}: needs a zh and an en text.")
        )
    return Text(raw["zh"], raw["en"])


_COLUMN_KEYS = {
    "type", "zh", "en", "aliases", "codes", "unit", "required", "filter", "personal", "refers",
    "derived", "borrowed", "several", "note", "minimum", "maximum", "after", "past", "codes_from",
    "codes_strict", "refers_strict",
}  # fmt: skip
_EXTRACT_KEYS = {
    "zh", "en", "row", "key", "time", "rhythm_days", "source", "columns", "made_from", "made_by",
    "checks",
}  # fmt: skip
_CHECK_KEYS = {"zh", "en", "column", "holds", "strict"}
_NUMBERS = ("integer", "number")
_TIMES = ("date", "timestamp")


def _refuse_unknown(found: set[str], known: set[str], where: str) -> None:
    unknown = sorted(found - known)
    if unknown:
        raise ContractError(
            Text(f"{where}：不认识 {unknown[0]}。", f"{where}: {unknown[0]} is not known here.")
        )


def _column(name: str, raw: dict[str, Any], key: tuple[str, ...], time: str | None) -> Column:
    _refuse_unknown(set(raw), _COLUMN_KEYS, name)
    if raw.get("type") not in SQL_TYPES:
        raise ContractError(
            Text(
                f"{name}：type 应为 {'、'.join(SQL_TYPES)} 之一。",
                f"{name}: type must be one of {', '.join(SQL_TYPES)}.",
            )
        )
    borrowed = raw.get("borrowed")
    return Column(
        name=name,
        type=raw["type"],
        label=Text(raw["zh"], raw["en"]),
        aliases=tuple(raw.get("aliases", ())),
        codes=tuple(raw.get("codes", ())),
        unit=_text(raw["unit"], name) if "unit" in raw else None,
        required=raw.get("required", name in key or name == time),
        filter=raw.get("filter", False),
        personal=raw.get("personal"),
        refers=raw.get("refers"),
        derived=raw.get("derived"),
        borrowed=tuple(borrowed.split(".", 1)) if borrowed else None,
        several=raw.get("several"),
        note=_text(raw["note"], name) if "note" in raw else None,
        minimum=raw.get("minimum"),
        maximum=raw.get("maximum"),
        after=tuple(raw.get("after", ())),
        past=raw.get("past", False),
        codes_from=raw.get("codes_from"),
        codes_strict=raw.get("codes_strict", False),
        refers_strict=raw.get("refers_strict", False),
    )


def _check(name: str, raw: dict[str, Any], columns: Mapping[str, Column]) -> Check:
    _refuse_unknown(set(raw), _CHECK_KEYS, name)
    if raw["column"] not in columns or not columns[raw["column"]].stored:
        raise ContractError(
            Text(
                f"检查 {name}：column 应是文件中的一列。",
                f"check {name}: column must be a column of the file.",
            )
        )
    reason = Text(raw["zh"], raw["en"])
    return Check(name, raw["column"], raw["holds"], reason, raw.get("strict", False))


def _refuse_idle(columns: Mapping[str, Column]) -> None:
    """Refuse what a column of its kind has no use for: it would be declared and never checked."""
    for column in columns.values():
        low, high = column.minimum, column.maximum
        idle = [
            ("minimum", (low, high) != (None, None) and column.type not in _NUMBERS),
            ("minimum", low is not None and high is not None and low > high),
            ("past", column.past and column.type not in _TIMES),
            ("after", bool(column.after) and column.type not in _TIMES),
            ("after", not all(_is_time(columns.get(name)) for name in column.after)),
            ("codes_from", column.codes_from is not None and column.type != "text"),
            ("codes_strict", column.codes_strict and not (column.codes or column.codes_from)),
            ("refers_strict", column.refers_strict and column.refers is None),
        ]
        wrong = [key for key, is_wrong in idle if is_wrong]
        if not column.stored:
            declared = (
                low,
                high,
                column.after,
                column.past,
                column.codes_from,
                column.codes_strict,
            )
            wrong += ["derived"] if any(one not in (None, (), False) for one in declared) else []
        if wrong:
            raise ContractError(
                Text(
                    f"{column.name}：{wrong[0]} 在这里不起作用，请核对。",
                    f"{column.name}: {wrong[0]} has no effect here; check it.",
                )
            )


def _is_time(column: Column | None) -> bool:
    return column is not None and column.stored and column.type in _TIMES


def _calendar(columns: Mapping[str, Column], time: str) -> Iterator[Column]:
    """The parts of an extract's time, less those that it has columns of its own for."""
    for name, (type_, part, label) in CALENDAR.items():
        sql = part.format(time=time)
        if name == "hour" and columns[time].type != "timestamp":
            continue
        if name == "hour" and TIME_RECORDED in columns:
            sql = f"case when coalesce({TIME_RECORDED}, true) then {sql} end"
        if name not in columns:
            yield Column(name, type_, label, filter=True, derived=sql)


def read_contract(path: Path) -> Contract:
    """Read one contract file; :class:`ContractError` names the file and what is wrong in it."""
    try:
        with path.open("rb") as file:
            raw = tomllib.load(file)
        _refuse_unknown(set(raw), _EXTRACT_KEYS, path.name)
        key, time = tuple(raw["key"]), raw.get("time")
        columns = {name: _column(name, c, key, time) for name, c in raw["columns"].items()}
        _refuse_idle(columns)
        checks = (_check(name, one, columns) for name, one in raw.get("checks", {}).items())
        if time:
            columns |= {column.name: column for column in _calendar(columns, time)}
        return Contract(
            name=path.stem,
            label=Text(raw["zh"], raw["en"]),
            row=_text(raw["row"], "row"),
            key=key,
            time=time,
            rhythm_days=raw.get("rhythm_days", 1),
            columns=columns,
            source=_text(raw["source"], "source"),
            made_from=tuple(raw.get("made_from", ())),
            made_by=raw.get("made_by"),
            checks=tuple(checks),
        )
    except ContractError as error:
        raise ContractError(
            Text(f"约定文件 {path.name}：{error.text.zh}", f"Contract {path.name}: {error.text.en}")
        ) from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ContractError(
            Text(
                f"约定文件 {path.name} 读不懂（{error}），请改正后再试。",
                f"Contract {path.name} can't be read ({error}); mend it and try again.",
            )
        ) from error


@cache
def all_contracts() -> dict[str, Contract]:
    """Every contract of the house by the name of its extract."""
    return {path.stem: read_contract(path) for path in sorted(house.CONTRACTS.glob("*.toml"))}


def contract(name: str) -> Contract:
    """The contract of one extract; :class:`ContractError` when there is none."""
    try:
        return all_contracts()[name]
    except KeyError:
        raise ContractError(
            Text(
                f"没有名为 {name} 的数据。可用：{'、'.join(all_contracts())}。",
                f"There is no extract {name}. Known: {', '.join(all_contracts())}.",
            )
        ) from None
