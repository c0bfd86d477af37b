"""``brigade releases``."""

import argparse
import sys

from brigade.contracts import contract
from brigade.format import number
from brigade.releases.history import KEEP, Listed, listed, remove_older
from brigade.text import Lang, Text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many to keep, where old ones are to be removed."""
    parser.add_argument(
        "--keep",
        type=_positive,
        nargs="?",
        const=KEEP,
        metavar="N",
        help=f"remove all but the newest N (default {KEEP}), never the one in force",
    )


def _positive(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError("1 or more")
    return int(text)


def run(options: argparse.Namespace) -> None:
    """List the releases, newest first, after removing those that are not to be kept."""
    lang: Lang = options.lang
    if options.keep is not None:
        removed = remove_older(options.keep, lambda text: print(text.in_(lang), file=sys.stderr))
        said = Text(
            f"已删除 {len(removed)} 个旧版本：{'、'.join(removed) or '—'}",
            f"{len(removed)} old releases removed: {', '.join(removed) or '—'}",
        )
        print(said.in_(lang))
    for one in listed():
        print(_said(one, lang))


def _said(one: Listed, lang: Lang) -> str:
    """A line on a release, with a star when it is in force, and one on what it holds."""
    mark = "*" if one.in_force else " "
    if one.release is None:
        return f"{mark} {one.id}\n    {one.fault.in_(lang) if one.fault else ''}"
    extracts = (
        f"{contract(name).label.zh if lang == 'zh' else name} {number(extract.rows)}"
        for name, extract in one.release.extracts.items()
    )
    made = f"{one.release.created_at:%Y-%m-%d %H:%M} UTC  {one.release.created_by}"
    held = Text("，", ", ").in_(lang).join(extracts)
    return f"{mark} {one.id}  {made}\n    {held}"
