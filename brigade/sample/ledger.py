"""The work ledger and the targets.

``work_ledger.csv`` has the sum of each item; the generator spreads it over entries and days. The
sums of the published figures are laid down there, those of the other programmes are invented.
"""

import csv
from pathlib import Path

import numpy as np

from brigade.sample.calendar import weekday
from brigade.sample.columns import dates, ids, measures, texts, whole, write
from brigade.sample.draw import split, stream
from brigade.sample.places import Places

# Planned values of a year: 2021, 2022. crashes (一般程序) and deaths are ceilings, the rest floors.
_TARGETS = {
    "crashes": (72, 68),
    "deaths": (23, 21),
    "drink_driving": (480, 520),
    "villages_complete": (210, 240),
    "hazards_cleared": (345, 560),
    "persuasion_shifts": (14_000, 15_500),
}
_BY_TOWNSHIP = ("villages_complete", "persuasion_shifts")


def write_ledger(folder: Path, seed: int, places: Places) -> None:
    """The extract ``work_ledger``, in order of the day."""
    rng = stream(seed, "ledger")
    rows = []
    for item in _items():
        entries, total = int(item["entries"]), int(item["quantity"])
        first, last = np.datetime64(item["first"]), np.datetime64(item["last"])
        span = (last - first).astype(int)
        days = np.sort(first + rng.integers(0, span + 1, entries))
        days = np.where((weekday(days) == 6) & (days < last), days + 1, days)
        parts = 1 + split(rng, total - entries, rng.gamma(4, 1, entries))
        for day, part in zip(days, parts, strict=True):
            township = None
            if item["by_township"] == "yes":
                township = places.townships[rng.choice(len(places.traffic), p=places.traffic)]
            rows.append((day, int(part), township, item))
    rows.sort(key=lambda row: row[0])
    write(
        folder,
        "work_ledger",
        {
            "entry_id": ids("W", np.arange(1, len(rows) + 1), 4),
            "done_on": dates(np.array([day for day, _, _, _ in rows])),
            "programme": texts([item["programme"] for *_, item in rows]),
            "item": texts([item["item"] for *_, item in rows]),
            "quantity": whole([part for _, part, _, _ in rows]),
            "unit": texts([item["unit"] for *_, item in rows]),
            "township": texts([township for _, _, township, _ in rows]),
            "team": texts([item["team"] or None for *_, item in rows]),
            "note": texts([item["note"] or None for *_, item in rows]),
        },
        keys=["entry_id"],
    )


def _items() -> list[dict[str, str]]:
    path = Path(__file__).with_name("work_ledger.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_targets(folder: Path, places: Places) -> None:
    """The extract ``targets``: for the county by year, and two of them by township too."""
    villages = places.village_count / places.village_count.sum()
    rows: list[tuple[str, str, str | None, float]] = []
    for metric, values in _TARGETS.items():
        for year, value in zip(("2021", "2022"), values, strict=True):
            rows.append((metric, year, None, value))
            if metric in _BY_TOWNSHIP:
                shares = np.round(villages * value)
                rows += [
                    (metric, year, name, share)
                    for name, share in zip(places.townships, shares, strict=True)
                ]
    rows.sort(key=lambda row: row[1])
    write(
        folder,
        "targets",
        {
            "metric": texts([metric for metric, _, _, _ in rows]),
            "starts_on": dates(np.array([f"{y}-01-01" for _, y, _, _ in rows], "datetime64[D]")),
            "ends_on": dates(np.array([f"{y}-12-31" for _, y, _, _ in rows], "datetime64[D]")),
            "township": texts([township for _, _, township, _ in rows]),
            "target": measures(np.array([value for _, _, _, value in rows], dtype=float)),
        },
    )
