"""What python-calamine doesn't tell of an xlsx: its error cells, and the size that it declares.

Calamine gives cells with an error (#N/A) as blank ones, and lays a sheet out in memory from its
first cell to its last, so that one stray cell in the far corner takes all there is.
"""

import posixpath
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^>/])>")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_DECLARED = re.compile(rb'<(?:\w+:)?dimension\s[^>]*ref="(?:[A-Z]+[0-9]+:)?[A-Z]+([0-9]+)"')
_PIECE = 4 << 20
_LONGEST_TAG = 4096


@dataclass(frozen=True, slots=True)
class Extent:
    """The last row and column with a cell, the last row declared, and the rows of error cells."""

    rows: int
    columns: int
    declared: int
    errors: tuple[int, ...]


def extent(path: Path, sheet: str) -> Extent | None:
    """Look through the XML of a sheet, some megabytes at a time; None where it isn't found."""
    with zipfile.ZipFile(path) as archive:
        part = _part(archive, sheet)
        if part is None or part not in archive.namelist():
            return None
        rows = columns = declared = 0
        errors: list[int] = []
        rest = b""
        with archive.open(part) as file:
            while piece := file.read(_PIECE):
                text = rest + piece
                # A tag may go over the end of the piece; it is left to the next.
                end = text.rfind(b"<")
                end = end if 0 <= len(text) - end < _LONGEST_TAG else len(text)
                text, rest = text[:end], text[end:]
                if not declared and (found := _DECLARED.search(text)):
                    declared = int(found[1])
                for cell in _CELL.findall(text):
                    if not (place := _PLACE.search(cell)):
                        continue
                    row = int(place[2])
                    rows, columns = max(rows, row), max(columns, _column(place[1]))
                    if b't="e"' in cell:
                        errors.append(row)
        return Extent(rows, columns, declared, tuple(errors))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The name of the part that holds a sheet."""
    book = _tree(archive, "xl/workbook.xml")
    links = _tree(archive, "xl/_rels/workbook.xml.rels")
    if book is None or links is None:
        return None
    sheets = [*book.iter(f"{_MAIN}sheet"), *book.iter(f"{_STRICT}sheet")]
    for one in sheets:
        if one.get("name") == sheet:
            wanted = next((v for k, v in one.items() if k.endswith("}id")), None)
            for link in links.iter(f"{_PACKAGE}Relationship"):
                if link.get("Id") == wanted:
                    target = link.get("Target", "")
                    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return None


def _tree(archive: zipfile.ZipFile, part: str) -> ElementTree.Element | None:
    try:
        return ElementTree.fromstring(archive.read(part))  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        return None
