"""``brigade rollups``."""

import argparse
from collections.abc import Iterable
from importlib import import_module

import duckdb

from brigade.engine.configured import SCHEME, cluster_address, is_cluster, need_client
from brigade.engine.duckdb import engine_for, use_rollups
from brigade.engine.serving import database_of, database_path, rollups_of, rollups_path
from brigade.engine.sums import Sums
from brigade.queries import ONE_ROW, extract_of, query
from brigade.releases import Release, current_release
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
_NOT_MADE = Text(
    "当前版本还没有汇总表，全部查询都问集群。生成：brigade rollups --engine sc://主机:端口",
    "The release in force has no rollups: every query is asked of the cluster. "
    "Make them: brigade rollups --engine sc://host:port",
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
    parser.add_argument(
        "--engine",
        type=_cluster,
        metavar="sc://HOST:PORT",
        help="have a cluster make them, of the records that it reads",
    )


def _cluster(text: str) -> str:
    if not text.startswith(SCHEME):
        raise argparse.ArgumentTypeError(f"{SCHEME}host:port, not {text}")
    return text


def run(options: argparse.Namespace) -> None:
    """List the rollups of the release in force, or say what a query may read from some."""
    lang: Lang = options.lang
    if options.name:
        for relation, reading in readings(query(options.name).sql).items():
            if relation not in ONE_ROW:
                print(_said(relation, reading, lang))
        return
    release = current_release()
    if options.engine or is_cluster():
        _of_a_cluster(release, options.engine or (cluster_address() if options.anew else ""), lang)
        return
    database = database_of(release)
    if options.anew:
        rollups_path(database).unlink(missing_ok=True)
    rollups_of(release, database)
    use_rollups(release)
    sums = engine_for(release).sums
    if sums is None:
        large = any(extract.rows >= WORTH for extract in release.extracts.values())
        print((_UNREAD if large else _NONE).in_(lang))
        return
    _list(sums.kept.rollups, lang)


def _of_a_cluster(release: Release, address: str, lang: Lang) -> None:
    """List the rollups of a release on a cluster, made there before where an address is given."""
    path = rollups_path(database_path(release))
    if address:
        need_client()
        import_module("brigade.engine.cluster_rollups").make_rollups(release, address)
    if not path.is_file():
        print(_NOT_MADE.in_(lang))
        return
    try:
        _list(Sums(path, 1).kept.rollups, lang)
    except duckdb.Error:
        print(_UNREAD.in_(lang))


def _list(rollups: Iterable[Rollup], lang: Lang) -> None:
    for rollup in sorted(rollups, key=_number):
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
