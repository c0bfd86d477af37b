"""What a mapping's rule makes of the cells of a row: the text that a value is then read from."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, DecimalException

import pyarrow as pa
import pyarrow.compute as pc

from brigade.contracts import Type
from brigade.ingest.changes import Change, Changed, Kind, counted
from brigade.ingest.forms import half_width, plain_number
from brigade.ingest.formulas import FAILED, evaluate
from brigade.ingest.mapping import Rule
from brigade.ingest.read import ADDED, header_form
from brigade.text import Text

UNKNOWN_CODE = Text("映射文件不认识这个取值", "the mapping file doesn't know this value")

_PART = re.compile(r"(\d+)(?:\.0+)?\s*[年月日号点时分秒]?", re.ASCII)
_NO_TIME = "99"
"""An hour or minute that stands for none."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The text of one column: null where blank, and the rows that the rule refuses, and why.

    ``changes`` is what the rule did to cells.
    """

    text: pa.Array
    refused: pa.Array | None = None
    reason: Text = UNKNOWN_CODE
    changes: tuple[Change, ...] = ()


def made(
    rule: Rule,
    kind: Type,
    positions: Sequence[int],
    headers: Sequence[str],
    cells: Sequence[pa.Array],
) -> Cells:
    """The text that a rule makes for a column of a type; ``positions`` are those of its sources."""
    if rule.row_key:
        return Cells(_row_keys(headers, cells, rule.without))
    if rule.value is not None:
        return Cells(pa.array([rule.value or None] * len(cells[0]), pa.string()))
    sources = [cells[position] for position in positions]
    if rule.parts:
        return _moment(rule, sources)
    if rule.sql is not None:
        value, failed = evaluate(rule.sql, sources)
        later = _translated(_blank_as_null(value), rule, kind)
        return Cells(later.text, failed, FAILED, later.changes)
    text = sources[0]
    if len(sources) > 1:
        text = pc.binary_join_element_wise(*sources, " ", null_handling="skip")
    return _translated(_blank_as_null(text), rule, kind)


def _blank_as_null(text: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(text, ""), None, text)


@dataclass(frozen=True, slots=True)
class _Text:
    """What becomes of one text."""

    text: str | None
    kinds: Sequence[Kind] = ()
    refused: bool = False


def _translated(text: pa.Array, rule: Rule, kind: Type) -> Cells:
    """Cells after the rule's steps, each different text gone through once."""
    if not (
        rule.split or rule.slice or rule.nulls or rule.codes or rule.ends or rule.replace_end
        or rule.factor
    ):  # fmt: skip
        return Cells(text)
    texts = text.dictionary_encode()
    found = [_steps(rule, kind, one) for one in texts.dictionary.to_pylist()]
    changes = counted(texts, [Changed(one.kinds, one.text) for one in found])
    cells = pa.array([one.text for one in found], pa.string()).take(texts.indices)
    if rule.other != "reject":
        return Cells(cells, changes=changes)
    refused = pa.array([one.refused for one in found], pa.bool_()).take(texts.indices)
    return Cells(cells, pc.fill_null(refused, False), changes=changes)


def _steps(rule: Rule, kind: Type, text: str) -> _Text:
    """A piece of the text, then nulls, codes and endings, then the unit."""
    piece = _piece(rule, text)
    if piece is None:
        return _Text(None)
    if piece in _nulls(rule, kind, piece):
        return _Text(None, (Kind.UNKNOWN,))
    if rule.factor is not None:
        return _converted(piece, rule.factor)
    if piece in rule.codes:
        return _Text(rule.codes[piece] or None, (Kind.CODE,))
    end = longest_end(rule.ends, piece)
    if end is not None:
        return _Text(rule.ends[end] or None, (Kind.CODE,))
    if rule.codes or rule.ends:
        return _Text(piece) if rule.other == "keep" else _Text(None, (), rule.other == "reject")
    end = longest_end(rule.replace_end, piece)
    if end is None:
        return _Text(piece)
    replaced = piece.removesuffix(end) + rule.replace_end[end]
    return _Text(replaced or None, (Kind.ENDING,) if replaced != piece else ())


def _piece(rule: Rule, text: str) -> str | None:
    if rule.split:
        pieces = text.split(rule.split.by)
        place = rule.split.part - 1 if rule.split.part > 0 else len(pieces) + rule.split.part
        text = pieces[place] if 0 <= place < len(pieces) else ""
    if rule.slice:
        text = text[slice(*rule.slice)]
    return text.strip() or None


