"""``brigade diff``."""

import argparse
import sys
from functools import partial

import pyarrow as pa

from brigade import export
from brigade.contracts import contract
from brigade.engine.relations import reader_here, seen_by
from brigade.releases import Release
from brigade.releases.diff import (
    ADDED,
    AFTER,
    BEFORE,
    CHANGE,
    REMOVED,
    Difference,
    differences,
    differing_rows,
)
from brigade.releases.history import release_named
from brigade.text import Lang, Text

_WORDS = {
    ADDED: Text("新增", "added"),
    REMOVED: Text("删除", "removed"),
    BEFORE: Text("更改前", "before"),
    AFTER: Text("更改后", "after"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Two releases, and the extract whose rows are to be listed."""
    parser.add_argument("before", metavar="A", help="as `brigade releases` lists it, or sample")
    parser.add_argument("after", metavar="B")
    parser.add_argument("--extract", metavar="NAME", help="list its rows that differ, as CSV")


def run(options: argparse.Namespace) -> None:
    """Count the rows that were added, removed and changed from A to B, or list them."""
    lang: Lang = options.lang
    before, after = release_named(options.before), release_named(options.after)
    if options.extract:
        sys.stdout.buffer.write(export.to_csv(_rows(before, after, options.extract, lang)))
        return
    found = list(differences(before, after))
    differing = [one for one in found if _differs(one)]
    if differing:
        print(export.to_text(_counts(differing, lang)))
    same = [one.extract for one in found if not _differs(one)]
    if same:
        names = [contract(name).label.zh for name in same]
        said = Text(f"相同：{'、'.join(names)}。", f"The same: {', '.join(same)}.")
        print(said.in_(lang))


def _differs(one: Difference) -> bool:
    return bool(one.added or one.removed or one.changed) or one.rows_before != one.rows_after


def _counts(found: list[Difference], lang: Lang) -> pa.Table:
    columns = {
        Text("数据", "Extract"): [
            contract(one.extract).label.zh if lang == "zh" else one.extract for one in found
        ],
        Text("A 行数", "Rows of A"): [one.rows_before for one in found],
        Text("B 行数", "Rows of B"): [one.rows_after for one in found],
        Text("新增", "Added"): [one.added for one in found],
        Text("删除", "Removed"): [one.removed for one in found],
        Text("更改", "Changed"): [one.changed for one in found],
    }
    return pa.table({header.in_(lang): cells for header, cells in columns.items()})


def _rows(before: Release, after: Release, extract: str, lang: Lang) -> pa.Table:
    """The rows that differ as a person reads them, personal columns masked as everywhere."""
    wanted = contract(extract)
    rows = differing_rows(before, after, wanted, partial(seen_by, reader_here()))
    synthetic = before.synthetic or after.synthetic
    table = export.records_table(rows, wanted.stored_columns, lang, synthetic)
    words = [_WORDS[word].in_(lang) for word in rows.column(CHANGE).to_pylist()]
    header = Text("变化", "Change").in_(lang)
    return table.add_column(0, header, pa.array(words, pa.string()))
