"""Which extract a file is, told by its headers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from brigade.contracts import Contract, all_contracts
from brigade.errors import InputError
from brigade.ingest.headers import matches
from brigade.ingest.mapping import Rule, find_mapping
from brigade.ingest.read import ADDED, Table, header_form
from brigade.text import Text

_ENOUGH = 0.5
"""The share of a file's headers that must fit where no person looks on. One column such as the
village's code is in half of all lists, and is all that some extracts need."""

_SHOWN = 5

Chosen = Mapping[str, Path]
"""The mapping to use for an extract in place of its default, by the extract's name."""


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a file fits an extract: the share of its headers, and of the columns required."""

    extract: Contract
    headers: float
    required: float

    @property
    def score(self) -> tuple[float, float]:
        return (self.headers, self.required)


def importable() -> list[Contract]:
    """The extracts that files can be imported as: all but those made from others."""
    return [extract for extract in all_contracts().values() if not extract.made_by]


def likely_extracts(table: Table, chosen: Chosen | None = None) -> list[Contract]:
    """The extracts that a file may be, best first; where no header fits an extract it is left out.

    What counts is the share of the file's headers that fit, then that of the required columns that
    are found, by name and by the extract's default mapping or the one ``chosen``.
    """
    return [fit.extract for fit in _fits(table, chosen)]


def told_extract(table: Table, chosen: Chosen | None = None) -> Contract:
    """The one extract that a file is; :class:`InputError` where its headers don't tell.

    They don't where two fit equally well, where the best lacks a required column, and where less
    than half of the file's headers fit: what would fit less well is another kind of list.
    """
    fits = _fits(table, chosen)
    best = [fit for fit in fits if fit.score == fits[0].score]
    if not best:
        raise _untold(
            table, importable(), Text("它的列名不像任何一种数据", "its headers fit no extract")
        )
    if len(best) > 1:
        raise _untold(
            table,
            [fit.extract for fit in best],
            Text("它的列名同样符合几种数据", "its headers fit several extracts equally well"),
        )
    label = best[0].extract.label
    if best[0].headers < _ENOUGH:
        why = Text(
            f"它最像“{label.zh}”，但过半的列名对不上",
            f"it is most like “{label.en}”, but most of its headers don't fit",
        )
        raise _untold(table, [fit.extract for fit in fits[:_SHOWN]], why)
    if best[0].required < 1:
        why = Text(
            f"它最像“{label.zh}”，但缺少必需的列",
            f"it is most like “{label.en}”, but lacks a column that must be there",
        )
        raise _untold(table, [fit.extract for fit in fits[:_SHOWN]], why)
    return best[0].extract


def _fits(table: Table, chosen: Chosen | None) -> list[_Fit]:
    found = [_fit(table, extract, (chosen or {}).get(extract.name)) for extract in importable()]
    return sorted((fit for fit in found if fit.headers), key=lambda fit: fit.score, reverse=True)


def _fit(table: Table, extract: Contract, chosen: Path | None) -> _Fit:
    own = [i for i, header in enumerate(table.headers) if header and not header.startswith(ADDED)]
    matched = matches(table.headers, extract, two_rows=table.two_rows)
    used = {position for positions in matched.values() for position in positions}
    there = {name for name, positions in matched.items() if positions}
    for name, rule in _rules(extract, chosen).items():
        positions = [_named(table, source, matched) for source in rule.sources]
        used.update(*positions)
        needed = all if rule.parts or rule.sql else any
        if rule.row_key or rule.value is not None or needed(positions):
            there.add(name)
    required = [column.name for column in extract.stored_columns if column.required]
    return _Fit(
        extract,
        len(used.intersection(own)) / max(len(own), 1),
        len(there.intersection(required)) / max(len(required), 1),
    )


def _rules(extract: Contract, chosen: Path | None) -> Mapping[str, Rule]:
    try:
        mapping = find_mapping(chosen, extract)
    except InputError:  # said when the file is imported as this
        return {}
    return mapping.rules if mapping else {}


def _named(table: Table, source: str, matched: Mapping[str, list[int]]) -> list[int]:
    """The positions of what a mapping names: a header, or a column that a header fits."""
    form = header_form(source)
    found = [i for i, header in enumerate(table.headers) if header_form(header) == form]
    return found or matched.get(source, [])


def _untold(table: Table, extracts: list[Contract], why: Text) -> InputError:
    zh = "、".join(f"{one.name}（{one.label.zh}）" for one in extracts)
    en = ", ".join(f"{one.name} ({one.label.en})" for one in extracts)
    name = table.path.name
    return InputError(
        Text(
            f"文件 {name} 看不出是哪种数据：{why.zh}。请放进以数据名命名的文件夹：{zh}。",
            f"What file {name} is can't be told: {why.en}. "
            f"Put it into the folder named by its extract: {en}.",
        )
    )
