"""The data folders that are measured: the sample that ships, or one with N times the violations."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(__file__).parent / "data"
RESULTS = Path(__file__).parent / "results"


def data_folder(scale: int) -> Path:
    """A data folder whose current release is the sample, made now where it isn't there yet, as is
    what it is served from."""
    folder = DATA / f"scale-{scale}"
    folder.mkdir(parents=True, exist_ok=True)
    release = folder / "releases" / f"sample-x{scale}"
    if scale > 1 and not release.is_dir():
        command = [sys.executable, "-m", "brigade", "sample", "--scale", str(scale)]
        subprocess.run([*command, "--out", str(release)], cwd=ROOT, check=True, stdout=sys.stderr)
        (release.parent / "current").write_text(release.name, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "brigade", "rollups"],
        cwd=ROOT,
        env={**os.environ, "BRIGADE_DATA": str(folder)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder
