"""``brigade rollups``."""

import argparse

from brigade.engine.duckdb import engine_for
from brigade.engine.serving import database_of, rollups_of
from brigade.queries import ONE_ROW, extract_of, query
from brigade.releases import current_release
from brigade.rollups.dimensions import held_for
from brigade.rollups.plan import WORTH, Rollup
from brigade.rollups.reading import Reading, readings
from brigade.text import Lang, Text

_NONE = Text(
    f"当前版本没有汇总表：没有一类数据达到 {WORTH:,} 行。",
    f"The release in force has no rollups: no extract has {WORTH:,} rows.",
)
_UNREAD = Text(
    "当前版本的汇总表用不上，查询读明细；原因见上面的日志。",
    "The rollups of the release in force can't be used, and records are read; "
    "the log above says why.",
)
_GRAIN = {True: Text("按日", "by day"), False: Text("按月", "by month")}
_SUMS = Text("可读汇总表", "from rollups")
_RECORDS = Text("只能读明细", "records only")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A query to look at; whether to make the rollups anew."""
    parser.add_argument(
        "name", nargs="?", help="say of this query what may be read from rollups, and why not"
    )
    parser.add_argument("--anew", action="store_true", help="make them again, from the release")


def run(options: argparse.Namespace) -> None:
    """List the rollups of the release in force, or say what a query may read from some."""
    lang: Lang = options.lang
    if options.name:
        for relation, reading in readings(query(options.name).sql).items():
            if relation not in ONE_ROW:
                print(_said(relation, reading, lang))
        return
    release = current_release()
    if options.anew and (path := rollups_of(release, database_of(release))):
        path.unlink()
    sums = engine_for(release).sums
    if sums is None:
        large = any(extract.rows >= WORTH for extract in release.extracts.values())
        print((_UNREAD if large else _NONE).in_(lang))
        return
    for rollup in sorted(sums.kept.rollups, key=_number):
        columns = ", ".join(rollup.columns)
        print(f"{rollup.name}\t{_GRAIN[rollup.daily].in_(lang)}\t{columns}")


def _number(rollup: Rollup) -> tuple[str, int]:
    return rollup.extract, int(rollup.name.rpartition("_")[2])


def _said(relation: str, reading: Reading, lang: Lang) -> str:
    """One line of a relation: what is read of it, or why only the records will do."""
    extract = extract_of(relation)
    unheld = [name for name in sorted(reading.columns) if held_for(extract, name) is None]
    refused = reading.refused or (f"no rollup holds {', '.join(unheld)}" if unheld else None)
    if refused:
        return f"{relation}\t{_RECORDS.in_(lang)}\t{refused}"
    read = ", ".join((*sorted(reading.columns), *(f"sum({m})" for m in sorted(reading.measures))))
    return f"{relation}\t{_SUMS.in_(lang)}\t{read}"
