"""Stock that goes without an issue: expiry, breakage, and what a stocktake finds."""

from datetime import date
from random import Random

from pipelines.simulation.book import Book, Move
from pipelines.simulation.records import StockLine

BREAKAGE = 0.15  # chance per store and week
DIFFERENCE = 0.10  # chance per batch and stocktake
STOCKTAKE = 30  # days between two


def run(book: Book, invad: str, day: date, index: int, rng: Random) -> None:
    """A day's inventory adjustments of a store, to the name whose id is `invad`.

    Expired and broken packs are taken off on Mondays; there is a stocktake on every 30th `index`.
    """
    lines = [line for of_item in book.lines.values() for line in of_item if line.packs]
    if day.weekday() == 0:
        expired = [(line, -line.packs) for line in lines if line.expiry <= day]
        _post(book, invad, day, expired, "Expired")
        whole = [line for line in lines if line.packs]
        if whole and rng.random() < BREAKAGE:
            line = rng.choice(whole)
            _post(book, invad, day, [(line, -min(line.packs, rng.randint(1, 3)))], "Broken")
    if index % STOCKTAKE == 0:
        found = [(line, _difference(line, rng)) for line in lines if rng.random() < DIFFERENCE]
        more = [(line, packs) for line, packs in found if packs > 0]
        less = [(line, packs) for line, packs in found if packs < 0]
        _post(book, invad, day, more, "Stocktake: found")
        _post(book, invad, day, less, "Stocktake: missing")


def _difference(line: StockLine, rng: Random) -> int:
    """Packs by which the count differs from the books: above 0 found, below 0 missing."""
    return max(rng.choice((-2, -1, -1, 1)), -line.packs)


def _post(book: Book, invad: str, day: date, moves: list[Move], comment: str) -> None:
    if moves:
        book.post("si" if moves[0][1] > 0 else "sc", invad, day, moves, {"comment": comment})
