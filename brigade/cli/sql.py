"""``brigade sql``."""

import argparse

from brigade.cli.filters import add_filters, filters_of
from brigade.engine.configured import engine_for
from brigade.engine.relations import bind, reader_here
from brigade.engine.serving import standalone_sql
from brigade.queries import query
from brigade.releases import current_release


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The query, and what it is bound to."""
    parser.add_argument("name", help="domain/name, as `brigade queries` lists it")
    parser.add_argument("--bound", action="store_true", help="as text that any DuckDB shell runs")
    add_filters(parser)


def run(options: argparse.Namespace) -> None:
    """Print the query as written, or bound to the rows that the filters allow."""
    chosen = query(options.name)
    if not options.bound:
        print(chosen.sql)
        return
    engine = engine_for(current_release())
    bound = bind(chosen, filters_of(options, engine), reader_here())
    print(standalone_sql(bound.literal(), engine.release, chosen.extracts))
