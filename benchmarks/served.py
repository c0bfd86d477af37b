"""The app as ``brigade serve`` runs it, the time of each script run written to a file.

Run as a script: ``python -m benchmarks.served PORT FILE``.
"""

import sys
from pathlib import Path

from benchmarks import clock
from brigade.server import serve


def main(port: int, file: Path) -> None:
    """Serve until stopped."""
    with file.open("w", encoding="utf-8", buffering=1) as out:
        clock.time_scripts(lambda time: print(time.line(), file=out))
        serve("127.0.0.1", port)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
