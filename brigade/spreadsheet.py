"""What a CSV needs for a spreadsheet: a mark at its start, and no text that would be run."""

import re

import pyarrow as pa
import pyarrow.compute as pc

BOM = b"\xef\xbb\xbf"
"""The mark at the start of a file by which Excel knows UTF-8."""

_FORMULA = r"^[=+\-@\t\r]"
_SPOILT = r"0\d+|\d{12,}|\d+\.\d{8,}|\d+[eE]\d+|\d{1,2}[-/]\d{1,2}|.*\d:\d\d:\d\d"


def harmless(cell: str) -> str:
    """A text with an apostrophe before it where a spreadsheet would run it as a formula."""
    return re.sub(_FORMULA, r"'\g<0>", cell)


def harmless_cells(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """The same for a column; numbers, days and nulls stay as they are."""
    if not (pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)):
        return cells
    risky = pc.match_substring_regex(cells, _FORMULA)
    mark, nothing = (pa.scalar(text, cells.type) for text in ("'", ""))
    return pc.if_else(risky, pc.binary_join_element_wise(mark, cells, nothing), cells)


def kept_as_text(cell: str) -> str:
    """A text with a tab behind it where a spreadsheet would take it for a number or a date.

    It would show twelve digits and more in powers of ten, and save them so; leading zeros, ``1E5``,
    ``1-2``, seconds and the last decimals would be lost too. The tab is not seen, and whoever reads
    the cell trims it.
    """
    return f"{cell}\t" if re.fullmatch(_SPOILT, cell) else cell
