"""Orders by requisition (T3): a store asks its supplier, which answers with a shipment."""

from datetime import date

from pipelines.simulation import halves, shipment
from pipelines.simulation.book import Move
from pipelines.simulation.held import Record
from pipelines.simulation.keeper import Keeper
from pipelines.simulation.records import requisition, requisition_line

DRAFT, DROPPED = 0.2, 0.15  # chance that a request waits a day, and that it is then dropped
SHORT = 0.10  # chance that a line is supplied at half
PATIENCE = 12  # days that a request waits for a supplier who has none of it


def order(keeper: Keeper, day: date) -> None:
    """Ask the supplier when the store's turn has come; yesterday's drafts are sent or dropped."""
    for draft in keeper.open("requisition"):
        if draft["type"] == "request" and draft["date_entered"] < day.isoformat():
            if keeper.rng.random() < DROPPED:
                _drop(keeper, draft)
            else:
                _send(keeper, draft, day)
    if keeper.store.orders != "requisition" or not keeper.world.calendar.orders(keeper.store, day):
        return
    if wanted := keeper.wants(day):
        number = keeper.site.next_number("requisition", keeper.id, "request")
        id = keeper.world.ids.of("requisition", keeper.store.code, number)
        cover = keeper.world.calendar.turn(keeper.store).cover
        request = requisition(id, keeper.id, keeper.supplier, "request", number, day)
        request |= {"daysToSupply": cover} | keeper.om(om_status="DRAFT")
        keeper.site.write("requisition", request)
        for at, (item, units) in enumerate(wanted, start=1):
            item_id = keeper.world.item_id[item.code]
            line = requisition_line(keeper.world.ids.of("requisition_line", id, at), id, item_id)
            line |= {"itemName": item.name, "Cust_stock_order": units, "suggested_quantity": units}
            line |= {"stock_on_hand": keeper.book.usable(item_id, day)}
            line |= {"daily_usage": round(keeper.planned[item.code], 3)}
            keeper.site.write("requisition_line", line)
        if keeper.rng.random() >= DRAFT:
            _send(keeper, request, day)


def answer(keeper: Keeper, day: date) -> None:
    """Supply what was asked of the store, as far as it has it, and finalise the response."""
    for response in keeper.open("requisition"):
        if response["type"] != "response" or response["serial_number"] < 1:
            continue
        waited = (day - date.fromisoformat(response["date_entered"][:10])).days
        lines = keeper.site.held.lines("requisition_line", response["ID"])
        moves: list[Move] = []
        for line in lines:
            asked = line["Cust_stock_order"] * (0.5 if keeper.rng.random() < SHORT else 1)
            item = keeper.site.kept("item", line["item_ID"])
            found = keeper.book.pick(item, asked, shipment.fresh(day))
            supplied = sum(-packs * stock["pack_size"] for stock, packs in found)
            if supplied:
                keeper.site.write("requisition_line", line | {"actualQuan": supplied})
            moves += found
        if moves:
            ours = keeper.site.kind == "open_msupply"
            asked_by = response["ID"] if ours else response["linked_requisition_id"]
            told = {"requisition_ID": asked_by}
            shipment.send(keeper, "ci", response["name_ID"], day, moves, **told)
        if moves or waited > PATIENCE:
            done = response | {"status": "fn"} | keeper.om(om_status="FINALISED")
            keeper.site.write("requisition", done)


def _send(keeper: Keeper, request: Record, day: date) -> None:
    sent = request | {"status": "fn"} | keeper.om(om_status="SENT")
    keeper.site.write("requisition", sent)
    halves.here(keeper, "requisition", sent, day)


def _drop(keeper: Keeper, draft: Record) -> None:
    for line in keeper.site.held.lines("requisition_line", draft["ID"]):
        keeper.site.delete("requisition_line", line["ID"])
    keeper.site.delete("requisition", draft["ID"])
