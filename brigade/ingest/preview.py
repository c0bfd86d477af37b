"""The first rows of a file as they will be, before anything is taken."""

from itertools import islice

from brigade.ingest.known import Known
from brigade.ingest.plan import Plan
from brigade.ingest.read import Batch, Table, batches
from brigade.ingest.validate import Checked, check

ROWS = 10
"""How many rows are enough to see what they become."""


def preview(file: Table, plan: Plan, known: Known) -> Checked:
    """The first rows of a file, typed as the contract says, and what is wrong with them."""
    for batch in islice(batches(file), 1):
        first = Batch(
            batch.rows[:ROWS],
            [column[:ROWS] for column in batch.raw],
            [column[:ROWS] for column in batch.cells],
            [],
        )
        return check(first, plan, known)
    raise AssertionError("inspect finds no table in a file without rows")
