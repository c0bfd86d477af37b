"""``brigade import``."""

import argparse
import sys
from pathlib import Path

from brigade.ingest import import_file
from brigade.text import Lang


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, what it is, and how its headers are read."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--as", dest="extract", required=True, metavar="EXTRACT")
    parser.add_argument(
        "--map",
        dest="mapping",
        type=Path,
        help="a mapping file (TOML), or the name of one that ships",
    )
    parser.add_argument("--by", metavar="NAME", help="who imports; default: the user of the system")


def run(options: argparse.Namespace) -> None:
    """Turn the file into a new release and say what became of its rows."""
    lang: Lang = options.lang
    done = import_file(
        options.file,
        options.extract,
        options.mapping,
        by=options.by,
        say=lambda text: print(text.in_(lang), file=sys.stderr),
    )
    print(done.in_(lang))
