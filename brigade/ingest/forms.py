"""The forms in which people and programs write numbers and plates. Those of dates: moments.py."""

import re

from brigade.ingest.changes import Kind

# Not NFKC, which makes a 2 of ² and so 102 of 10².
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D}
_BRACKETS = re.compile(r"\(\s*([^\s+-].*?)\s*\)")
_GROUPS = re.compile(r"\d{1,3}((, ?|\s)\d{3})+", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)

PLATE = r"^[\x{4e00}-\x{9fff}][A-Z][A-Z0-9]{4,6}[\x{4e00}-\x{9fff}]?$"
"""A plate in its one form, as Arrow's regular expressions have it."""
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{4,6}[\u4e00-\u9fff]?")
_PLATE_MARKS = re.compile(r"[\s.·•・‧∙-]")


def half_width(text: str) -> str:
    """Letters, digits and signs of full width as those of a keyboard, without space around."""
    return (text if text.isascii() else text.translate(_HALF)).strip()


def plain_number(text: str) -> tuple[str, list[Kind]] | None:
    """A number's text without what only eyes need, and what was taken off; None where it is none.

    Separators and spaces must stand where thousands do: ``1 2`` may be two numbers.
    """
    plain = half_width(text)
    kinds = [Kind.WIDTH] if plain != text.strip() else []
    inside = _BRACKETS.fullmatch(plain)
    if inside:
        plain = f"-{inside[1]}"
        kinds.append(Kind.BRACKETS)
    kinds += [Kind.THOUSANDS] if "," in plain else []
    kinds += [Kind.SPACES] if re.search(r"\s", plain) else []
    sign = plain[:1] if plain[:1] in ("+", "-") else ""
    size = re.sub(r"\s*\.\s*", ".", plain.removeprefix(sign).lstrip())
    whole, point, rest = size.partition(".")
    if _GROUPS.fullmatch(whole):
        whole = re.sub(r"[,\s]", "", whole)
    plain = sign + whole + point + rest
    if not _NUMBER.fullmatch(plain):
        return None
    return plain, kinds + ([Kind.POWER] if "e" in plain.lower() else [])


def plain_plate(text: str) -> str:
    """A plate in capitals without width, spaces and dots (鲁P12345); what is none as it stands."""
    plain = _PLATE_MARKS.sub("", half_width(text)).upper()
    return plain if _PLATE.fullmatch(plain) else text
