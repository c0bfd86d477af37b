"""The village register of 2020 as the project's own table, and the bodies that followed in 2023."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

COLUMNS = ("village_code", "village", "township_code", "township", "kind", "merged_into")

_COMMITTEES = ("村民委员会", "居民委员会", "村委会", "居委会")

Rows = Iterable[Mapping[str, str]]


def village_name(committee: str) -> str:
    """The village or community of a committee: 王海村委会 is that of 王海村."""
    name = committee
    for ending in _COMMITTEES:
        name = name.removesuffix(ending)
    return name if name.endswith(("村", "社区")) else name + "村"


def stem(committee: str) -> str:
    """What is left of a name without 村 or 社区, by which old and later bodies are compared."""
    return village_name(committee).removesuffix("社区").removesuffix("村")


def merged_into(old: Rows, new: Rows) -> dict[str, str]:
    """Code of the later body for each old code, where name or code tell it.

    Rows have code, name and township_code. A later body takes, in this order and within its
    township: the body of its own code; the village of its own name; where there is neither, every
    village whose name contains its own (道口新村: 王道口, 汝道口, 张道口 and 孙道口). A village
    that two later bodies would take is left out, and so is one that none takes.
    """
    old = list(old)
    claims: dict[str, set[str]] = {}
    for body in new:
        own = stem(body["name"].replace("新村", "村"))
        near = [row for row in old if row["township_code"] == body["township_code"]]
        same_code = [row for row in near if row["code"] == body["code"]]
        same_name = [row for row in near if stem(row["name"]) == own]
        within = [row for row in near if own in stem(row["name"])]
        for row in same_code or same_name or within:
            claims.setdefault(row["code"], set()).add(body["code"])
    return {code: next(iter(bodies)) for code, bodies in claims.items() if len(bodies) == 1}


def build(old: Rows, new: Rows) -> list[dict[str, str]]:
    """The rows of ``villages.csv`` from the lists of the statistics bureau."""
    old = list(old)
    later = merged_into(old, new)
    return [
        {
            "village_code": row["code"],
            "village": village_name(row["name"]),
            "township_code": row["township_code"],
            "township": row["township_name"],
            "kind": "社区" if row["name"].endswith("居委会") else "行政村",
            "merged_into": later.get(row["code"], ""),
        }
        for row in old
    ]


def write(rows: Iterable[Mapping[str, str]], path: Path) -> None:
    """Write the table, UTF-8, lines ended by a line feed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read(path: Path) -> list[dict[str, str]]:
    """Read a table of the register."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
