"""``brigade import``."""

import argparse
import sys
from pathlib import Path

from brigade.engine.ready import make_ready
from brigade.errors import BrigadeError, InputError
from brigade.ingest import import_for_outcome
from brigade.ingest.outcome import EXIT_CODES, refused_to_json
from brigade.ingest.read import Reading
from brigade.ingest.report import report
from brigade.ingest.take import LIMIT
from brigade.text import Lang, Text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, what it is, how it is read, and what is told of it."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--as", dest="extract", required=True, metavar="EXTRACT")
    parser.add_argument(
        "--map",
        dest="mapping",
        type=Path,
        help="a mapping file (TOML), or the name of one that is known",
    )
    parser.add_argument("--sheet", help="the sheet of a workbook, by its name")
    parser.add_argument("--encoding", help="of a text file: utf-8, gb18030, big5, utf-16")
    parser.add_argument("--separator", help="of a text file: one character, or tab")
    parser.add_argument(
        "--header-row", type=_row, help="the row that has the headers, from 1", metavar="N"
    )
    parser.add_argument(
        "--limit",
        type=percent,
        default=LIMIT,
        metavar="PERCENT",
        help=f"refuse the whole file above this share of rejected rows (default {LIMIT:g})",
    )
    parser.add_argument("--by", metavar="NAME", help="who imports; default: the user of the system")
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write what happened as JSON, for a program"
    )


def _row(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def percent(text: str) -> float:
    """A share in per cent, with or without the sign."""
    share = float(text.removesuffix("%"))
    if not 0 <= share <= 100:
        raise argparse.ArgumentTypeError(f"0 to 100, not {text}")
    return share


def run(options: argparse.Namespace) -> int:
    """Turn the file into a new release and say what became of its rows.

    0 taken whole, 3 taken with rejected rows; what is refused ends with 1.
    """
    lang: Lang = options.lang
    _refuse_nowhere(options.report)
    try:
        outcome = import_for_outcome(
            options.file,
            options.extract,
            options.mapping,
            reading=Reading(options.sheet, options.encoding, options.separator, options.header_row),
            limit=options.limit,
            by=options.by,
            say=lambda text: print(text.in_(lang), file=sys.stderr),
            ready=make_ready,
        )
    except BrigadeError as error:
        _write(options.report, refused_to_json(error))
        raise
    print(report(outcome).in_(lang))
    _write(options.report, outcome.to_json())
    return EXIT_CODES[outcome.status]


def _refuse_nowhere(path: Path | None) -> None:
    """Before anything is imported: a job must not learn of an import that it can't read of."""
    if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise InputError(
            Text(
                f"报告写不到 {path}，请核对 --report 的路径；没有导入任何东西。",
                f"The report can't be written to {path}; check --report. Nothing was imported.",
            )
        )


def _write(path: Path | None, text: str) -> None:
    if path is not None:
        path.write_text(text, encoding="utf-8")
