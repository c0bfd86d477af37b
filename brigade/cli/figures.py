"""``brigade figures``."""

import argparse
import sys
from pathlib import Path

from brigade import export
from brigade.engine.configured import engine_for
from brigade.engine.relations import reader_here
from brigade.figures.published import published_file, read_published
from brigade.figures.table import explanations, report_table, short_table
from brigade.figures.verdicts import report_on
from brigade.releases import current_release
from brigade.text import Lang


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The list of figures and the form of the table."""
    parser.add_argument("file", type=Path, nargs="?", help="a list of figures (TOML)")
    parser.add_argument("--format", choices=("csv", "json", "table"), default="table")


def run(options: argparse.Namespace) -> int:
    """Print every figure beside what the rows give; 1 when one differs or contradicts itself."""
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
