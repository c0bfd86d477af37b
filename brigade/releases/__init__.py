"""Releases: immutable folders of Parquet, one dataset per extract, with a manifest.

``$BRIGADE_DATA/releases/<id>/<extract>/*.parquet`` and ``manifest.json``;
``$BRIGADE_DATA/releases/current`` names the release in force. Until one is published the sample
that ships is read. A published folder is never changed: publishing writes a new one beside it and
swaps the pointer by one atomic rename.
"""

from brigade.releases.folder import current_release
from brigade.releases.manifest import (
    Change,
    Release,
    ReleasedExtract,
    Source,
    describe,
    read_release,
    write_manifest,
)

__all__ = [
    "Change",
    "Release",
    "ReleasedExtract",
    "Source",
    "current_release",
    "describe",
    "read_release",
    "write_manifest",
]
