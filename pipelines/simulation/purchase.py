"""Orders by purchase order: T4 asks, T5 sends, T6 adds up what was received."""

from datetime import date, timedelta
from random import Random

from pipelines.simulation import shipment
from pipelines.simulation.book import Move
from pipelines.simulation.held import Record
from pipelines.simulation.keeper import Keeper
from pipelines.simulation.records import NO_DATE, blank, finalised
from pipelines.simulation.site import Site

BY_HAND = 0.7  # chance that the supplier adds a line by hand
WAY = (2, 6)  # days that goods are on the way
GIVEN_UP = 40  # days after which an order is finalised whatever came


def order(keeper: Keeper, day: date) -> None:
    """Confirm a purchase order to the supplier when the store's turn has come.

    With centralised procurement the keeper is one at the primary, who works on its collector copy.
    """
    if not keeper.world.calendar.orders(keeper.store, day):
        return
    if wanted := keeper.wants(day):
        number = keeper.site.next_number("purchase_order", keeper.id)
        id = keeper.world.ids.of("purchase_order", keeper.store.code, number)
        lines = []
        for at, (item, units) in enumerate(wanted, start=1):
            line = _line(keeper, id, at, keeper.world.item_id[item.code])
            price = item.cost * units / item.pack_size
            line |= {"item_name": item.name, "packsize_ordered": item.pack_size}
            line |= {"quan_original_order": units, "quan_adjusted_order": units}
            line |= {"price_per_pack_before_discount": item.cost}
            line |= {"price_expected_after_discount": item.cost}
            lines.append(line | {"price_extension_expected": round(price, 2)})
        total = round(sum(line["price_extension_expected"] for line in lines), 2)
        told = {"Order_total_before_discount": total, "Order_total_after_discount": total}
        keeper.site.write("purchase_order", _header(keeper, id, number, day) | told)
        for line in lines:
            keeper.site.write("purchase_order_line", line)


def fill(keeper: Keeper, day: date) -> None:
    """Turn the placeholders of an invoice that the hub made of an order into goods, and send them.

    What the store lacks is left out; with nothing at all the invoice waits.
    """
    for paper in keeper.open("transact"):
        lines = keeper.site.held.lines("trans_line", paper["ID"])
        ordered = [line for line in lines if line["type"] == "placeholder"]
        if not paper["original_PO_ID"] or paper["invoice_num"] < 1 or not ordered:
            continue
        moves: list[tuple[Move, str]] = []
        for line in ordered:
            item = keeper.site.kept("item", line["item_ID"])
            units = line["quantity"] * line["pack_size"]
            found = keeper.book.pick(item, units, shipment.fresh(day))
            moves += [(move, line.get("order_lines_ID") or "") for move in found]
        if not moves:
            continue
        for line in ordered:
            keeper.site.delete("trans_line", line["ID"])
        for at, (move, order_line) in enumerate(moves, start=1):
            _take(keeper, paper, at, move, order_line)
        if keeper.rng.random() < BY_HAND:
            for move in _more(keeper, ordered, day):
                moves.append((move, ""))
                _take(keeper, paper, len(moves), move, "")
        total = round(sum(-packs * stock["cost_price"] for (stock, packs), _ in moves), 2)
        told = {"total": total, "subtotal": total, "confirm_date": day.isoformat()}
        keeper.site.write("transact", paper | finalised(day) | told)


def receive(keeper: Keeper, day: date) -> None:
    """Finalise goods received that have come: a supplier invoice of the site's own brings stock."""
    held = keeper.site.held
    for goods in keeper.open("Goods_received"):
        order = held.get("purchase_order", goods["purchase_order_ID"])
        rng = Random(f"{keeper.world.seed}/way/{goods['ID']}")
        entered = date.fromisoformat(goods["entry_date"][:10])
        if goods["serial_number"] < 1 or order is None:
            continue
        if entered + timedelta(days=rng.randint(*WAY)) > day:
            continue
        moves: list[Move] = []
        for line in held.lines("Goods_received_line", goods["ID"]):
            stock, packs = _stock(keeper, line, order["name_ID"])
            moves.append((stock, packs))
        told = {"goods_received_ID": goods["ID"], "their_ref": goods["supplier_reference"]}
        if moves:
            keeper.book.post("si", order["name_ID"], day, moves, more=told)
        keeper.site.write("Goods_received", goods | {"status": "fn"})


