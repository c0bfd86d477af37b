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

    @property
    def stored(self) -> bool:
        """Whether a release's Parquet files hold the column."""
        return self.derived is None and self.borrowed is None


@dataclass(frozen=True, slots=True)
class Contract:
    """What one extract is: its rows, key, time and columns."""

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
    "derived", "borrowed", "several", "note",
}  # fmt: skip
_EXTRACT_KEYS = {
    "zh", "en", "row", "key", "time", "rhythm_days", "source", "columns", "made_from", "made_by",
}  # fmt: skip


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
    )


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
