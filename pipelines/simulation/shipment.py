"""Goods between stores: shipments (T1) and returns (T2), sent by one, received by the other."""

from datetime import date, timedelta
from random import Random

from pipelines.simulation import halves
from pipelines.simulation.book import Move
from pipelines.simulation.held import Record
from pipelines.simulation.keeper import Keeper
from pipelines.simulation.records import confirmed, finalised

PICKED_FIRST = 0.25  # chance that goods are picked a day before they leave; always, in open mSupply
LIFE_LEFT = 21  # days before expiry from which a batch is not sent any more
WAY = {"regional": (2, 6), "hospital": (1, 5), "centre": (1, 5), "national": (2, 6)}
LATE, LATE_DAYS = 0.12, (8, 25)  # chance that goods are late, and how late
RETURN, LEAST = 0.004, 6  # chance per store and day, and the fewest packs of a batch
OM_TYPE = {"ci": "OUTBOUND_SHIPMENT", "sc": "SUPPLIER_RETURN"}


def fresh(day: date) -> date:
    """The day after which a batch must expire to be sent on a day."""
    return day + timedelta(days=LIFE_LEFT)


def send(keeper: Keeper, kind: str, other: str, day: date, moves: list[Move], **more: str) -> None:
    """Issue (`ci`) or return (`sc`) goods to the store that the name `other` stands for."""
    later = keeper.site.kind == "open_msupply" or keeper.rng.random() < PICKED_FIRST
    told = more | keeper.om(om_type=OM_TYPE[kind], om_status="PICKED" if later else "SHIPPED")
    paper = keeper.book.post(kind, other, day, moves, final=not later, more=told)
    if not later:
        halves.here(keeper, "transact", paper, day)


def dispatch(keeper: Keeper, day: date) -> None:
    """Finalise what was picked before: it leaves."""
    for paper in keeper.open("transact"):
        picked = paper["type"] in OM_TYPE and paper["status"] == "cn"
        if picked and paper["confirm_date"] < day.isoformat():
            left = paper | finalised(day) | keeper.om(om_status="SHIPPED")
            keeper.site.write("transact", left)
            halves.here(keeper, "transact", left, day)


def receive(keeper: Keeper, day: date) -> None:
    """Take goods into stock that have come, once their paper is there and has a number.

    The paper is taken off hold; in open mSupply it is received, and verified the day after.
    """
    for paper in keeper.open("transact"):
        if paper["type"] not in ("si", "cc") or paper["invoice_num"] < 1:
            continue
        if paper["status"] == "cn":
            verified = paper | finalised(day) | keeper.om(om_status="VERIFIED")
            keeper.site.write("transact", verified)
        elif paper.get("om_status") != "PICKED" and _arrives(keeper, paper) <= day:
            done = keeper.om(om_status="DELIVERED") or finalised(day)
            for line in keeper.site.held.lines("trans_line", paper["ID"]):
                if line["type"] == "stock_in":
                    stock(keeper, line, paper["name_ID"])
            keeper.site.write("transact", paper | confirmed(day) | done | {"hold": False})


def stock(keeper: Keeper, line: Record, source: str) -> None:
    """Put what a trans_line brings into a stock line of its own; `source` is the name's id."""
    item_id = keeper.site.kept("item", line["item_ID"])
    item = keeper.world.item.get(item_id)
    pack_size, cost = whole(line["pack_size"]), line["cost_price"]
    made = keeper.book.open_line(
        item_id, line["batch"], line["expiry_date"][:10], pack_size, cost, bool(item and item.cold)
    )
    made["name_ID"] = source
    keeper.book.move(made, whole(line["quantity"]))
    told = {"item_line_ID": made["ID"], "location_ID": made["location_ID"]}
    keeper.site.write("trans_line", line | told)


def give_back(keeper: Keeper, day: date) -> None:
    """Now and then send half of one plentiful batch back to the supplier."""
    if not keeper.store.supplier or keeper.rng.random() >= RETURN:
        return
    after = day.isoformat()
    plenty = [
        line
        for line in keeper.book.all_lines()
        if line["quantity"] >= LEAST and line["expiry_date"] > after
    ]
    if plenty:
        line = keeper.rng.choice(plenty)
        send(keeper, "sc", keeper.supplier, day, [(line, -int(line["quantity"] // 2))])


def whole(number: float) -> float:
    """A number without needless decimals."""
    return int(number) if number == int(number) else number


def _arrives(keeper: Keeper, paper: Record) -> date:
    """The day on which the goods of a supplier invoice or customer credit come."""
    rng = Random(f"{keeper.world.seed}/way/{paper['ID']}")
    entered = date.fromisoformat(paper["entry_date"][:10])
    if keeper.site.store_of(paper["name_ID"]) in keeper.site.stores().values():
        return entered
    late = rng.randint(*LATE_DAYS) if rng.random() < LATE else 0
    return entered + timedelta(days=rng.randint(*WAY[keeper.store.level]) + late)
