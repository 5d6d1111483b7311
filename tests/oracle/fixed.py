"""Histories of what random ones seldom come to, by the route of the model's that says it."""

from .history import History, Line, Segment, Step

PATIENT = {"type": "patient", "supplying_store_id": "D#"}
PRESCRIPTION = {"store_ID": "D#", "name_ID": "P1D#", "type": "ci", "mode": "dispensary"}
MOVE = {"type": "home_store_change", "status": "new", "toStoreID": "D#",
        "body": {"name_ID": "P1D#", "to_store_ID": "B#"}}  # fmt: skip

# A patient moves from D (site 11) to B (site 12) with prescriptions, one of the very last cycle.
NEW_HOME = History(
    (
        Step((
            Segment(11, (
                Line("update", "name", "P1D#", PATIENT),
                Line("update", "transact", "rx1#", PRESCRIPTION),
                Line("update", "trans_line", "l1#", {"transaction_ID": "rx1#"}),
            )),
        )),
        Step((Segment(1, (Line("update", "message", "hs#", MOVE),)),)),
        Step((Segment(11, (Line("update", "transact", "rx2#", PRESCRIPTION),)),)),
        Step((Segment(11, (Line("update", "transact", "rx1#", PRESCRIPTION | {"n": 1}),)),)),
    )
)  # fmt: skip


def goods(number: int, store: str) -> tuple[Line, Line]:
    """What was received for the order of store A, in a store."""
    data = {"goods_received_ID": f"g{number}#", "order_line_ID": "ol#", "quantity_received": number}
    told = {"store_ID": f"{store}#", "purchase_order_ID": "po#"}
    return (
        Line("update", "Goods_received", f"g{number}#", told),
        Line("update", "Goods_received_line", f"gl{number}#", data),
    )


# Goods are received before and after site 11 centralises procurement, at last at another site.
RECEIVED = History(
    (
        Step((
            Segment(11, (
                Line("update", "purchase_order", "po#", {"store_ID": "A#", "name_ID": "SUP#"}),
                Line("update", "purchase_order_line", "ol#", {"purchase_order_ID": "po#"}),
                *goods(1, "A"),
            )),
        )),
        Step((
            Segment(11, (
                Line("update", "hub_preference", "hp#",
                     {"key": "centralised_procurement", "site_ID": 11, "value": True}),
            )),
        )),
        Step((Segment(11, goods(2, "A")),)),
        Step((Segment(12, goods(3, "B")),)),
    )
)  # fmt: skip

FIXED = {"of_move": NEW_HOME, "of_receipt": RECEIVED}
