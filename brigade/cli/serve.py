"""``brigade serve``."""

import argparse
from contextlib import suppress
from importlib import import_module

from brigade.front import serve_with


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where it listens, and with how many processes."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument(
        "--workers", type=_count, default=1, metavar="N", help="processes, about one a processor"
    )


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return count


def run(options: argparse.Namespace) -> int:
    """Run the app until it is stopped."""
    with suppress(KeyboardInterrupt):  # how a person stops it
        if options.workers > 1:
            return serve_with(options.workers, options.host, options.port)
        # Loaded only now: what hands connections to workers needs nothing of it.
        import_module("brigade.server").serve(options.host, options.port)
    return 0
