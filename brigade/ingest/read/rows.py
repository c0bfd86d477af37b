"""From columns of text to a batch: cells cleaned, blank rows left out, totals and notes aside."""

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from brigade.ingest.read.aside import MAYBE, WORDS, aside_kind, trimmed
from brigade.ingest.read.table import Aside, Batch, Malformed, Table, decoded

GUARD = r"^'([=+\-@])"
"""The apostrophe that the app's own CSVs put before what a spreadsheet would run as a formula; it
is taken off, so that such a CSV comes back as it went."""

ERRORS = (
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
)  # fmt: skip
"""What a spreadsheet shows where a formula has failed: no value."""


def batch(
    table: Table,
    rows: Sequence[int],
    raw: Sequence[pa.Array],
    malformed: Sequence[Malformed] = (),
) -> Batch:
    """The rows of a table among those numbered ``rows``; ``malformed`` are others between them."""
    cells: list[pa.Array] = []
    errors = 0
    for column in raw:
        cleaned, failed = _cleaned(column)
        cells.append(cleaned)
        errors += failed
    keep = _filled(cells)
    blank = len(rows) - int(keep.sum())
    aside = [] if table.kind == "parquet" else _aside(table, rows, raw, cells, keep)
    faulty: list[Malformed] = []
    for row in malformed:
        if not any(cell.strip() for cell in row.cells):
            blank += 1
        elif kind := aside_kind(row.cells, table):
            aside.append(Aside(row.row, kind, row.cells))
        else:
            faulty.append(row)
    faulty = _titles(table, aside, faulty, rows, raw, keep)
    # Millions of numbers, one by one, would take as long as all else.
    counted = np.arange(rows.start, rows.stop) if isinstance(rows, range) else rows
    numbers = pa.array(counted, pa.int64())
    aside.sort(key=lambda one: one.row)
    if keep.all():
        return Batch(numbers, raw, cells, faulty, aside, blank, errors)
    mask = pa.array(keep)
    return Batch(
        numbers.filter(mask),
        [column.filter(mask) for column in raw],
        [column.filter(mask) for column in cells],
        faulty,
        aside,
        blank,
        errors,
    )


def together(parts: Iterable[pa.RecordBatch], size: int) -> Iterator[pa.RecordBatch]:
    """The first part, then parts of so many bytes put together: worth looking at each column."""
    some: list[pa.RecordBatch] = []
    bytes_ = size
    for part in parts:
        some.append(part)
        bytes_ += part.nbytes
        if bytes_ >= size:
            yield as_one([pa.Table.from_batches(some)])
            some, bytes_ = [], 0
    if some:
        yield as_one([pa.Table.from_batches(some)])


def as_one(tables: Sequence[pa.Table]) -> pa.RecordBatch:
    """Rows as one, with one dictionary for each column that has any."""
    table = pa.concat_tables(tables).unify_dictionaries()
    return pa.RecordBatch.from_arrays(
        [column.combine_chunks() for column in table.columns], schema=table.schema
    )


def has(column: pa.Array, byte: bytes) -> bool:
    """Whether a column of text has a byte in it anywhere: far cheaper than asking each cell."""
    return byte in _bytes(column)


def _bytes(column: pa.Array) -> bytes:
    """All texts of a column, or those that differ, one after the other."""
    texts = column.dictionary if isinstance(column, pa.DictionaryArray) else column
    data = texts.buffers()[2]
    return b"" if data is None else memoryview(data).tobytes()


def _cleaned(column: pa.Array) -> tuple[pa.Array, int]:
    """Cells without the space around them, a guard or an error, null where blank; and how many
    were errors."""
    if not isinstance(column, pa.DictionaryArray):
        cells, failed = _cleaned_texts(column)
        return cells, _count(failed)
    texts, failed = _cleaned_texts(column.dictionary)
    if texts.equals(column.dictionary):
        return column, 0
    # Encoded anew: texts that differed by a space are now the same, and a blank one is none.
    texts = texts.dictionary_encode()
    cells = pa.DictionaryArray.from_arrays(texts.indices.take(column.indices), texts.dictionary)
    return cells, _count(failed.take(column.indices)) if failed is not None else 0


