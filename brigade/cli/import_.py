"""``brigade import``."""

import argparse
from pathlib import Path

from brigade.ingest import import_file


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


def run(options: argparse.Namespace) -> None:
    """Turn the file into a new release and say what became of its rows."""
    print(import_file(options.file, options.extract, options.mapping).in_(options.lang))
