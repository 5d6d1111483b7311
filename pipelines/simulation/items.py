"""What the simulated country keeps in stock: its items, and how use swings over the year."""

import csv
import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path

# kind → (swing over the year, day of its peak, swing over half a year, day of its peak)
SEASONS = {
    "malaria": (0.45, 185, 0.25, 300),  # long rains, then short rains
    "diarrhoea": (0.35, 170, 0.15, 290),
    "respiratory": (0.30, 20, 0.0, 0),  # the dry, dusty months
    "steady": (0.0, 0, 0.0, 0),
}


@dataclass(frozen=True)
class Item:
    """One item; `daily` is the mean use of a typical health centre in units a day.

    `pack_size` is units a pack, `cost` US dollars a pack, `level` the lowest level that has it.
    """

    code: str
    name: str
    category: str
    ven: str
    unit: str
    pack_size: int
    cost: float
    cold: bool
    level: str
    season: str
    daily: float


def read_items() -> tuple[Item, ...]:
    """The items of items.csv, in its order."""
    with Path(__file__).with_name("items.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(
            Item(
                code=row["code"],
                name=row["name"],
                category=row["category"],
                ven=row["ven"],
                unit=row["unit"],
                pack_size=int(row["pack_size"]),
                cost=float(row["cost"]),
                cold=row["cold"] == "yes",
                level=row["level"],
                season=row["season"],
                daily=float(row["daily"]),
            )
            for row in csv.DictReader(handle)
        )


def season_factor(season: str, day: date) -> float:
    """How a day's use compares with the year's mean: above 1 in season, below out of it."""
    yearly, peak, halfyearly, second = SEASONS[season]
    turn = 2 * math.pi / 365.25
    of_year = day.timetuple().tm_yday
    return (
        1
        + yearly * math.cos(turn * (of_year - peak))
        + halfyearly * math.cos(2 * turn * (of_year - second))
    )
