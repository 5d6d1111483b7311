"""One store's stock: its stock lines, and the papers that move them, which always agree."""

from datetime import date

from pipelines.simulation.held import Record
from pipelines.simulation.records import (
    Ids,
    confirmed,
    finalised,
    item_line,
    trans_line,
    transact,
)
from pipelines.simulation.site import Site

INWARD = ("si", "cc")
Move = tuple[Record, int]  # a stock line, and packs: above 0 into stock, below out of it


class Book:
    """The stock of a store, as records of its site."""

    def __init__(self, site: Site, ids: Ids, code: str) -> None:
        """The book of the store with a code, with what its site holds of it."""
        self.store = ids.of("store", code)
        self._site = site
        self._ids = ids
        self._code = code
        self._seen = site.held, len(site.merged)
        self._lines = self._read()

    def lines(self, item: str) -> list[Record]:
        """The stock lines of an item, by its id, first to expire first."""
        seen = self._site.held, len(self._site.merged)
        if seen != self._seen:  # the device was lost, or items were merged
            self._seen, self._lines = seen, self._read()
        return self._lines.get(item, [])

    def all_lines(self) -> list[Record]:
        """Every stock line with packs, item by item."""
        self.lines("")
        return [line for lines in self._lines.values() for line in lines if line["quantity"]]

    def usable(self, item: str, day: date) -> float:
        """The units in stock of an item that expire after a day."""
        after = day.isoformat()
        return sum(
            line["quantity"] * line["pack_size"]
            for line in self.lines(item)
            if line["expiry_date"] > after
        )

    def pick(self, item: str, units: float, day: date) -> list[Move]:
        """Whole packs for at most `units`, first expired first out, of what expires after a day.

        The movements are below 0 and not yet made.
        """
        moves: list[Move] = []
        after = day.isoformat()
        for line in self.lines(item):
            packs = min(line["quantity"], int(units // line["pack_size"]))
            if packs > 0 and line["expiry_date"] > after:
                moves.append((line, -packs))
                units -= float(packs * line["pack_size"])
        return moves

    def open_line(
        self, item: str, batch: str, expiry: str, pack_size: float, cost: float, cold: bool
    ) -> Record:
        """A new, empty stock line."""
        lines = self.lines(item)
        opened = 1 + sum(map(len, self._lines.values()))
        id = self._ids.of("item_line", self._code, opened)
        line = item_line(id, self.store, item, batch, expiry, pack_size, cost)
        line["location_ID"] = self._ids.of("Location", self._code, "COLD" if cold else "MAIN")
        lines = self._lines.setdefault(item, [])
        lines.append(line)
        lines.sort(key=lambda other: other["expiry_date"])
        return line

    def move(self, line: Record, packs: float) -> None:
        """Put packs into a stock line or take them out; ValueError when it lacks them."""
        if line["quantity"] + packs < 0:
            raise ValueError(f"{self._code} has {line['quantity']} packs, not {-packs}")
        line["quantity"] += packs
        line["available"] = line["quantity"]
        self._site.write("item_line", line)

    def post(
        self,
        kind: str,
        other: str,
        day: date,
        moves: list[Move],
        final: bool = True,
        more: Record | None = None,
    ) -> Record:
        """Make movements and write their transact, confirmed and, when `final`, finalised.

        `other` is a name's id, `more` are further keys. An outward transact whose movements come
        in takes back an earlier one: its quantities are below 0, as desktop sites write it.
        """
        sign = 1 if kind in INWARD else -1
        number = self._site.next_number("transact", self.store, kind)
        id = self._ids.of("transact", self._code, kind, number)
        header = transact(id, self.store, other, kind, number, day)
        total = sign * round(sum(packs * line["cost_price"] for line, packs in moves), 2)
        header |= {"currency_ID": self._ids.of("currency", "USD"), "total": total}
        header |= {"subtotal": total, "is_cancellation": total < 0}
        header |= confirmed(day) | (finalised(day) if final else {}) | (more or {})
        self._site.write("transact", header)
        for at, (line, packs) in enumerate(moves, start=1):
            self.write_line(id, at, "stock_in" if sign > 0 else "stock_out", line, sign * packs)
            self.move(line, packs)
        return header

    def write_line(
        self, paper: str, at: int, kind: str, line: Record, packs: float, **more: str
    ) -> None:
        """Write the `at`-th trans_line of a transact, for a stock line."""
        item = self._site.held.get("item", line["item_ID"]) or {}
        id = self._ids.of("trans_line", paper, at)
        record = trans_line(id, paper, kind, line, packs, item.get("item_name", ""))
        self._site.write("trans_line", record | {"line_number": at} | more)

    def _read(self) -> dict[str, list[Record]]:
        """The store's stock lines, by item."""
        lines: dict[str, list[Record]] = {}
        held = self._site.held.table("item_line").values()
        for line in sorted(held, key=lambda line: line["expiry_date"] or ""):
            if line["store_ID"] == self.store:
                lines.setdefault(self._site.kept("item", line["item_ID"]), []).append(line)
        return lines
