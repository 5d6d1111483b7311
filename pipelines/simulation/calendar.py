"""When things happen in the simulated country: orders, lines that are down, rounds."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from pipelines.simulation.places import NATIONAL, Place, Store

EVERY = 5  # days between two rounds, in which sites push, the hub runs a cycle, sites pull
LATE, SILENT = 4, 2  # how many sites; one more never connects
LATE_DAYS = 8  # days without contact before the end
SILENT_DAYS = (32, 44)
OUTAGES, OUTAGE = 6, (6, 16)  # how many sites have no line for a spell, and for how many days
AWAY = 9  # days, about the middle, that the primary has no line
LINE = {"national": 1.0, "regional": 0.95, "hospital": 0.85, "centre": 0.6}  # chance per round


class Turn(NamedTuple):
    """How often a store orders, and up to how many days of use; both in days."""

    every: int
    cover: int


TURNS = {"regional": Turn(21, 80), "hospital": Turn(28, 66), "centre": Turn(28, 66)}
DISPENSARY = Turn(7, 18)  # from the main store of its own hospital


class Calendar:
    """The days of a country; only the seed decides about them."""

    def __init__(self, seed: int, places: tuple[Place, ...], start: date, days: int) -> None:
        """`start` is the first of so many days of trade."""
        self.start = start
        self.end = start + timedelta(days=days - 1)
        self._seed = seed
        self._level = {place.number: place.stores[0].level for place in places}
        centres = [number for number, level in self._level.items() if level == "centre"]
        rng = Random(f"{seed}/calendar")
        drawn = iter(rng.sample(centres, LATE + SILENT + 1 + OUTAGES))
        self.late = tuple(next(drawn) for _ in range(LATE))
        self.silent = {next(drawn): missing for missing in SILENT_DAYS}
        self.never = next(drawn)
        self.others = [number for number in centres if number not in self._troubled()]
        self._outages = {number: _spell(rng, start, days, rng.randint(*OUTAGE)) for number in drawn}
        middle = start + timedelta(days=days // 2)
        self._outages[NATIONAL] = middle, middle + timedelta(days=AWAY)
        stores = [store for place in places for store in place.stores]
        self._phase = {store.code: rng.randrange(28) for store in stores}

    def rounds(self) -> list[date]:
        """The evenings of rounds: the one before the first day, and the last day's among them."""
        days = range((self.end - self.start).days, -1, -EVERY)
        evenings = [self.start + timedelta(days=index) for index in days]
        return [self.start - timedelta(days=1), *reversed(evenings)]

    def at(self, share: float) -> date:
        """The day on which a share of the country's days has passed."""
        return self.start + timedelta(days=int(share * (self.end - self.start).days))

    def turn(self, store: Store) -> Turn:
        """How a store orders."""
        return DISPENSARY if store.mode == "dispensary" else TURNS[store.level]

    def phase(self, store: Store, day: date) -> int:
        """The day's place in the store's own count of days."""
        return (day - self.start).days + self._phase[store.code]

    def orders(self, store: Store, day: date) -> bool:
        """Whether it is a store's turn to order."""
        return bool(store.supplier) and self.phase(store, day) % self.turn(store).every == 0

    def online(self, site: int, day: date) -> bool:
        """Whether a site connects in the round of a day."""
        missing = (self.end - day).days
        if site == self.never:
            return False
        if site in self.silent:
            return missing > self.silent[site] and (
                missing - self.silent[site] <= EVERY or self._line(site, day)
            )
        if site in self.late:
            return missing > LATE_DAYS and (missing - LATE_DAYS <= EVERY or self._line(site, day))
        if day < self.start or missing < EVERY:
            return True
        first, last = self._outages.get(site, (day, day))
        return not first < day <= last and self._line(site, day)

    def _line(self, site: int, day: date) -> bool:
        chance = LINE[self._level[site]]
        return day < self.start or Random(f"{self._seed}/line/{site}/{day}").random() < chance

    def _troubled(self) -> set[int]:
        return {*self.late, *self.silent, self.never}


def _spell(rng: Random, start: date, days: int, length: int) -> tuple[date, date]:
    """A spell of so many days that begins and ends within the country's days."""
    first = start + timedelta(days=rng.randint(10, days - length - 10))
    return first, first + timedelta(days=length)