def add_up(keeper: Keeper, day: date) -> None:
    """What was received of each line of the orders that this site may edit (T6).

    An order is finalised when all of it has come, or nothing more is to be expected.
    """
    site = keeper.site
    for order in keeper.open("purchase_order"):
        lines = site.held.lines("purchase_order_line", order["ID"])
        came = received(site, order["ID"])
        for line in lines:
            packs, _ = came.get(line["ID"], (0, 0))
            if packs != line["quan_rec_to_date"]:
                site.write("purchase_order_line", line | {"quan_rec_to_date": packs})
        whole = all(came.get(it["ID"], (0, 0))[1] >= it["quan_adjusted_order"] for it in lines)
        since = (day - date.fromisoformat(order["confirm_date"][:10])).days
        if whole or since > GIVEN_UP:
            site.write("purchase_order", order | {"status": "fn"})


def received(site: Site, order: str) -> dict[str, tuple[float, float]]:
    """What has come of an order, by order line: packs, and units."""
    came: dict[str, tuple[float, float]] = {}
    for goods in site.held.table("Goods_received").values():
        if goods["purchase_order_ID"] == order:
            for line in site.held.lines("Goods_received_line", goods["ID"]):
                packs, units = came.get(line["order_line_ID"], (0, 0))
                packs += line["quantity_received"]
                units += line["quantity_received"] * line["pack_received"]
                came[line["order_line_ID"]] = packs, units
    return came


def _stock(keeper: Keeper, line: Record, source: str) -> Move:
    """The new stock line for what a Goods_received_line brings, and its packs."""
    item_id = keeper.site.kept("item", line["item_ID"])
    item = keeper.world.item.get(item_id)
    size = shipment.whole(line["pack_received"])
    stock = keeper.book.open_line(
        item_id, line["batch_received"], line["expiry_date"][:10], size, line["cost_price"],
        bool(item and item.cold),
    )  # fmt: skip
    stock["name_ID"] = source
    return stock, int(line["quantity_received"])


def _take(keeper: Keeper, paper: Record, at: int, move: Move, order_line: str) -> None:
    """Take packs out of stock for the `at`-th line of an invoice that answers an order."""
    stock, packs = move
    told = {"order_lines_ID": order_line}
    keeper.book.write_line(paper["ID"], at, "stock_out", stock, -packs, **told)
    keeper.book.move(stock, packs)


def _more(keeper: Keeper, ordered: list[Record], day: date) -> list[Move]:
    """A pack of something that was not ordered, or else one more of something that was."""
    asked = {keeper.site.kept("item", line["item_ID"]) for line in ordered}
    after = shipment.fresh(day).isoformat()
    lines = [line for line in keeper.book.all_lines() if line["expiry_date"] > after]
    lines.sort(key=lambda line: keeper.site.kept("item", line["item_ID"]) in asked)
    return [(line, -1) for line in lines[:1]]


def _header(keeper: Keeper, id: str, number: int, day: date) -> Record:
    """A confirmed `purchase_order` of the store, of a day."""
    record: Record = {"ID": id, "name_ID": keeper.supplier, "store_ID": keeper.id}
    record |= {"serial_number": number, "status": "cn", "creation_date": day.isoformat()}
    record |= {"confirm_date": day.isoformat(), "target_months": 3, "curr_rate": 1}
    record |= {"currency_ID": keeper.world.ids.of("currency", "USD"), "is_authorised": True}
    dates = "po_sent_date Date_contract_signed Date_advance_payment Date_goods_received_at_port"
    record |= dict.fromkeys([*dates.split(), "requested_delivery_date"], NO_DATE)
    charges = "agent_commission document_charge communications_charge insurance_charge"
    record |= dict.fromkeys([*charges.split(), "freight_charge", "supplier_discount_amount"], 0)
    texts = "comment reference created_by supplier_agent authorizing_officer_1 heading_message"
    return record | blank(f"{texts} authorizing_officer_2 freight_conditions donor_id")


def _line(keeper: Keeper, order: str, at: int, item: str) -> Record:
    id = keeper.world.ids.of("purchase_order_line", order, at)
    record: Record = {"ID": id, "store_ID": keeper.id, "purchase_order_ID": order}
    record |= {"line_number": at, "item_ID": item, "snapshot_quantity": 0, "quan_rec_to_date": 0}
    record |= {"delivery_date_requested": NO_DATE, "delivery_date_expected": NO_DATE}
    return record | blank("comment manufacturer_ID note pack_units supplier_item_code")
