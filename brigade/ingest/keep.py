"""A prepared import on the disk, so that another process can show and publish it."""

import io
import pickle
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from brigade.releases.folder import sync
from brigade.releases.staging import KEPT

Kept = TypeVar("Kept")

_VALUES = {
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("pathlib", "PosixPath"),
    ("pathlib", "WindowsPath"),
}


class _Plain(pickle.Unpickler):
    """Makes this package's own records, days and paths, and nothing else.

    So a file that someone else put there runs no code.
    """

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith("brigade."):
            found = getattr(import_module(module), name, None)
            if isinstance(found, type) and is_dataclass(found):
                return found
        elif (module.partition(".")[0], name) in _VALUES:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def keep(folder: Path, prepared: object) -> None:
    """Write a prepared import into its folder, whole or not at all."""
    partial = folder / f"{KEPT}.part"
    partial.write_bytes(pickle.dumps(prepared))
    sync(partial)
    partial.replace(folder / KEPT)


def kept(folder: Path, kind: type[Kept]) -> Kept | None:
    """A prepared import as it was written; None where another version of the app wrote it."""
    try:
        found = _Plain(io.BytesIO((folder / KEPT).read_bytes())).load()
    except Exception:  # noqa: BLE001 (what isn't as it was written raises nearly anything)
        return None
    return found if isinstance(found, kind) else None
