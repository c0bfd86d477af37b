"""``brigade check``."""

import argparse

from brigade.checks import check_house
from brigade.releases import current_release
from brigade.text import Text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None but the language."""


def run(options: argparse.Namespace) -> int:
    """Print what doesn't agree; 1 when anything doesn't."""
    faults = check_house(current_release)
    for fault in faults:
        print(fault.in_(options.lang))
    if not faults:
        print(Text("全部一致。", "Everything agrees.").in_(options.lang))
    return 1 if faults else 0
