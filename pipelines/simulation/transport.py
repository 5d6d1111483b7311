"""Goods on the way in the simulated country: sent by one store, received by another later."""

from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.simulation.book import Book, Move
from pipelines.simulation.items import Item
from pipelines.simulation.places import Store
from pipelines.simulation.records import Ids


@dataclass(frozen=True)
class Shipment:
    """Goods on the way: what left `sender`, as out-movements, under its invoice's number."""

    kind: str  # what the receiver books: si, or cc for a return
    sender: Store
    receiver: Store
    number: int
    moves: list[Move]


class Transport:
    """What is on the way between stores; both ends' papers are written here."""

    def __init__(self, ids: Ids, books: dict[str, Book], receipts: str) -> None:
        """`books` are by store code; `receipts` as `Country` says."""
        self._ids = ids
        self._books = books
        self._hub_receives = receipts == "hub"
        self._coming: dict[date, list[Shipment]] = {}
        self._units: dict[tuple[str, str], int] = {}

    def units(self, store: Store, item: Item) -> int:
        """The units of an item that are on the way to a store."""
        return self._units.get((store.code, item.code), 0)

    def send(
        self, kind: str, sender: Store, receiver: Store, day: date, moves: list[Move], lag: int
    ) -> None:
        """Issue (`ci`) or return (`sc`) what `moves` take out; it arrives `lag` days later."""
        to = self._ids.of("name", receiver.code)
        paper = self._books[sender.code].post(kind, to, day, moves)
        answer = "si" if kind == "ci" else "cc"
        shipment = Shipment(answer, sender, receiver, paper["invoice_num"], moves)
        self._count(shipment, 1)
        if lag:
            self._coming.setdefault(day + timedelta(days=lag), []).append(shipment)
        else:
            self._receive(shipment, day)

    def arrive(self, day: date) -> None:
        """Receive what comes on a day."""
        for shipment in self._coming.pop(day, []):
            self._receive(shipment, day)

    def _receive(self, shipment: Shipment, day: date) -> None:
        book, sender = self._books[shipment.receiver.code], shipment.sender
        source = self._ids.of("name", sender.code)
        moves: list[Move] = []
        for line, packs in shipment.moves:
            into = book.open_line(
                line.item, line.batch, line.expiry, line.pack_size, line.cost, source
            )
            moves.append((into, -packs))
        self._count(shipment, -1)
        written = not self._hub_receives or sender.site == book.store.site
        told = {"their_ref": f"From invoice number: {shipment.number}"}
        book.post(shipment.kind, source, day, moves, told, written)

    def _count(self, shipment: Shipment, sign: int) -> None:
        for line, packs in shipment.moves:
            key = shipment.receiver.code, line.item.code
            self._units[key] = self._units.get(key, 0) - sign * packs * line.pack_size
