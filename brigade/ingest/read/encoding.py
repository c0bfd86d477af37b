"""In which encoding a text is: by its mark, by whether it is UTF-8, by the characters it gives."""

import codecs
import functools
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from brigade.contracts import all_contracts
from brigade.ingest.read.table import header_form

PIECE = 1 << 20
"""So many bytes are worked on at a time: as much as a processor keeps at hand."""

NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "gb18030": "GB18030",
    "cp950": "Big5",
}
"""The encodings that are told apart, as Python names them and as people do."""

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_SAMPLE = 256 << 10
_MARGIN = 0.2


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding, and the bytes of the mark that the text begins with."""

    name: str
    mark: int = 0


def find_encoding(path: Path, fault: int | None) -> Encoding | None:
    """The encoding of a text file; None where it is none of those known here.

    ``fault`` is where it is first seen not to be UTF-8.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return Encoding(name, len(mark))
    if b"\0" in head:
        # Separators and line ends are plain letters: of their two bytes one is nought.
        even, odd = head[::2].count(0), head[1::2].count(0)
        name = "utf-16-be" if even > odd else "utf-16-le"
        return Encoding(name) if min(even, odd) * 10 < max(even, odd) else None
    if fault is None:
        return Encoding("utf-8")
    with path.open("rb") as file:
        # From the beginning of the line: the fault may be seen in the middle of a character.
        start = max(0, fault - _SAMPLE)
        file.seek(start)
        before = file.read(fault - start)
        file.seek(start + before.rfind(b"\n") + 1)
        sample = file.read(2 * _SAMPLE)
    return _chinese(sample)


def _chinese(sample: bytes) -> Encoding | None:
    """Of the encodings of Chinese the one in which the cells are words that contracts know as
    headers, or else the characters are common; GB18030 unless Big5 fits clearly better."""
    texts = {name: _decoded(sample, name) for name in ("gb18030", "cp950")}
    gb, big5 = texts["gb18030"], texts["cp950"]
    if gb is None or big5 is None:
        name = next((name for name, text in texts.items() if text is not None), None)
        return Encoding(name or "gb18030") if name or _nearly(sample) else None
    known = _headers_known(big5) - _headers_known(gb)
    if known:
        return Encoding("cp950" if known > 0 else "gb18030")
    clearly = _common(big5, "cp950") - _common(gb, "gb2312") > _MARGIN
    return Encoding("cp950" if clearly else "gb18030")


def _decoded(sample: bytes, encoding: str) -> str | None:
    """A sample as text, whose last character may be cut; None where it isn't in the encoding."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return None


def _nearly(sample: bytes) -> bool:
    """Whether a sample is GB18030 but for a few broken characters, which reading will point to."""
    text = sample.decode("gb18030", "replace")
    broken = text.count("\ufffd")
    return broken * 5 < sum(character > "\x7f" for character in text) and "\0" not in text


def fault_in(path: Path, encoding: Encoding) -> tuple[int, bool]:
    """The first line of a file, from 1, that has a character not in the encoding; and whether that
    is only cut, at the file's end."""
    decoder = codecs.getincrementaldecoder(encoding.name)()
    lines = 1
    with path.open("rb") as file:
        file.seek(encoding.mark)
        while piece := file.read(PIECE):
            try:
                lines += decoder.decode(piece).count("\n")
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(encoding.name)
                return lines + before.count("\n"), False
    return lines, True


def _headers_known(text: str) -> int:
    cells = {header_form(cell) for cell in re.split(r"""[\r\n,;|\t"']+""", text)}
    return len(cells & _known_headers())


@functools.cache
def _known_headers() -> frozenset[str]:
    """The contracts' Chinese names of columns."""
    return frozenset(
        header_form(name)
        for one in all_contracts().values()
        for column in one.stored_columns
        for name in (column.label.zh, *column.aliases)
        if not name.isascii()
    )


