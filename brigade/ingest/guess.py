"""Which extract a file most likely holds, told by its headers."""

from brigade.contracts import Contract, all_contracts
from brigade.ingest.choosing import columns_taken
from brigade.ingest.mapping import find_mapping
from brigade.ingest.read import ADDED, Table


def importable() -> list[Contract]:
    """The extracts that files are imported as: not those that are made from others."""
    return [extract for extract in all_contracts().values() if not extract.made_by]


def likely_extracts(table: Table) -> list[Contract]:
    """The extracts that a file may hold, the likeliest first; none that no header fits."""
    scored = [(_score(table, extract), extract) for extract in importable()]
    return [extract for score, extract in sorted(scored, key=lambda one: one[0])[::-1] if score[0]]


def _score(table: Table, extract: Contract) -> tuple[float, float]:
    """The share of the headers that fit, and of the required columns that are found."""
    own = [header for header in table.headers if header and not header.startswith(ADDED)]
    taken = columns_taken(table, extract, find_mapping(None, extract))
    required = {column.name for column in extract.stored_columns if column.required}
    met = len(required & set(taken.values())) / max(1, len(required))
    return len(taken) / max(1, len(own)), met
