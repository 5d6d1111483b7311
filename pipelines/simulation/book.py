"""One store's stock and its papers: every movement goes through both, so they always agree."""

from datetime import date

from pipelines.simulation.items import Item
from pipelines.simulation.places import Store
from pipelines.simulation.records import (
    Ids,
    Record,
    StockLine,
    change,
    item_line,
    trans_line,
    transact,
)

INWARD = ("si", "cc")
Move = tuple[StockLine, int]  # packs, above 0 into stock, below out of it


class Book:
    """The stock lines of a store, and the changes that its site has yet to send."""

    def __init__(self, ids: Ids, store: Store) -> None:
        """Begin with nothing in stock and nothing to send but the store's locations."""
        self.store = store
        self.lines: dict[str, list[StockLine]] = {}
        self._ids = ids
        self._id = ids.of("store", store.code)
        self._invoices = 0
        self._opened = 0
        self._touched: dict[str, StockLine] = {}
        self._changes = [
            change("Location", self._location(code, text))
            for code, text in (("MAIN", "Main shelves"), ("COLD", "Refrigerator"))
        ]

    def usable(self, item: Item, day: date) -> int:
        """The units in stock of an item that expire after a day."""
        lines = self.lines.get(item.code, [])
        return sum(line.packs * line.pack_size for line in lines if line.expiry > day)

    def pick(self, item: Item, units: float, day: date) -> list[Move]:
        """Whole packs for at most `units`, first expired first out, of what expires after a day.

        The movements are below 0 and not yet made.
        """
        moves: list[Move] = []
        for line in self.lines.get(item.code, []):
            packs = min(line.packs, int(units // line.pack_size))
            if packs > 0 and line.expiry > day:
                moves.append((line, -packs))
                units -= packs * line.pack_size
        return moves

    def open_line(
        self, item: Item, batch: str, expiry: date, pack_size: int, cost: float, source: str
    ) -> StockLine:
        """A new, empty stock line; `source` is the id of the name that supplied it."""
        self._opened += 1
        id = self._ids.of("item_line", self.store.code, self._opened)
        place = self._ids.of("Location", self.store.code, "COLD" if item.cold else "MAIN")
        line = StockLine(id, item, batch, expiry, pack_size, cost, 0, source, place)
        lines = self.lines.setdefault(item.code, [])
        lines.append(line)
        lines.sort(key=lambda other: other.expiry)
        return line

    def post(
        self,
        kind: str,
        other: str,
        day: date,
        moves: list[Move],
        more: Record | None = None,
        written: bool = True,
    ) -> Record:
        """Make movements and write their finalised transact, which is returned.

        `other` is a name's id, `more` are further keys of the transact. An outward transact whose
        movements come in takes back an earlier one: its quantities are below 0, as desktop sites
        write it. With `written` off stock moves without a paper: the hub makes it. ValueError
        when a stock line would fall below zero.
        """
        self._invoices += 1
        id = self._ids.of("transact", self.store.code, self._invoices)
        total = round(sum(abs(packs) * line.cost for line, packs in moves), 2)
        sign = 1 if kind in INWARD else -1
        header = transact(self._ids, id, self._id, other, kind, day, self._invoices, total)
        header |= more or {}
        if sign * moves[0][1] < 0:
            header |= {"is_cancellation": True, "total": -total, "subtotal": -total}
        papers = [change("transact", header)]
        for number, (line, packs) in enumerate(moves, start=1):
            if line.packs + packs < 0:
                raise ValueError(f"{self.store.code} has {line.packs} packs, not {-packs}")
            line.packs += packs
            self._touched[line.id] = line
            of_type = "stock_in" if sign > 0 else "stock_out"
            record = trans_line(self._ids, id, number, line, of_type, sign * packs)
            papers.append(change("trans_line", record))
        if written:
            self._changes += papers
        return header

    def drain(self) -> list[Record]:
        """What is to be sent since the last time; each stock line touched stands at the end."""
        touched = sorted(self._touched.values(), key=lambda line: line.id)
        changes = self._changes
        changes += [change("item_line", item_line(self._ids, self._id, line)) for line in touched]
        self._changes, self._touched = [], {}
        return changes

    def _location(self, code: str, text: str) -> Record:
        id = self._ids.of("Location", self.store.code, code)
        record = {"ID": id, "Description": text, "code": code, "hold": False}
        return record | {"store_ID": self._id, "type_ID": "", "Volume": 0}
