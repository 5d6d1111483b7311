"""What a site with `transfers = site` writes back when the other half of a transfer arrives."""

from pipelines.simulation.held import Record
from pipelines.simulation.site import Site

# what the receiver has done, which the sender's half takes over; open mSupply's words
RECEIVED = ("DELIVERED_NO_STOCK", "DELIVERED", "VERIFIED")
LINK = {"transact": "linked_transaction_id", "requisition": "linked_requisition_id"}


def back(site: Site, table: str, half: Record) -> None:
    """Link a half of this site's own to the one that answers it, and take over how far it is."""
    key = LINK[table]
    ours = site.held.get(table, half.get(key) or "")
    if ours is None or ours["store_ID"] not in site.stores() or half["store_ID"] in site.stores():
        return
    told: Record = {} if ours.get(key) else {key: half["ID"]}
    status = half.get("om_status") or ""
    if table == "requisition":
        done = half["status"] == "fn" and ours.get("om_status") != "FINALISED"
        told |= {"om_status": "FINALISED"} if done else {}
    elif status in RECEIVED and status != ours.get("om_status") != "VERIFIED":
        told |= {"om_status": status}
    if told:
        site.write(table, ours | told)
