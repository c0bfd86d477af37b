"""The filters of a page as arguments of a command."""

import argparse
from datetime import date

from brigade.engine.protocol import Engine
from brigade.errors import FilterError
from brigade.filters import FRAME, Filters, Period, column_of, typed_value
from brigade.text import Text


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Period, comparison, and every filter by its name."""
    parser.add_argument("--from", dest="start", type=date.fromisoformat, help="first day")
    parser.add_argument("--to", dest="end", type=date.fromisoformat, help="last day")
    parser.add_argument("--compare", choices=("year", "previous", "none"), default="year")
    for key in FRAME:
        flag = "--" + key.replace("_", "-")
        parser.add_argument(flag, action="append", dest=f"filter:{key}", metavar="VALUE")
    parser.add_argument(
        "--where", action="append", default=[], metavar="KEY=VALUE", help="any other filter"
    )


def filters_of(options: argparse.Namespace, engine: Engine) -> Filters:
    """What was asked for, over a release.

    Raises FilterError for what is no filter or no value of one.
    """
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
