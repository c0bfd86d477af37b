"""What processes and those that they started use, as Linux says it; elsewhere 0."""

import os
from collections.abc import Iterable
from pathlib import Path

_PROC = Path("/proc")


def family(pids: Iterable[int]) -> list[int]:
    """Processes with all that descend from them."""
    children: dict[int, list[int]] = {}
    for status in _PROC.glob("[0-9]*/stat"):
        try:
            _, _, rest = status.read_text().rpartition(")")
        except OSError:  # it has ended
            continue
        children.setdefault(int(rest.split()[1]), []).append(int(status.parent.name))
    found: list[int] = []
    waiting = list(pids)
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def processor_s(pids: Iterable[int]) -> float:
    """Seconds of the processor that they have used so far."""
    ticks = 0
    for pid in family(pids):
        try:
            _, _, rest = (_PROC / str(pid) / "stat").read_text().rpartition(")")
        except OSError:
            continue
        user, system = rest.split()[11:13]
        ticks += int(user) + int(system)
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(pids: Iterable[int]) -> float:
    """Memory that they hold; what several of them share is counted once."""
    kilobytes = 0
    for pid in family(pids):
        try:
            lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        kilobytes += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return kilobytes / 1024
