"""What a responding half says: the columns of the table of rules T."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .state import Record, State

Data = dict[str, Any]
# What is compared of a half: the keys that the rules name.
NAMED = (
    "store_ID", "name_ID", "type", "status", "hold", "invoice_num", "serial_number",
    "linked_transaction_id", "linked_transact_id", "linked_requisition_id", "original_PO_ID",
    "order_lines_ID", "purchase_order_ID", "order_line_ID", "their_ref", "requester_reference",
    "supplier_reference", "comment", "requisition_ID", "transaction_ID", "goods_received_ID",
    "item_ID", "batch", "pack_size", "quantity", "cost_price", "sell_price", "total",
    "Cust_stock_order", "stock_on_hand", "actualQuan", "pack_received", "quantity_received",
    "user_ID", "item_line_ID", "location_ID", "om_status", "quan_rec_to_date",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One rule: the tables of both halves and of their lines, and what they say.

    `parent` is the key by which an initiating line names its half, `child` the responding one's.
    """

    initiating: str
    lines: str
    parent: str
    when: str
    responding: str
    answers: str
    child: str
    nature: tuple[str, ...]
    half: Callable[[State, Record, str], Data]
    line: Callable[[State, Record, Record], Data | None]
    untouched: str = "nw"


def number(record: Record, key: str) -> str:
    told = record.data.get(key)
    return "" if told is None else str(told)


def copied(record: Record, *keys: str) -> Data:
    return {key: record.data.get(key) for key in keys}


def invoice(kind: str) -> Callable[[State, Record, str], Data]:
    """T1, T2: a supplier invoice, a customer credit."""

    def half(state: State, record: Record, request: str) -> Data:
        told = {"type": kind, "status": "nw", "hold": True, "linked_transaction_id": record.id}
        told |= {"their_ref": f"From invoice number: {number(record, 'invoice_num')}"}
        return told | copied(record, "comment") | {"requisition_ID": request, "invoice_num": -1}

    return half


def invoice_line(price: str) -> Callable[[State, Record, Record], Data | None]:
    def line(state: State, half: Record, record: Record) -> Data | None:
        if record.data.get("type") not in ("stock_out", "service"):
            return None
        cost = record.data.get(price) or 0
        told = {"type": "service" if record.data["type"] == "service" else "stock_in"}
        told |= copied(record, "item_ID", "batch", "quantity")
        size = {"pack_size": record.data.get("pack_size") or 1}
        return told | size | {"cost_price": cost, "sell_price": cost, "linked_transact_id": half.id}

    return line


def response(state: State, record: Record, request: str) -> Data:
    """T3."""
    told = {"type": "response", "status": "sg", "linked_requisition_id": record.id}
    told |= {"requester_reference": f"From internal order {number(record, 'serial_number')}"}
    return told | copied(record, "comment") | {"serial_number": -1}


def response_line(state: State, half: Record, record: Record) -> Data:
    return copied(record, "item_ID", "Cust_stock_order", "stock_on_hand") | {"actualQuan": 0}


def ordered(state: State, record: Record, request: str) -> Data:
    """T4."""
    told = {"type": "ci", "status": "nw", "original_PO_ID": record.id, "invoice_num": -1}
    told |= {"their_ref": f"From purchase order {number(record, 'serial_number')}"}
    return told | copied(record, "comment")


def ordered_line(state: State, half: Record, record: Record) -> Data:
    size = record.data.get("packsize_ordered") or 1
    units = record.data.get("quan_adjusted_order") or record.data.get("quan_original_order") or 0
    price = record.data.get("price_expected_after_discount") or 0
    told = {"type": "placeholder", "order_lines_ID": record.id, "quantity": units / size}
    told |= {"pack_size": size, "cost_price": price, "sell_price": price}
    return told | copied(record, "item_ID")


def received(state: State, record: Record, request: str) -> Data:
    """T5."""
    told = {"purchase_order_ID": record.data.get("original_PO_ID"), "status": "nw"}
    told |= {"supplier_reference": f"From invoice number: {number(record, 'invoice_num')}"}
    return told | copied(record, "comment") | {"serial_number": -1}


def received_line(state: State, half: Record, record: Record) -> Data | None:
    """A line per stock line, matched to the order's by item when it can be."""
    if record.data.get("type") != "stock_out":
        return None
    lines = [
        line
        for line in state.all("purchase_order_line")
        if line.data.get("purchase_order_ID") == half.data.get("original_PO_ID")
    ]
    named = [line.id for line in lines if line.id == record.data.get("order_lines_ID")]
    item = record.data.get("item_ID")
    same = [line.id for line in lines if item and line.data.get("item_ID") == item]
    matched = named or (same if len(same) == 1 else [""])
    told = {"order_line_ID": matched[0], "item_ID": item, "batch": record.data.get("batch")}
    told |= {"pack_received": record.data.get("pack_size") or 1}
    told |= {"quantity_received": record.data.get("quantity")}
    return told | {"cost_price": record.data.get("sell_price") or 0}


KINDS = {
    "stock": Kind("transact", "trans_line", "transaction_ID", "fn", "transact", "trans_line",
                  "transaction_ID", ("ci",), invoice("si"), invoice_line("sell_price")),
    "returns": Kind("transact", "trans_line", "transaction_ID", "fn", "transact", "trans_line",
                    "transaction_ID", ("sc",), invoice("cc"), invoice_line("cost_price")),
    "requisition": Kind("requisition", "requisition_line", "requisition_ID", "fn", "requisition",
                        "requisition_line", "requisition_ID", ("request",), response,
                        response_line, "sg"),
    "purchase_order": Kind("purchase_order", "purchase_order_line", "purchase_order_ID", "cn",
                           "transact", "trans_line", "transaction_ID", (), ordered, ordered_line),
    "goods_received": Kind("transact", "trans_line", "transaction_ID", "fn", "Goods_received",
                           "Goods_received_line", "goods_received_ID", ("ci",), received,
                           received_line),
}  # fmt: skip
