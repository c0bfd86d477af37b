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
    parser.add_argument("--sheet", help="the sheet of a workbook, by its name")
    parser.add_argument("--encoding", help="of a text file: utf-8, gb18030, big5, utf-16")
    parser.add_argument("--separator", help="of a text file: one character, or tab")
    parser.add_argument(
        "--header-row", type=_row, help="the row that has the headers, from 1", metavar="N"
    )


def _row(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def run(options: argparse.Namespace) -> None:
    """Turn the file into a new release and say what became of its rows."""
    said = import_file(
        options.file,
        options.extract,
        options.mapping,
        sheet=options.sheet,
        encoding=options.encoding,
        separator=options.separator,
        header_row=options.header_row,
    )
    print(said.in_(options.lang))
