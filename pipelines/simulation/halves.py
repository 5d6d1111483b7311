"""Responding halves that a site makes itself, as open mSupply does.

Every site makes them for a transfer between two of its own stores; a site with `transfers = site`
also for what other sites' stores send to its stores. A half is made once: its id follows from the
initiating half's.
"""

from datetime import date

from pipelines.simulation.held import Record
from pipelines.simulation.keeper import Keeper
from pipelines.simulation.records import (
    Ids,
    blank,
    requisition,
    requisition_line,
    transact,
)
from pipelines.simulation.site import Site

RESPONDS = {"ci": "si", "sc": "cc"}
OM_TYPE = {"si": "INBOUND_SHIPMENT", "cc": "CUSTOMER_RETURN"}
LINES = {"requisition": "requisition_line", "transact": "trans_line"}


def here(keeper: Keeper, table: str, source: Record, day: date) -> None:
    """Answer a half that one of a site's stores has initiated, if the other store is there too."""
    make(keeper.site, keeper.world.ids, table, source["ID"], day)


def make(site: Site, ids: Ids, table: str, id: str, day: date) -> None:
    """Make, renew or delete the half that responds to one, if it is this site's to do."""
    half_id = ids.of("half", table, id)
    half = site.held.get(table, half_id)
    source = site.held.get(table, id)
    if source is None:
        if half is not None and half.get("om_status") == "PICKED":
            _delete(site, table, half_id)
        return
    store = site.store_of(source["name_ID"])
    if store is None or store["ID"] not in site.stores() or source["store_ID"] == store["ID"]:
        return
    if table == "requisition":
        if half is None and source["type"] == "request" and source["status"] == "fn":
            _respond(site, ids, half_id, source, store, day)
    elif source["type"] in RESPONDS and source.get("mode") != "dispensary":
        _receive(site, ids, half_id, source, store, day)


def _respond(site: Site, ids: Ids, id: str, source: Record, store: Record, day: date) -> None:
    """The response requisition of a request."""
    number = site.next_number("requisition", store["ID"], "response")
    other = _name_of(site, source)
    half = requisition(id, store["ID"], other, "response", number, day)
    copied = ("comment", "programID", "periodID", "daysToSupply", "thresholdMOS")
    half |= {key: source[key] for key in copied if key in source}
    half |= {"linked_requisition_id": source["ID"]}
    half |= {"requester_reference": f"From internal order {source['serial_number']}"}
    if site.kind == "open_msupply":
        half |= {"om_status": "NEW"}
    site.write("requisition", half)
    copied = ("item_ID", "itemName", "Cust_stock_order", "suggested_quantity", "stock_on_hand")
    for line in site.held.lines("requisition_line", source["ID"]):
        made = requisition_line(ids.of("half", line["ID"]), id, line["item_ID"])
        made |= {key: line[key] for key in (*copied, "daily_usage", "comment") if key in line}
        site.write("requisition_line", made)


def _receive(site: Site, ids: Ids, id: str, source: Record, store: Record, day: date) -> None:
    """The supplier invoice or customer credit of a shipment or return that is picked or left.

    While the half is Picked it only announces; when the goods leave its lines are made again.
    """
    half = site.held.get("transact", id)
    picked = source["status"] == "cn"
    if not picked and source["status"] != "fn":
        return
    kind = RESPONDS[source["type"]]
    if half is None:
        number = site.next_number("transact", store["ID"], kind)
        half = transact(id, store["ID"], _name_of(site, source), kind, number, day)
        half |= {"linked_transaction_id": source["ID"], "requisition_ID": _request(site, source)}
    elif picked or half.get("om_status") != "PICKED":
        return
    for line in site.held.lines("trans_line", id):
        site.delete("trans_line", line["ID"])
    total = sum(_line(site, ids, id, source, line) for line in _sent(site, source))
    copied = ("comment", "currency_ID", "currency_rate", "tax_rate")
    half = half | {key: source[key] for key in copied if key in source}
    half |= {"their_ref": f"From invoice number: {source['invoice_num']}"}
    half |= {"total": round(total, 2), "subtotal": round(total, 2)}
    if site.kind == "open_msupply":
        half |= {"om_type": OM_TYPE[kind], "om_status": "PICKED" if picked else "SHIPPED"}
    site.write("transact", half)


def _sent(site: Site, source: Record) -> list[Record]:
    lines = site.held.lines("trans_line", source["ID"])
    return [line for line in lines if line["type"] != "placeholder"]


def _line(site: Site, ids: Ids, id: str, source: Record, line: Record) -> float:
    """Write the line of a half that answers one of its source's; what it costs."""
    price = line["sell_price" if source["type"] == "ci" else "cost_price"]
    copied = "item_ID item_name batch expiry_date pack_size quantity note donor_id"
    record: Record = {"ID": ids.of("half", line["ID"], source["status"]), "transaction_ID": id}
    record |= {key: line[key] for key in copied.split() if key in line}
    record |= {"type": "service" if line["type"] == "service" else "stock_in"}
    record |= {"cost_price": price, "sell_price": price, "linked_transact_id": source["ID"]}
    record |= blank("item_line_ID location_ID optionID vaccine_vial_monitor_status_ID")
    site.write("trans_line", record | {"volume_per_pack": 0})
    return price * line["quantity"]


def _request(site: Site, source: Record) -> str:
    """The request that a shipment answers: it names the request, or the response to it."""
    named = site.held.get("requisition", source.get("requisition_ID") or "")
    if named is None:
        return ""
    return named["linked_requisition_id"] if named["type"] == "response" else named["ID"]


def _name_of(site: Site, source: Record) -> str:
    """The name of the store that initiated."""
    store = site.held.get("store", source["store_ID"])
    return store["name_ID"] if store else ""


def _delete(site: Site, table: str, id: str) -> None:
    lines = LINES[table]
    for line in site.held.lines(lines, id):
        site.delete(lines, line["ID"])
    site.delete(table, id)
