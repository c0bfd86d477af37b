"""``brigade query``."""

import argparse
import sys

from brigade import export
from brigade.cli.filters import add_filters, filters_of
from brigade.engine.configured import engine_for
from brigade.engine.relations import reader_here
from brigade.queries import query
from brigade.releases import current_release
from brigade.results import fetch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The query, its filters and the form of the table."""
    parser.add_argument("name", help="domain/name, as `brigade queries` lists it")
    add_filters(parser)
    parser.add_argument("--format", choices=("csv", "json", "table"), default="table")


def run(options: argparse.Namespace) -> None:
    """Print exactly what the page shows for these filters."""
    engine = engine_for(current_release())
    result = fetch(query(options.name), filters_of(options, engine), engine, reader_here())
    table = export.result_table(result, options.lang)
    if options.format == "csv":
        sys.stdout.buffer.write(export.to_csv(table))
    else:
        print(export.to_json(table) if options.format == "json" else export.to_text(table))
