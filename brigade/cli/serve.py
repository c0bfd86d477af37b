"""``brigade serve``."""

import argparse
from contextlib import suppress

from brigade.server import serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where it listens."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8501)


def run(options: argparse.Namespace) -> None:
    """Run the app until it is stopped."""
    with suppress(KeyboardInterrupt):  # how a person stops it
        serve(options.host, options.port)