def _count(mask: pa.Array | None) -> int:
    return 0 if mask is None else pc.sum(mask).as_py() or 0


def _cleaned_texts(texts: pa.Array) -> tuple[pa.Array, pa.Array | None]:
    """Texts cleaned, and which of them were errors, if there can be any."""
    data = _bytes(texts)
    trimmed = pc.utf8_trim_whitespace(texts) if _may_have_space(data) else texts
    if b"'" in data:
        trimmed = pc.replace_substring_regex(trimmed, GUARD, r"\1")
    failed = None
    if b"#" in data:
        failed = pc.is_in(trimmed, pa.array(ERRORS))
        trimmed = pc.if_else(failed, None, trimmed)
    if pc.min(pc.binary_length(trimmed)).as_py() == 0:
        trimmed = pc.if_else(pc.equal(trimmed, ""), None, trimmed)
    return trimmed, failed


def _may_have_space(data: bytes) -> bool:
    """Whether there can be any among the bytes of some texts: of ASCII it comes before all else,
    and beyond that are other kinds of it."""
    codes = np.frombuffer(data, np.uint8)
    return len(codes) > 0 and (codes.min() <= ord(" ") or codes.max() > ord("~"))


def _filled(cells: Sequence[pa.Array]) -> np.ndarray:
    """Which rows have any cell filled."""
    if not cells[0].null_count:
        return np.ones(len(cells[0]), bool)
    filled = pc.is_valid(cells[0])
    for column in cells[1:]:
        filled = pc.or_(filled, pc.is_valid(column))
    mask: np.ndarray = filled.to_numpy(zero_copy_only=False).copy()
    return mask


def _aside(
    table: Table,
    rows: Sequence[int],
    raw: Sequence[pa.Array],
    cells: Sequence[pa.Array],
    keep: np.ndarray,
) -> list[Aside]:
    """The rows that are no records; they are taken off ``keep``."""
    starts = {next(cell for cell in row if cell) for row in table.above if row}
    first = cells[0]
    if not first.null_count:
        text = _bytes(first).lower()
        words = (*WORDS, *(start.encode().lower() for start in starts))
        # One byte is found sooner than several.
        if not any(one[:1] in text and one in text for one in words):
            return []
    first = pc.coalesce(*map(decoded, cells)) if first.null_count else decoded(first)
    maybe = pc.match_substring_regex(first, MAYBE)
    if starts:
        maybe = pc.or_(maybe, pc.is_in(first, pa.array(sorted(starts))))
    found: list[Aside] = []
    for index in np.flatnonzero(pc.fill_null(maybe, False).to_numpy(zero_copy_only=False)).tolist():
        row = _row(raw, index)
        if kind := aside_kind(row, table):
            found.append(Aside(rows[index], kind, row))
            keep[index] = False
    return found


def _row(raw: Sequence[pa.Array], index: int) -> tuple[str, ...]:
    return tuple(column[index].as_py() or "" for column in raw)


def _titles(
    table: Table,
    aside: list[Aside],
    malformed: list[Malformed],
    rows: Sequence[int],
    raw: Sequence[pa.Array],
    keep: np.ndarray,
) -> list[Malformed]:
    """Titles over headers that come once more are no rows, also where they name another month.

    Gives back the malformed rows that are none of them.
    """
    headers = [one.row for one in aside if one.kind == "header"]
    above = {row - up for row in headers for up in range(1, table.header_row)}
    if not above or not table.titles:
        return malformed
    known = {_but_for_numbers(row) for row in table.above[: len(table.titles)]}
    for index in [i for i, row in enumerate(rows) if row in above and keep[i]]:
        row = _row(raw, index)
        if _but_for_numbers(row) in known:
            aside.append(Aside(rows[index], "title", row))
            keep[index] = False
    titles = [one for one in malformed if one.row in above]
    titles = [one for one in titles if _but_for_numbers(one.cells) in known]
    aside += [Aside(one.row, "title", one.cells) for one in titles]
    return [one for one in malformed if one not in titles]


def _but_for_numbers(cells: Sequence[str]) -> str:
    text = "\x1f".join(trimmed(cells))
    return re.sub(r"[\d〇零一二三四五六七八九十]+", "0", text)
