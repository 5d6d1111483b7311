"""Where stock comes from: what stores hold on the first day, and donors' shipments after it."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from pipelines.simulation.book import Book, Move
from pipelines.simulation.items import Item
from pipelines.simulation.places import Store
from pipelines.simulation.records import Ids
from pipelines.simulation.setup import DONOR, INVAD


class Made(NamedTuple):
    """A batch as its maker sells it: units a pack, US dollars a pack."""

    batch: str
    expiry: date
    pack_size: int
    cost: float


# level → the fewest and the most days of use that a store begins with
OPENING = {"national": (60, 150), "regional": (30, 90), "hospital": (10, 60), "centre": (8, 75)}
OPENING_LIFE = ((25, 120), (120, 500), (300, 800))  # days that opening batches still have
SCARCE = 3  # vital items that donors deliver late, which stores begin with little of
SCARCE_DAYS = {"national": (5, 12), "regional": (10, 25), "hospital": (10, 30), "centre": (10, 40)}
COVER = 150  # days of use that a donors' shipment fills the national store up to
BULK = 10  # how many usual packs make a tin


class Donors:
    """The batches that enter the country; only the seed decides about them."""

    def __init__(
        self,
        ids: Ids,
        seed: int,
        items: tuple[Item, ...],
        planned: Mapping[str, Mapping[str, float]],
        start: date,
    ) -> None:
        """`planned` is use in units a day, by store code and item code."""
        self._ids = ids
        self._rng = Random(f"{seed}/donors")
        self._items = items
        self._planned = planned
        self._start = start
        vital = [item.code for item in items if item.ven == "V" and item.level == "centre"]
        self.scarce = frozenset(self._rng.sample(vital, SCARCE))
        self._first = {
            item.code: [self._make(item, start, life) for life in OPENING_LIFE] for item in items
        }

    def fill(self, book: Book, store: Store, rng: Random) -> None:
        """Give a store its opening stock, one or two batches an item, as a stocktake finds it."""
        moves: list[Move] = []
        source = self._ids.of("name", store.supplier or DONOR)
        for item in self._items:
            planned = self._planned[store.code].get(item.code, 0.0)
            spread = SCARCE_DAYS if item.code in self.scarce else OPENING
            units = planned * rng.uniform(*spread[store.level])
            short, middle, long = self._first[item.code]
            for made, share in ((short if rng.random() < 0.25 else middle, 0.4), (long, 0.6)):
                packs = round(units * share / made.pack_size)
                if packs:
                    moves.append(self._into(book, item, made, packs, source))
        if moves:
            invad = self._ids.of("name", INVAD)
            book.post("si", invad, self._start, moves, more={"comment": "Opening stock"})

    def deliver(self, book: Book, store: Store, day: date, days: int) -> None:
        """A third of the items every fortnight to the national store; scarce ones only late on."""
        index = (day - self._start).days
        if index % 14 != 10:
            return
        moves: list[Move] = []
        for item in self._items[(index // 14) % 3 :: 3]:
            if item.code in self.scarce and index < 0.6 * days:
                continue
            planned = self._planned[store.code].get(item.code, 0.0)
            wanted = planned * COVER - book.usable(self._ids.of("item", item.code), day)
            made = self._make(item, day, (70, 160) if self._rng.random() < 0.08 else (250, 900))
            packs = int(wanted // made.pack_size)
            if packs > 0:
                moves.append(self._into(book, item, made, packs, self._ids.of("name", DONOR)))
        if moves:
            book.post("si", self._ids.of("name", DONOR), day, moves)

    def _into(self, book: Book, item: Item, made: Made, packs: int, source: str) -> Move:
        """A movement into a new stock line of a batch; `source` is a name's id."""
        id, expiry = self._ids.of("item", item.code), made.expiry.isoformat()
        line = book.open_line(id, made.batch, expiry, made.pack_size, made.cost, item.cold)
        line["name_ID"] = source
        return line, packs

    def _make(self, item: Item, day: date, life: tuple[int, int]) -> Made:
        """A new batch that expires within `life` days; some tablets come in tins."""
        rng = self._rng
        letters = "".join(rng.choices("ABCDEFGHKLMNPRSTUVWX", k=2))
        number = f"{letters}{rng.randrange(1000, 99999):05d}"
        size = BULK if item.pack_size == 100 and "tablets" in item.name else 1
        size = size if rng.random() < 0.2 else 1
        cost = item.cost * size * (0.9 if size > 1 else 1) * rng.uniform(0.9, 1.15)
        expiry = day + timedelta(days=rng.randint(*life))
        return Made(number, expiry, item.pack_size * size, round(cost, 2))
