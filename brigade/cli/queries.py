"""``brigade queries``."""

import argparse

from brigade.queries import output_columns, query, query_names
from brigade.text import Lang


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None but the language."""


def run(options: argparse.Namespace) -> None:
    """List every query: name, title and columns, a tab between."""
    lang: Lang = options.lang
    for name in query_names():
        chosen = query(name)
        labels = ", ".join(f"{c.name} {c.label.in_(lang)}" for c in output_columns(chosen))
        print(f"{name}\t{chosen.title.in_(lang)}\t{labels}")
