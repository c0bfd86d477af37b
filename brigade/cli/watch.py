"""``brigade watch``."""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

from brigade.cli.import_ import percent
from brigade.engine.ready import make_ready
from brigade.ingest.take import LIMIT
from brigade.ingest.watch import Wanted, watch
from brigade.text import Lang, Text

_EVERY = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The folder, how often it is looked at, and how files are imported."""
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument(
        "--once", action="store_true", help="import what is there and end, for a nightly job"
    )
    parser.add_argument(
        "--every",
        type=_seconds,
        default=_EVERY,
        metavar="SECONDS",
        help=f"a file that hasn't changed for so long is complete (default {_EVERY:g})",
    )
    parser.add_argument(
        "--map",
        dest="mappings",
        type=_mapping,
        action="append",
        default=[],
        metavar="EXTRACT=MAPPING",
        help="the mapping file for an extract, by path or name; may be given several times",
    )
    parser.add_argument(
        "--limit",
        type=percent,
        default=LIMIT,
        metavar="PERCENT",
        help=f"refuse a whole file above this share of rejected rows (default {LIMIT:g})",
    )
    parser.add_argument("--by", metavar="NAME", help="who imports; default: the user of the system")


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 24 * 3600:
        raise argparse.ArgumentTypeError(f"above 0 and no more than a day, not {text}")
    return seconds


def _mapping(text: str) -> tuple[str, Path]:
    extract, equals, mapping = text.partition("=")
    if not (extract and equals and mapping):
        raise argparse.ArgumentTypeError(f"EXTRACT=MAPPING, not {text}")
    return extract, Path(mapping)


def run(options: argparse.Namespace) -> int:
    """Import each file that is dropped into the folder until stopped; with ``--once`` those there.

    With ``--once`` 0 all taken whole, 3 some taken with rejected rows, 1 any refused.
    """
    lang: Lang = options.lang
    wanted = Wanted(dict(options.mappings), options.limit, options.by, lang, make_ready)

    def say(text: Text) -> None:
        line = f"{datetime.now():%Y-%m-%d %H:%M:%S} {text.in_(lang)}"
        encoding = sys.stdout.encoding or "utf-8"
        with suppress(OSError):  # a log on a full disk must not end the watch
            print(line.encode(encoding, "replace").decode(encoding), flush=True)

    with _stopped_by_signals() as stop:
        return watch(options.folder, wanted, say, every=options.every, once=options.once, stop=stop)


@contextmanager
def _stopped_by_signals() -> Iterator[Event]:
    """Set by Ctrl+C or by the system's word to end; a second one ends at once."""
    stop = Event()

    def end(*_: Any) -> None:
        if stop.is_set():
            raise SystemExit(130)
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
