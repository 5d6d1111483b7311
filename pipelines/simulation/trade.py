"""The simulated country's days: arrivals, issues to clients, and supply down the levels."""

from datetime import date, timedelta
from random import Random

from pipelines.simulation import losses
from pipelines.simulation.book import Book, Move
from pipelines.simulation.demand import Demand
from pipelines.simulation.donors import Donors
from pipelines.simulation.items import Item
from pipelines.simulation.places import Store
from pipelines.simulation.records import Ids
from pipelines.simulation.setup import CLIENTS
from pipelines.simulation.transport import Transport

# level of the customer → days between supplies, days of use it is filled up to, days on the way
SUPPLY = {"regional": (21, 80, (4, 9)), "hospital": (28, 62, (2, 7)), "centre": (28, 62, (2, 7))}
DISPENSARY = (7, 18, (0, 0))  # from the main store of its own hospital
ISSUES = (0, 2, 4)  # weekdays on which hospitals write what clients took; centres have one
LATE, LATE_DAYS = 0.12, (8, 25)  # chance that a shipment is late, and how late
SHORT = 0.10  # chance that a line is sent at half
LIFE_LEFT = 21  # days before expiry from which a batch is not sent any more
RETURN, CANCEL = 0.08, 0.006  # chance per supply, chance per issue


class Trade:
    """All stores' books, and what is on the way between them."""

    def __init__(
        self, seed: int, stores: list[Store], items: tuple[Item, ...], start: date, receipts: str
    ) -> None:
        """`stores` stand with suppliers before their customers; `receipts` as `Country` says."""
        self.ids = Ids(seed)
        self.books = {store.code: Book(self.ids, store) for store in stores}
        self._stores = stores
        self._items = items
        self._start = start
        self._transport = Transport(self.ids, self.books, receipts)
        self._demand = Demand(seed, stores, items, start)
        self._donors = Donors(self.ids, seed, items, self._demand.planned, start)
        self._rng = {store.code: Random(f"{seed}/trade/{store.code}") for store in stores}
        self._phase = {code: rng.randrange(28) for code, rng in self._rng.items()}
        self._need = {code: dict.fromkeys(self._demand.planned[code], 0.0) for code in self.books}
        for store in stores:
            self._donors.fill(self.books[store.code], self._rng[store.code])

    def run(self, day: date, days: int) -> None:
        """One day of the whole country; `days` is how long the simulation lasts."""
        self._donors.deliver(self.books["NMS"], day, days)
        self._transport.arrive(day)
        for store in self._stores:
            book, rng = self.books[store.code], self._rng[store.code]
            invad = self.ids.of("name", "invad")
            losses.run(book, invad, day, (day - self._start).days + self._phase[store.code], rng)
            if store.level in CLIENTS:
                self._issue(store, day, rng)
            if store.supplier:
                self._supply(store, day, rng)

    def _issue(self, store: Store, day: date, rng: Random) -> None:
        """What clients have come to need since the last issue, as far as there is stock."""
        book, need = self.books[store.code], self._need[store.code]
        weekdays = (self._phase[store.code] % 5,) if store.level == "centre" else ISSUES
        moves: list[Move] = []
        for item in self._items:
            if item.code not in need:
                continue
            need[item.code] += self._demand.of_day(store, item, day, rng)
            if day.weekday() not in weekdays:
                continue
            found = book.pick(item, need[item.code], day)
            moves += found
            need[item.code] -= sum(-packs * line.pack_size for line, packs in found)
            if not book.usable(item, day):  # clients go without; they do not all come back
                need[item.code] = min(need[item.code], item.pack_size)
        if not moves:
            return
        clients = self.ids.of("name", CLIENTS[store.level])
        issue = book.post("ci", clients, day, moves)
        if rng.random() < CANCEL:
            back = [(line, -packs) for line, packs in moves]
            told = {"linked_transaction_id": issue["ID"], "comment": "Cancelled: wrong client"}
            book.post("ci", clients, day, back, told)
            for line, packs in moves:
                need[line.item.code] -= packs * line.pack_size

    def _supply(self, store: Store, day: date, rng: Random) -> None:
        """Fill a store up from its supplier when its turn has come; now and then it returns."""
        interval, cover, lag = DISPENSARY if store.mode == "dispensary" else SUPPLY[store.level]
        if ((day - self._start).days + self._phase[store.code]) % interval:
            return
        book, supplier = self.books[store.code], self.books[store.supplier]
        moves: list[Move] = []
        for item in self._items:
            planned = self._demand.planned[store.code].get(item.code, 0.0)
            owed = self._transport.units(store, item)
            wanted = planned * cover - book.usable(item, day) - owed
            if wanted > planned * 5:
                sent = wanted / 2 if rng.random() < SHORT else wanted
                moves += supplier.pick(item, sent, day + timedelta(days=LIFE_LEFT))
        if moves:
            late = lag[1] and rng.random() < LATE
            days = rng.randint(*lag) + (rng.randint(*LATE_DAYS) if late else 0)
            self._transport.send("ci", supplier.store, store, day, moves, days)
        if rng.random() < RETURN and lag[1]:
            self._return(store, day, rng)

    def _return(self, store: Store, day: date, rng: Random) -> None:
        """Send half of one plentiful batch back to the supplier."""
        lines = [line for lines in self.books[store.code].lines.values() for line in lines]
        plenty = [line for line in lines if line.packs >= 6 and line.expiry > day]
        if plenty:
            line = rng.choice(plenty)
            moves = [(line, -(line.packs // 2))]
            supplier = self.books[store.supplier].store
            self._transport.send("sc", store, supplier, day, moves, rng.randint(3, 8))
