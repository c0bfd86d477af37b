"""The import of a large CSV, beside a bare read and write of the same file in pandas.

Run as a script it does one step and prints one JSON object: ``write`` makes the CSV from the
violations of the release in force, ``read`` is the bare read and write, ``import`` the import.
"""

import csv
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from benchmarks.serving import lines_of
from brigade import house
from brigade.contracts import contract
from brigade.ingest.publish import import_for_outcome
from brigade.releases import current_release

EXTRACT = "violations"
ENCODINGS = {"UTF-8": "utf-8", "GB18030": "gb18030"}
READ, IMPORT = "read", "import"


def measure(data: Path) -> Iterator[dict[str, Any]]:
    """The bare read and write and the import, each in a process of its own, by encoding."""
    for name, encoding in ENCODINGS.items():
        file = data / f"{EXTRACT}-{encoding}.csv"
        if not file.is_file():
            _step(data, "write", file, encoding)
        for way in (READ, IMPORT):
            # A data folder of its own, on the same disk: every import is a first one.
            with tempfile.TemporaryDirectory(dir=data) as own:
                found = _step(Path(own), way, file, encoding)
            yield {"encoding": name, "way": way, "bytes": file.stat().st_size, **found}


def _step(data: Path, way: str, file: Path, encoding: str) -> dict[str, Any]:
    (found,) = lines_of(data, ["benchmarks.importing", way, str(file), encoding])
    return dict(found)


def write(file: Path, encoding: str) -> int:
    """Write the CSV, under Chinese headers; returns the number of its rows."""
    rows = 0
    files = current_release().files(EXTRACT)
    held = pq.read_schema(files[0]).names
    columns = [column for column in contract(EXTRACT).stored_columns if column.name in held]
    partial = file.with_suffix(".part")
    with partial.open("w", encoding=encoding, newline="") as text:
        writer = csv.writer(text)
        writer.writerow([column.label.zh for column in columns])
        for part in files:
            with pq.ParquetFile(part) as parquet:
                for batch in parquet.iter_batches(columns=[column.name for column in columns]):
                    writer.writerows(zip(*(one.to_pylist() for one in batch.columns), strict=True))
                    rows += len(batch)
    partial.replace(file)
    return rows


def read(file: Path, encoding: str) -> int:
    """The bare read and write; returns the number of rows."""
    frame = pd.read_csv(file, encoding=encoding)
    frame.to_parquet(house.data_folder() / "bare.parquet")
    return len(frame)


def import_(file: Path, _encoding: str) -> int:
    """The import as the command runs it; returns the number of rows."""
    return import_for_outcome(file, EXTRACT, by="benchmark").rows.accepted


STEPS = {"write": write, READ: read, IMPORT: import_}


def main(way: str, file: str, encoding: str) -> None:
    """Do one step, and say how long it took and the most memory that was used."""
    started, used = time.perf_counter(), time.process_time()
    rows = STEPS[way](Path(file), encoding)
    seconds, cpu = time.perf_counter() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "cpu": cpu, "peak_mb": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
