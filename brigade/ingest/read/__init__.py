"""Reading what the office has: text, Excel or Parquet into batches of rows whose cells are text.

:func:`inspect` says what a file is taken for; :func:`batches` gives its rows. What is no row (a
title, a total, a note, the headers once more) is left aside with its row number and said.
"""

from brigade.ingest.read.excel import sheets_of
from brigade.ingest.read.files import batches, inspect
from brigade.ingest.read.rows import GUARD
from brigade.ingest.read.seen import Seen
from brigade.ingest.read.table import (
    ADDED,
    AS_FOUND,
    JOINT,
    Aside,
    Batch,
    Finding,
    Malformed,
    Reading,
    Table,
    decoded,
    header_form,
)

__all__ = [
    "ADDED",
    "AS_FOUND",
    "GUARD",
    "JOINT",
    "Aside",
    "Batch",
    "Finding",
    "Malformed",
    "Reading",
    "Seen",
    "Table",
    "batches",
    "decoded",
    "header_form",
    "inspect",
    "sheets_of",
]
