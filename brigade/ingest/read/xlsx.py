"""What python-calamine doesn't tell of an xlsx: its error cells, and the size that it declares.

Calamine gives cells with an error (#N/A) as blank ones, and lays a sheet out in memory from its
first cell to its last, so that one stray cell in the far corner takes all there is.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_LETTERS = re.compile(rb'\br="([A-Z]{1,3})(?=[0-9])')
_NUMBER = re.compile(rb'\br="[A-Z]{1,3}([0-9]{1,7})"')
_FILLED = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"(?:[^>]*[^>/])?>')
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)[ >]")
_ERROR = re.compile(rb'<(?:\w+:)?c\s(?=[^>]*\bt="e")[^>]*?\br="[A-Z]{1,3}([0-9]{1,7})"')
_DECLARED = re.compile(rb'<(?:\w+:)?dimension\s[^>]*ref="(?:[A-Z]+[0-9]+:)?[A-Z]+([0-9]+)"')
_PIECE = 4 << 20


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a sheet reaches: its last row and column, and the last row that it declares.

    ``filled`` says whether any cell has a value; ``errors`` are the rows of those with an error.
    """

    rows: int
    columns: int
    declared: int
    filled: bool
    errors: tuple[int, ...]


def extent(path: Path, sheet: str, most_cells: int) -> Extent | None:
    """Look through the XML of a sheet, some megabytes at a time; None where it isn't found.

    Cells that are only formatted count, unless there are more than ``most_cells`` with them.
    """
    rows, declared, filled = 0, 0, False
    letters: set[bytes] = set()
    errors: list[int] = []
    with zipfile.ZipFile(path) as archive:
        part = _part(archive, sheet)
        if part is None or part not in archive.namelist():
            return None
        for text in _pieces(archive, part):
            if not declared and (found := _DECLARED.search(text)):
                declared = int(found[1])
            filled = filled or bool(_VALUE.search(text))
            letters.update(_LETTERS.findall(text))
            last = text.rfind(b"<c ")
            if last >= 0 and (place := _NUMBER.search(text, last)):
                rows = max(rows, int(place[1]))
            if b't="e"' in text:
                errors += [int(row) for row in _ERROR.findall(text)]
        columns = max(map(_column, letters), default=0)
        if rows * columns > most_cells:
            rows, columns = _of_values(archive, part)
    return Extent(rows, columns, declared, filled, tuple(errors))


def _of_values(archive: zipfile.ZipFile, part: str) -> tuple[int, int]:
    """The last row and column of cells that have a value."""
    rows = columns = 0
    for text in _pieces(archive, part):
        for letters, row in _FILLED.findall(text):
            rows, columns = max(rows, int(row)), max(columns, _column(letters))
    return rows, columns


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML of a part in pieces that end between tags."""
    rest = b""
    with archive.open(part) as file:
        while piece := file.read(_PIECE):
            text = rest + piece
            end = text.rfind(b"<")
            yield text[:end]
            rest = text[end:]
    yield rest


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
        # Expat refuses entities that grow without bound, and nothing here is fetched.
        return ElementTree.fromstring(archive.read(part))  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        return None
