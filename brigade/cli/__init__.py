"""The command line: serve the app, print what a page shows, import, check, make the sample.

Each command is a module of its own, with ``add_arguments`` and ``run``; only the one that is asked
for is loaded, so that the app is up before what it doesn't need at once.
"""

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from importlib import import_module

from brigade.errors import BrigadeError

COMMANDS = {
    "serve": "run the app",
    "query": "print what a page shows for these filters",
    "sql": "print a query's text",
    "queries": "list all queries with title and columns",
    "rollups": "list the release's rollups, or say what a query may read from some",
    "check": "check contracts, queries, metrics and the release",
    "figures": "check published figures against the rows and themselves",
    "sample": "make the synthetic sample",
    "import": "turn a CSV into a new release",
    "watch": "import each file that is dropped into a folder",
    "releases": "list the releases, or remove old ones",
    "diff": "count or list the rows that differ between two releases",
    "rollback": "put an older release in force again",
    "verify": "compare a release's files with its manifest",
}
"""Every command and what it does; the module of ``import`` is ``import_``, as Python wants it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 1 found something wrong, 2 not understood."""
    if hasattr(signal, "SIGPIPE"):  # `brigade queries | head` ends quietly, as other commands do
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser(given).parse_args(given)
    try:
        return int(options.run(options) or 0)
    except BrigadeError as error:
        print(error.text.in_(options.lang), file=sys.stderr)
        return 1


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser, with the arguments of those commands that are named in what is given."""
    parser = argparse.ArgumentParser(
        prog="brigade", description="大队看板 · the brigade's dashboard"
    )
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, does in COMMANDS.items():
        command = commands.add_parser(name, parents=[common], help=does, description=does)
        if name in given:
            module = import_module(f"brigade.cli.{'import_' if name == 'import' else name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser
