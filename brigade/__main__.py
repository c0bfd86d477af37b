"""``python -m brigade`` is the same as ``brigade``."""

from brigade.cli import main

raise SystemExit(main())
