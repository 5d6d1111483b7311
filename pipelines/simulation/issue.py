"""What clients take: use that nobody writes a prescription for."""

from datetime import date

from pipelines.simulation.book import Move
from pipelines.simulation.keeper import Keeper
from pipelines.simulation.setup import CLIENTS

ISSUES = (0, 2, 4)  # weekdays on which hospitals write what clients took; centres have one
CANCEL = 0.015  # chance that an issue is taken back


def opens(keeper: Keeper, day: date) -> bool:
    """Whether the store writes on a day what its clients took."""
    if keeper.store.level == "centre":
        return day.weekday() == keeper.world.calendar.phase(keeper.store, day.min) % 5
    return day.weekday() in ISSUES


def fall_ill(keeper: Keeper, day: date) -> None:
    """What clients come to need on a day, as far as they have gone without."""
    for item in keeper.world.items:
        if item.code in keeper.need:
            needed = keeper.world.demand.of_day(keeper.store, item, day, keeper.rng)
            keeper.need[item.code] += needed


def run(keeper: Keeper, day: date) -> None:
    """Issue what clients have come to need since the last issue, as far as there is stock."""
    moves: list[Move] = []
    for item in keeper.world.items:
        if item.code in keeper.need:
            moves += take(keeper, item.code, keeper.need[item.code], day)
            if not keeper.book.usable(keeper.world.item_id[item.code], day):
                # Clients go without; they do not all come back.
                keeper.need[item.code] = min(keeper.need[item.code], item.pack_size)
    if not moves:
        return
    clients = keeper.world.ids.of("name", CLIENTS[keeper.store.level])
    issue = keeper.book.post("ci", clients, day, moves)
    if keeper.rng.random() < CANCEL:
        back = [(line, -packs) for line, packs in moves]
        told = {"linked_transaction_id": issue["ID"], "comment": "Cancelled: wrong client"}
        keeper.book.post("ci", clients, day, back, more=told)
        for line, packs in moves:
            code = keeper.world.item[keeper.site.kept("item", line["item_ID"])].code
            keeper.need[code] -= packs * line["pack_size"]


def take(keeper: Keeper, code: str, units: float, day: date) -> list[Move]:
    """Packs for what clients need of an item; what they get they need no longer."""
    found = keeper.book.pick(keeper.world.item_id[code], units, day)
    keeper.need[code] -= sum(-packs * line["pack_size"] for line, packs in found)
    return found
