"""Stock that goes without an issue: expiry, breakage, and what a stocktake finds."""

from datetime import date
from random import Random

from pipelines.simulation.book import Move
from pipelines.simulation.held import Record
from pipelines.simulation.keeper import Keeper
from pipelines.simulation.setup import INVAD

BREAKAGE = 0.15  # chance per store and week
DIFFERENCE = 0.10  # chance per batch and stocktake
STOCKTAKE = 30  # days between two


def run(keeper: Keeper, day: date) -> None:
    """A day's inventory adjustments of a store.

    Expired and broken packs are taken off on Mondays; there is a stocktake every 30 days.
    """
    rng, today = keeper.rng, day.isoformat()
    if day.weekday() == 0:
        lines = keeper.book.all_lines()
        expired = [(line, -line["quantity"]) for line in lines if line["expiry_date"] <= today]
        _post(keeper, day, expired, "Expired")
        if lines and rng.random() < BREAKAGE:
            line = rng.choice(lines)
            broken = min(line["quantity"], rng.randint(1, 3))
            _post(keeper, day, [(line, -broken)] if broken else [], "Broken")
    if keeper.world.calendar.phase(keeper.store, day) % STOCKTAKE == 0:
        lines = [line for line in keeper.book.all_lines() if rng.random() < DIFFERENCE]
        found = [(line, _difference(line, rng)) for line in lines]
        more = [(line, packs) for line, packs in found if packs > 0]
        less = [(line, packs) for line, packs in found if packs < 0]
        _post(keeper, day, more, "Stocktake: found")
        _post(keeper, day, less, "Stocktake: missing")


def _difference(line: Record, rng: Random) -> int:
    """Packs by which the count differs from the books: above 0 found, below 0 missing."""
    return max(rng.choice((-2, -1, -1, 1)), -line["quantity"])


def _post(keeper: Keeper, day: date, moves: list[Move], comment: str) -> None:
    if moves:
        kind = "si" if moves[0][1] > 0 else "sc"
        keeper.book.post(
            kind, keeper.world.ids.of("name", INVAD), day, moves, more={"comment": comment}
        )
