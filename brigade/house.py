"""Where the house's own files are, and where the office's data is.

In a checkout the contracts, queries and pages lie beside this package; in an installed wheel
they lie inside it, under ``_house``. Both have the same layout.
"""

import os
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parent.parent
HOME = _CHECKOUT if (_CHECKOUT / "queries").is_dir() else Path(__file__).resolve().parent / "_house"

APP = HOME / "app.py"
PAGES = HOME / "pages"
QUERIES = HOME / "queries"
CONTRACTS = HOME / "data" / "contracts"
REFERENCE = HOME / "data" / "reference"
MAPPINGS = HOME / "data" / "mappings"
SAMPLE = HOME / "data" / "sample"


def data_folder() -> Path:
    """Where releases are published and derived files are kept: ``$BRIGADE_DATA``, else ``data/``.

    An installed copy has no checkout to write to and uses ``data/`` under the working directory.
    """
    told = os.environ.get("BRIGADE_DATA")
    if told:
        return Path(told).expanduser().resolve()
    return (_CHECKOUT if HOME == _CHECKOUT else Path.cwd()) / "data"
