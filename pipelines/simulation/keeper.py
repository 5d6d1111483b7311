"""The keeper of one store: what every rule of the play is given."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from pipelines.simulation.book import Book
from pipelines.simulation.calendar import Calendar
from pipelines.simulation.demand import Demand
from pipelines.simulation.donors import Donors
from pipelines.simulation.held import Record
from pipelines.simulation.items import Item
from pipelines.simulation.places import Store
from pipelines.simulation.records import Ids
from pipelines.simulation.site import Site

RECENT = 30  # days after which an unanswered order is given up
DAMPED = 5  # days of use below which nothing is ordered


@dataclass
class World:
    """What is the same for every keeper."""

    seed: int
    ids: Ids
    items: tuple[Item, ...]
    calendar: Calendar
    demand: Demand
    donors: Donors

    def __post_init__(self) -> None:
        self.item_id = {item.code: self.ids.of("item", item.code) for item in self.items}
        self.item = {self.item_id[item.code]: item for item in self.items}


class Keeper:
    """One store as its site works it: its book, its chances, what its clients still need."""

    def __init__(self, world: World, site: Site, store: Store) -> None:
        """`store` is active at `site`."""
        self.world = world
        self.site = site
        self.store = store
        self.book = Book(site, world.ids, store.code)
        self.id = world.ids.of("store", store.code)
        self.name = world.ids.of("name", store.code)
        self.supplier = world.ids.of("name", store.supplier)
        self.rng = Random(f"{world.seed}/play/{store.code}")
        self.planned = world.demand.planned[store.code]
        self.need = dict.fromkeys(self.planned, 0.0)

    def open(self, table: str) -> list[Record]:
        """The store's papers that are not finalised."""
        return self.site.held.open(table, self.id)

    def om(self, **keys: Any) -> Record:
        """Keys that only open mSupply sites write."""
        return keys if self.site.kind == "open_msupply" else {}

    def wants(self, day: date) -> list[tuple[Item, int]]:
        """What the store is to order: items, with units in whole packs, up to its cover."""
        coming = self._coming(day)
        cover = self.world.calendar.turn(self.store).cover
        found = []
        for item in self.world.items:
            id, planned = self.world.item_id[item.code], self.planned.get(item.code, 0.0)
            lacking = planned * cover - self.book.usable(id, day) - coming.get(id, 0)
            packs = int(lacking // item.pack_size)
            if packs > 0 and lacking > planned * DAMPED:
                found.append((item, packs * item.pack_size))
        return found

    def _coming(self, day: date) -> dict[str, float]:
        """Units by item that are ordered or on the way to the store, as far as its site knows."""
        held = self.site.held
        units: dict[str, float] = {}
        received = held.table("Goods_received").values()

        def add(lines: list[Record], quantity: str, size: str = "") -> None:
            for line in lines:
                item = self.site.kept("item", line["item_ID"])
                units[item] = units.get(item, 0) + line[quantity] * (line[size] if size else 1)

        for paper in self.open("transact"):
            if paper["type"] == "si":
                add(held.lines("trans_line", paper["ID"]), "quantity", "pack_size")
        for order in self.open("purchase_order"):
            if not any(it["purchase_order_ID"] == order["ID"] for it in received):
                add(held.lines("purchase_order_line", order["ID"]), "quan_adjusted_order")
        for goods in self.open("Goods_received"):
            lines = held.lines("Goods_received_line", goods["ID"])
            add(lines, "quantity_received", "pack_received")
        since = (day - timedelta(days=RECENT)).isoformat()
        answered = {paper.get("requisition_ID") for paper in held.table("transact").values()}
        for request in held.table("requisition").values():
            ours = request["store_ID"] == self.id and request["type"] == "request"
            answers = {request["ID"], request["linked_requisition_id"] or request["ID"]}
            if ours and request["date_entered"] > since and not answers & answered:
                add(held.lines("requisition_line", request["ID"]), "Cust_stock_order")
        return units
