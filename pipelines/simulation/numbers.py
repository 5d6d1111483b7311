"""Numbers of responding halves that the hub made, and messages that tell the initiating store."""

from datetime import date

from pipelines.simulation.held import PAPERS, Record
from pipelines.simulation.records import MORNING, Ids
from pipelines.simulation.site import NUMBERS, Site

MADE = -1  # the number of a half that has none yet
LOG = "transfer_log"  # the type of messages that tell of a transfer


def give(site: Site, ids: Ids, day: date) -> None:
    """Give each half that has none the next number of its store, and tell the initiating store."""
    for store in site.stores():
        for table in PAPERS:
            key, kind_key = NUMBERS[table]
            for paper in site.held.open(table, store):
                if paper[key] == MADE:
                    number = site.next_number(table, store, paper.get(kind_key, ""))
                    site.write(table, paper | {key: number})
                    _tell(site, ids, table, paper, number, day)


def read(site: Site, id: str) -> None:
    """Note that a log of a transfer was read, if it is for one of the site's stores."""
    message = site.held.get("message", id)
    if message is None or message["type"] != LOG:  # of others the hub keeps the status
        return
    if message["status"] == "new" and message["toStoreID"] in site.stores():
        site.write("message", message | {"status": "processed"})


def _tell(site: Site, ids: Ids, table: str, paper: Record, number: int, day: date) -> None:
    name = paper.get("name_ID") or ""
    if table == "Goods_received":
        order = site.held.get("purchase_order", paper["purchase_order_ID"]) or {}
        name = order.get("name_ID", "")
    to = site.store_of(name)
    if to is None:
        return
    body: Record = {"table": table, "ID": paper["ID"], "number": number}
    record: Record = {"ID": ids.of("message", paper["ID"]), "toStoreID": to["ID"]}
    record |= {"fromStoreID": paper["store_ID"], "body": body, "type": LOG}
    record |= {"createdDate": day.isoformat(), "createdTime": MORNING, "status": "new"}
    site.write("message", record)
