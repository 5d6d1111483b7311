"""What orders received: rule T6."""

from . import making, owners
from .places import Places
from .state import State


def count(state: State) -> None:
    """Under centralised procurement, where the hub is the primary: the sums of goods received."""
    if state.options.central != state.options.primary:
        return
    places = Places(state)
    received: dict[str, float] = {}
    for goods in state.all("Goods_received_line"):
        line = goods.data.get("order_line_ID") or ""
        received[line] = received.get(line, 0) + (goods.data.get("quantity_received") or 0)
    orders = touched(state, set(received))
    for line in sorted(state.all("purchase_order_line"), key=lambda line: line.id):
        order = state.alive("purchase_order", line.data.get("purchase_order_ID") or "")
        if order is None or order.id not in orders:
            continue
        site, total = places.active.get(order.store), received.get(line.id, 0)
        counts = site and owners.in_force(state, "centralised_procurement", site)
        if counts and (line.data.get("quan_rec_to_date") or 0) != total:
            making.put(state, line.table, line.id, {**line.data, "quan_rec_to_date": total})
            line.centralised = True


def touched(state: State, received: set[str]) -> set[str]:
    """The orders of which this cycle changed goods received, or lines that some were for."""
    lines = {
        line.id
        for line in state.all("purchase_order_line")
        if line.changed == state.cycle and line.id in received
    }
    orders: set[str] = set()
    for goods in state.tables["Goods_received_line"].values():
        if goods.changed == state.cycle:
            lines.add(goods.data.get("order_line_ID") or "")
            receipt = state.alive("Goods_received", goods.data.get("goods_received_ID") or "")
            orders |= {receipt.data.get("purchase_order_ID") or ""} if receipt else set()
    known = [line for id in lines if (line := state.alive("purchase_order_line", id))]
    return orders | {line.data.get("purchase_order_ID") or "" for line in known}
