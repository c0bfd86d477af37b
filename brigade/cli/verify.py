"""``brigade verify``."""

import argparse

from brigade.releases import current_release
from brigade.releases.history import release_named
from brigade.releases.verify import faults
from brigade.text import Text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The release to be checked."""
    parser.add_argument(
        "id", nargs="?", help="as `brigade releases` lists it; default: the one in force"
    )


def run(options: argparse.Namespace) -> int:
    """Compare every file with the manifest; a sentence for each that is damaged, and 1."""
    release = release_named(options.id) if options.id else current_release()
    damaged = list(faults(release))
    for fault in damaged:
        print(fault.in_(options.lang))
    if not damaged:
        files = sum(len(extract.files) for extract in release.extracts.values())
        said = Text(
            f"版本 {release.id} 完好：{files} 个文件与清单一致。",
            f"Release {release.id} is whole: {files} files, as its manifest has them.",
        )
        print(said.in_(options.lang))
    return 1 if damaged else 0