class Utf8Check:
    """Whether bytes, given some at a time, are UTF-8.

    ``fault`` is where they are first seen not to be, at the beginning of a character.
    """

    def __init__(self) -> None:
        self.fault: int | None = None
        self._done = 0
        self._rest = b""

    def add(self, piece: bytes | bytearray) -> None:
        """Look at the next bytes as well."""
        if self.fault is not None:
            return
        text = self._rest + piece if self._rest else piece
        end = _whole(text)
        fault = _fault(text, end)
        self.fault = None if fault is None else self._done + fault
        self._done += end
        self._rest = bytes(text[end:])

    def finish(self) -> bool:
        """Say whether all of it was UTF-8, to be called at the end.

        A character cut there is no fault: the file is cut short, and reading says so.
        """
        rest = self._rest
        if self.fault is None and rest:
            fault = _fault(rest, len(rest), final=False)
            self.fault = None if fault is None else self._done + fault
        return self.fault is None and not rest


def _whole(text: bytes | bytearray) -> int:
    """How many bytes are before a character that is cut at the end."""
    for back in range(1, min(4, len(text) + 1)):
        lead = text[-back]
        if lead < 0x80:
            break
        if lead >= 0xC0:
            size = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
            return len(text) - back if back < size else len(text)
    return len(text)


def _fault(text: bytes | bytearray, end: int, *, final: bool = True) -> int | None:
    """Where the first ``end`` bytes aren't UTF-8; pyarrow is the soonest to say that they are."""
    bounds = pa.array([0, end], pa.int32()).buffers()[1]
    whole = pa.Array.from_buffers(pa.binary(), 1, [None, bounds, pa.py_buffer(text)])
    try:
        whole.cast(pa.string())
    except pa.ArrowInvalid:
        try:
            codecs.getincrementaldecoder("utf-8")().decode(text[:end], final)
        except UnicodeDecodeError as error:
            return error.start
    return None


def _common(text: str, encoding: str) -> float:
    """The share of characters beyond ASCII that are among the commonest of an encoding.

    Those are the first level of GB 2312 and of Big5: of Chinese text nearly all, of text in the
    other encoding, read as this one, about half.
    """
    beyond = [character for character in text if character > "\x7f"]
    common = sum(_is_common(character, encoding) for character in beyond)
    return common / len(beyond) if beyond else 0.0


def _is_common(character: str, encoding: str) -> bool:
    if "\u3000" <= character <= "\u303f" or "\uff00" <= character <= "\uffee":
        return True
    try:
        lead = character.encode(encoding)[0]
    except UnicodeEncodeError:
        return False
    return 0xB0 <= lead <= 0xD7 if encoding == "gb2312" else 0xA4 <= lead <= 0xC6


class Utf8(io.RawIOBase):
    """A text file as a stream of UTF-8 without a mark; :class:`UnicodeDecodeError` where it isn't
    in its encoding."""

    def __init__(self, path: Path, encoding: Encoding) -> None:
        self._file = path.open("rb")
        self._file.seek(encoding.mark)
        self._decoder = codecs.getincrementaldecoder(encoding.name)()
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer as far as there is text ready; 0 at the end."""
        while not self._ready:
            piece = self._file.read(PIECE)
            text = self._decoder.decode(piece, final=not piece)
            self._ready = memoryview(text.encode())
            if not piece:
                break
        space = memoryview(buffer).cast("B")
        size = min(len(space), len(self._ready))
        space[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        """Close the file as well."""
        self._file.close()
        super().close()


def named_encoding(path: Path, name: str) -> Encoding | None:
    """The encoding that a person names (GBK, utf8, Big5 …); None where none is called so."""
    wanted = re.sub(r"[^a-z0-9]", "", name.casefold())
    known = _CALLED.get(wanted)
    with path.open("rb") as file:
        head = file.read(4)
    marked = next((m for m in _MARKS if head.startswith(m)), b"")
    if wanted == "utf16":
        return Encoding(_MARKS.get(marked, "utf-16-le"), len(marked))
    if known is None:
        return None
    return Encoding(known, len(marked) if _MARKS.get(marked) == known else 0)


_CALLED = {
    **dict.fromkeys(("utf8", "utf8sig", "utf8bom"), "utf-8"),
    **dict.fromkeys(("gb18030", "gbk", "gb2312", "cp936", "ansi"), "gb18030"),
    **dict.fromkeys(("big5", "cp950", "big5hkscs"), "cp950"),
    "utf16le": "utf-16-le",
    "utf16be": "utf-16-be",
}
