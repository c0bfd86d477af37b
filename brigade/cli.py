"""The command line: serve the app, print what a page shows, import, check, make the sample."""

import argparse
import logging
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from brigade import export, house
from brigade.checks import check_house
from brigade.engine.duckdb import Engine, engine_for
from brigade.engine.relations import bind, reader_here
from brigade.engine.serving import standalone_sql
from brigade.errors import BrigadeError, FilterError
from brigade.figures.published import published_file, read_published
from brigade.figures.table import explanations, report_table, short_table
from brigade.figures.verdicts import report_on
from brigade.filters import FRAME, Filters, Period, column_of, typed_value
from brigade.queries import output_columns, query, query_names
from brigade.releases import current_release, write_manifest
from brigade.results import fetch
from brigade.text import Lang, Text

SAMPLE_MADE = datetime(2022, 7, 1, tzinfo=UTC)
"""When the sample says that it was made: the day after its newest rows, so that the same seed gives
the same manifest."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 1 found something wrong, 2 not understood."""
    if hasattr(signal, "SIGPIPE"):  # `brigade queries | head` ends quietly, as other commands do
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except BrigadeError as error:
        print(error.text.in_(options.lang), file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="brigade", description="大队看板 · the brigade's dashboard"
    )
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", parents=[common], help="run the app")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8501)
    serve.set_defaults(run=_serve)

    show = commands.add_parser(
        "query", parents=[common], help="print what a page shows for these filters"
    )
    show.add_argument("name", help="domain/name, as `brigade queries` lists it")
    _add_filters(show)
    show.add_argument("--format", choices=("csv", "json", "table"), default="table")
    show.set_defaults(run=_query)

    sql = commands.add_parser("sql", parents=[common], help="print a query's text")
    sql.add_argument("name")
    sql.add_argument("--bound", action="store_true", help="as text that any DuckDB shell runs")
    _add_filters(sql)
    sql.set_defaults(run=_sql)

    listed = commands.add_parser(
        "queries", parents=[common], help="list all queries with title and columns"
    )
    listed.set_defaults(run=_queries)

    check = commands.add_parser(
        "check", parents=[common], help="check contracts, queries, metrics and the release"
    )
    check.set_defaults(run=_check)

    figures = commands.add_parser(
        "figures", parents=[common], help="check published figures against the rows and themselves"
    )
    figures.add_argument("file", type=Path, nargs="?", help="a list of figures (TOML)")
    figures.add_argument("--format", choices=("csv", "json", "table"), default="table")
    figures.set_defaults(run=_figures)

    sample = commands.add_parser("sample", parents=[common], help="make the synthetic sample")
    sample.add_argument("--out", type=Path, default=house.SAMPLE)
    sample.add_argument("--seed", type=int, default=2022)
    sample.add_argument("--scale", type=int, default=1, help="times as many violations")
    sample.set_defaults(run=_sample)

    take = commands.add_parser("import", parents=[common], help="turn a CSV into a new release")
    take.add_argument("file", type=Path)
    take.add_argument("--as", dest="extract", required=True, metavar="EXTRACT")
    take.add_argument(
        "--map",
        dest="mapping",
        type=Path,
        help="a mapping file (TOML), or the name of one that ships",
    )
    take.set_defaults(run=_import)
    return parser


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="start", type=date.fromisoformat, help="first day")
    parser.add_argument("--to", dest="end", type=date.fromisoformat, help="last day")
    parser.add_argument("--compare", choices=("year", "previous", "none"), default="year")
    for key in FRAME:
        flag = "--" + key.replace("_", "-")
        parser.add_argument(flag, action="append", dest=f"filter:{key}", metavar="VALUE")
    parser.add_argument(
        "--where", action="append", default=[], metavar="KEY=VALUE", help="any other filter"
    )


def _filters(options: argparse.Namespace, engine: Engine) -> Filters:
    newest = engine.release.newest_day or date.today()
    end = options.end or newest
    period = Period(options.start or date(end.year, 1, 1), end).clipped(newest)
    values: dict[str, tuple[str, ...]] = {}
    for key in FRAME:
        given = getattr(options, f"filter:{key}")
        if given:
            values[key] = tuple(given)
    for item in options.where:
        key, equals, value = item.partition("=")
        if not equals:
            raise FilterError(
                Text(f"--where {item} 应写成 列=值。", f"Write --where {item} as KEY=VALUE.")
            )
        values[key] = (*values.get(key, ()), value)
    for key, chosen in values.items():
        for value in chosen:
            typed_value(column_of(key), value)
    return Filters(period, options.compare, values)


def _serve(options: argparse.Namespace) -> None:
    from brigade.server import serve

    serve(options.host, options.port)


def _query(options: argparse.Namespace) -> None:
    engine = engine_for(current_release())
    result = fetch(query(options.name), _filters(options, engine), engine, reader_here())
    table = export.result_table(result, options.lang)
    if options.format == "csv":
        sys.stdout.buffer.write(export.to_csv(table))
    else:
        print(export.to_json(table) if options.format == "json" else export.to_text(table))


def _sql(options: argparse.Namespace) -> None:
    chosen = query(options.name)
    if not options.bound:
        print(chosen.sql)
        return
    engine = engine_for(current_release())
    bound = bind(chosen, _filters(options, engine), reader_here())
    print(standalone_sql(bound.literal(), engine.release, chosen.extracts))


def _queries(options: argparse.Namespace) -> None:
    lang: Lang = options.lang
    for name in query_names():
        chosen = query(name)
        labels = ", ".join(f"{c.name} {c.label.in_(lang)}" for c in output_columns(chosen))
        print(f"{name}\t{chosen.title.in_(lang)}\t{labels}")


def _check(options: argparse.Namespace) -> int:
    faults = check_house(current_release)
    for fault in faults:
        print(fault.in_(options.lang))
    if not faults:
        print(Text("全部一致。", "Everything agrees.").in_(options.lang))
    return 1 if faults else 0


def _figures(options: argparse.Namespace) -> int:
    file = options.file or published_file()
    engine = engine_for(current_release())
    report = report_on(read_published(file), file.name, engine, reader_here())
    lang: Lang = options.lang
    table = report_table(report, lang, synthetic=engine.release.synthetic)
    if options.format == "csv":
        sys.stdout.buffer.write(export.to_csv(table))
    elif options.format == "json":
        print(export.to_json(table))
    else:
        print(export.to_text(short_table(table, lang)))
        for name, why in explanations(table, lang):
            print(f"\n{name}\n  {why}")
    return 1 if report.is_wrong else 0


def _sample(options: argparse.Namespace) -> None:
    from brigade.sample import generate

    out: Path = options.out
    with tempfile.TemporaryDirectory(dir=_made(out.parent), prefix=".sample-") as made:
        generate(Path(made), seed=options.seed, scale=options.scale)
        name = "sample" if options.scale == 1 else f"sample-x{options.scale}"
        write_manifest(
            Path(made),
            id=name,
            synthetic=True,
            created_by=f"brigade sample --seed {options.seed} --scale {options.scale}",
            created_at=SAMPLE_MADE,
        )
        if out.exists():
            shutil.rmtree(out)
        shutil.copytree(made, out)
    print(Text(f"示例数据已写入 {out}。", f"The sample is in {out}.").in_(options.lang))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _import(options: argparse.Namespace) -> None:
    from brigade.ingest import import_file

    print(import_file(options.file, options.extract, options.mapping).in_(options.lang))
