"""``brigade rollback``."""

import argparse
import sys

from brigade.engine.ready import make_ready
from brigade.releases.history import roll_back
from brigade.text import Text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The release to go back to."""
    parser.add_argument(
        "id", nargs="?", help="as `brigade releases` lists it; default: the release before"
    )


def run(options: argparse.Namespace) -> None:
    """Put an older release in force again."""

    def say(text: Text) -> None:
        print(text.in_(options.lang), file=sys.stderr)

    release = roll_back(options.id, say, make_ready)
    made = f"{release.created_at:%Y-%m-%d %H:%M} UTC"
    said = Text(
        f"版本 {release.id}（{made} 由 {release.created_by} 生成）已重新生效。",
        f"Release {release.id}, made on {made} by {release.created_by}, is in force again.",
    )
    print(said.in_(options.lang))
