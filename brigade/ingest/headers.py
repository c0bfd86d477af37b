"""Which headers of a file fit which columns of a contract, by name alone."""

import re
from collections.abc import Iterator, Sequence

from brigade.contracts import Column, Contract
from brigade.ingest.read import JOINT, header_form

_REMARK = re.compile(r"(.+?)[(\[【](?:单位:?)?([^()\[\]【】]+)[)\]】]")
_ALSO = {"元": ("人民币", "人民币元", "rmb", "cny"), "公里": ("千米",), "人": ("名",)}
_ANY_UNIT = re.compile(r"[a-z0-9%°/]+|度")
_DATE_FORM = re.compile(r"[ymdhs年月日时分秒:/.-]+")
_DEMANDS = ("必填", "选填")


def split_remark(header: str) -> tuple[str, str]:
    """A header's form without what stands in brackets at its end, and that: 罚款, 元."""
    form = header_form(header)
    found = _REMARK.fullmatch(form)
    return (found[1], found[2]) if found else (form, "")


def names(column: Column) -> Iterator[str]:
    """The forms of all that a column is called."""
    for name in (column.name, column.label.zh, column.label.en, *column.aliases):
        yield header_form(name)


def matches(
    headers: Sequence[str], extract: Contract, *, two_rows: bool = False
) -> dict[str, list[int]]:
    """For each stored column of a contract the positions of the headers that fit it.

    A header fits by a column's name, labels or aliases; of ``two_rows`` the lower alone may fit.
    Where none does, one that fits but for a unit in brackets is taken, if it is the only one and
    the unit is the column's.
    """
    forms = [header_form(header) for header in headers]
    lower = [header_form(h.rpartition(JOINT)[2]) for h in headers] if two_rows else []
    matched = {}
    for column in extract.stored_columns:
        known = set(names(column))
        matched[column.name] = [i for i, form in enumerate(forms) if form in known] or [
            i for i, form in enumerate(lower) if form in known
        ]
    taken = {position for fit in matched.values() for position in fit}
    for column in extract.stored_columns:
        if not matched[column.name]:
            known = set(names(column))
            bare = [
                i
                for i, header in enumerate(headers)
                if i not in taken and _but_for_remark(header, column, known)
            ]
            matched[column.name] = bare if len(bare) == 1 else []
    return matched


def _but_for_remark(header: str, column: Column, known: set[str]) -> bool:
    bare, remark = split_remark(header)
    return bool(remark) and bare in known and _tells_nothing_new(remark, column)


def _tells_nothing_new(remark: str, column: Column) -> bool:
    if remark in _DEMANDS:
        return True
    if column.type in ("date", "timestamp"):
        return bool(_DATE_FORM.fullmatch(remark))
    if column.type not in ("integer", "number"):
        return False
    if column.unit is None:
        return bool(_ANY_UNIT.fullmatch(remark))
    units = (column.unit.zh, column.unit.en, *_ALSO.get(column.unit.zh, ()))
    return remark in {header_form(unit) for unit in units}
