"""``brigade sample``."""

import argparse
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from brigade import house
from brigade.releases import write_manifest
from brigade.sample import generate
from brigade.text import Text

SAMPLE_MADE = datetime(2022, 7, 1, tzinfo=UTC)
"""When the sample says that it was made: the day after its newest rows, so that the same seed gives
the same manifest."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where it goes, its seed and its size."""
    parser.add_argument("--out", type=Path, default=house.SAMPLE)
    parser.add_argument("--seed", type=int, default=2022)
    parser.add_argument("--scale", type=int, default=1, help="times as many violations")


def run(options: argparse.Namespace) -> None:
    """Make the sample in a folder beside the old one, then put it in its place."""
    out: Path = options.out
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".sample-") as made:
        generate(Path(made), seed=options.seed, scale=options.scale)
        name = "sample" if options.scale == 1 else f"sample-x{options.scale}"
        write_manifest(
            Path(made),
            id=name,
            synthetic=True,
            created_by=f"brigade sample --seed {options.seed} --scale {options.scale}",
            created_at=SAMPLE_MADE,
        )
        if out.exists():
            shutil.rmtree(out)
        shutil.copytree(made, out)
    print(Text(f"示例数据已写入 {out}。", f"The sample is in {out}.").in_(options.lang))