def _nulls(rule: Rule, kind: Type, text: str) -> Sequence[str]:
    """The texts that mean that nothing is known; of numbers those of the same value too."""
    if kind not in ("integer", "number") or not rule.nulls:
        return rule.nulls
    value = _decimal(text)
    return (*rule.nulls, *(text for one in rule.nulls if value == _decimal(one) is not None))


def _decimal(text: str) -> Decimal | None:
    plain = plain_number(text)
    try:
        return Decimal(plain[0]) if plain else None
    except DecimalException:
        return None


def _converted(text: str, factor: Decimal) -> _Text:
    """A number in another unit; what is none stays, to be told of as it stands."""
    number, plain = _decimal(text), plain_number(text)
    if number is None or plain is None or abs(number.adjusted()) > 30:
        return _Text(text)
    product = (number * factor).normalize()
    return _Text(f"{product:f}", (*plain[1], Kind.UNIT))


def longest_end(ends: Iterable[str], text: str) -> str | None:
    """The longest of some endings that a text has."""
    return max((end for end in ends if text.endswith(end)), key=len, default=None)


def _moment(rule: Rule, sources: Sequence[pa.Array]) -> Cells:
    """Year, month, day and maybe a time of day as one text; without an hour it is a date."""
    cells = dict(zip(rule.parts, sources, strict=True))
    parts = {name: _digits(column, rule.nulls) for name, column in cells.items()}
    date = pc.binary_join_element_wise(parts["year"], parts["month"], parts["day"], "-")
    # A date that lacks a part is kept as it stands, so that its row is told of.
    said = pc.binary_join_element_wise(*sources[:3], " ", null_handling="skip")
    text = pc.coalesce(date, _blank_as_null(said))
    if "hour" not in parts:
        return Cells(text)
    hour = _known(parts["hour"])
    no_hour = pc.and_(pc.is_null(hour), pc.is_valid(cells["hour"]))
    changes = [*_example(Kind.NO_HOUR, no_hour, cells["hour"], text)]
    clock = [hour, *(pc.fill_null(_known(parts[name]), "00") for name in rule.parts[4:])]
    clock += [pa.array(["00"] * len(text))] * (3 - len(clock))
    whole = pc.coalesce(
        pc.binary_join_element_wise(date, pc.binary_join_element_wise(*clock, ":"), " "), text
    )
    if "minute" in parts:
        no_minute = pc.and_(pc.is_null(_known(parts["minute"])), pc.is_valid(cells["minute"]))
        no_minute = pc.and_(no_minute, pc.is_valid(hour))
        changes += _example(Kind.NO_MINUTE, no_minute, cells["minute"], whole)
    return Cells(whole, changes=tuple(changes))


def _digits(cells: pa.Array, nulls: Sequence[str]) -> pa.Array:
    """The digits of one part of a date, two at least: 6月 and 6.0 are 06."""
    texts = cells.dictionary_encode()
    known: list[str | None] = []
    for text in texts.dictionary.to_pylist():
        found = _PART.fullmatch(half_width(text))
        known.append(None if text in nulls else found[1].zfill(2) if found else text)
    return pa.array(known, pa.string()).take(texts.indices)


def _known(part: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(part, _NO_TIME), None, part)


def _example(kind: Kind, mask: pa.Array, before: pa.Array, after: pa.Array) -> Iterator[Change]:
    count = pc.sum(mask).as_py()
    if count:
        place = pc.index(mask, True).as_py()
        yield Change(kind, count, before[place].as_py(), after[place].as_py())


def _row_keys(
    headers: Sequence[str], cells: Sequence[pa.Array], without: Sequence[str]
) -> pa.Array:
    """A key made of all that a row holds, whatever the order of the columns.

    The same row gives the same key, in this file or another; blank cells count for nothing.
    """
    left_out = {header_form(header) for header in without}
    parts = [
        pc.binary_join_element_wise(pa.scalar(form), column, "\x1f")
        for form, column in _in_order(headers, cells)
        if form not in left_out
    ]
    if not parts:
        return pa.nulls(len(cells[0]), pa.string())
    rows = pc.binary_join_element_wise(*parts, "\x1e", null_handling="skip")
    keys = [hashlib.blake2b(row.encode(), digest_size=12).hexdigest() for row in rows.to_pylist()]
    return pa.array(keys, pa.string())


def _in_order(headers: Sequence[str], cells: Sequence[pa.Array]) -> Iterator[tuple[str, pa.Array]]:
    own = [i for i, header in enumerate(headers) if not header.startswith(ADDED)]
    for position in sorted(own, key=lambda i: header_form(headers[i])):
        yield header_form(headers[position]), cells[position]
