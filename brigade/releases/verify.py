"""Whether the files of a release are those that its manifest names."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from brigade.errors import ReleaseError
from brigade.releases.manifest import Release, sha256
from brigade.text import Text


def check_sizes(release: Release) -> None:
    """Raise :class:`ReleaseError` for the first file that is gone or of another size: no more is
    looked at, so that an app that starts doesn't wait for it."""
    for path, _, size in _files(release):
        fault = _missing_or_cut(release, path, size)
        if fault is not None:
            raise ReleaseError(fault)


def faults(release: Release) -> Iterator[Text]:
    """One sentence for each file that is gone, isn't what was published or can't be read."""
    for path, digest, size in _files(release):
        fault = _missing_or_cut(release, path, size) or _changed(release, path, digest)
        if fault is not None:
            yield fault


def _files(release: Release) -> Iterator[tuple[Path, str, int | None]]:
    for name, extract in release.extracts.items():
        for file, digest in extract.files.items():
            yield release.folder / name / file, digest, extract.sizes.get(file)


def _missing_or_cut(release: Release, path: Path, size: int | None) -> Text | None:
    try:
        found = path.stat().st_size
    except OSError as error:
        return _fault(release, path, Text("缺失", "is missing"), error.strerror or str(error))
    if size is None or found == size:
        return None
    changed = Text("大小变了", "has another size")
    return _fault(release, path, changed, f"{found:,} / {size:,} bytes")


def _changed(release: Release, path: Path, digest: str) -> Text | None:
    try:
        if sha256(path) != digest:
            return _fault(release, path, Text("内容变了", "was changed"), "SHA-256")
        pq.ParquetFile(path).close()
    except Exception as error:  # noqa: BLE001 (pyarrow raises several unrelated kinds)
        return _fault(release, path, Text("读不出来", "can't be read"), str(error))
    return None


def _fault(release: Release, path: Path, what: Text, detail: str) -> Text:
    where = f"{path.parent.name}/{path.name}"
    return Text(
        f"版本 {release.id} 的文件 {where} {what.zh}（{detail}）。"
        "请换用完好的版本（brigade releases 列出，brigade rollback 换用），再重新导入。",
        f"File {where} of release {release.id} {what.en} ({detail}). "
        "Use a whole one instead (brigade releases lists them, brigade rollback goes back to one) "
        "and import again.",
    )
