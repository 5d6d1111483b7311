"""The report `transfers`: one row per initiating half that has begun."""

from typing import Any

from book import Book, invoice
from scene import Line

KEY = [
    "kind", "from", "to", "number", "status", "outcome", "initiated", "received", "days", "lines",
    "sent", "got",
]  # fmt: skip


def rows(book: Book, **told: Any) -> list[dict[str, Any]]:
    """The report's rows by their columns, shortened."""
    return [dict(zip(KEY, row, strict=True)) for row in book.report("transfers", **told)]


def told(book: Book, *keys: str, **filters: Any) -> list[tuple[Any, ...]]:
    return [tuple(row[key] for key in keys) for row in rows(book, **filters)]


def edited(book: Book, table: str, id_: str, **keys: Any) -> Line:
    """A record as the hub holds it, changed."""
    record = book.scene.record(table, id_)
    assert isinstance(record, dict)
    return [table, id_, record | keys]


def answer(book: Book, id_: str) -> str:
    """The responding half of an initiating one."""
    query = "select responding_id from transfers.transfer where initiating_id = ?"
    ((found,),) = book.scene.rows(query, id_)
    return found


def test_a_transfer_from_sending_to_receiving(book: Book) -> None:
    lines = [{"quantity": 10, "pack_size": 5, "sell_price": 2}, {"type": "service", "quantity": 1}]
    draft = {"store_ID": "A", "name_ID": "NAMEC", "type": "ci", "status": "nw"}
    finalised = invoice("T1", "ci", "NAMEC", *lines, invoice_num=7)
    book.cycle({101: [*finalised, ["transact", "T2", draft]]})
    sent = {
        "kind": "stock", "from": "A", "to": "C", "number": 7, "status": "fn", "outcome": "created",
        "initiated": "2024-02-12", "received": None, "days": None, "lines": 2, "sent": 50.0,
        "got": 0.0,
    }  # fmt: skip
    assert rows(book) == [sent]

    made = answer(book, "T1")
    (line,) = book.scene.rows(
        "select responding_line from transfers.line where initiating_line = 'T1-1'"
    )[0]
    told = {"status": "cn", "confirm_date": "2024-02-20"}
    counted = edited(book, "trans_line", line, quantity=8)
    book.cycle({103: [counted, edited(book, "transact", made, **told)]})
    arrived = {"received": "2024-02-20", "days": 8, "got": 40.0}
    assert rows(book) == [sent | arrived]

    late = invoice("T1", "ci", "NAMEC", *lines, {"quantity": 3}, invoice_num=7)
    book.cycle({101: late})
    assert rows(book) == [sent | arrived | {"outcome": "late_line", "lines": 3, "sent": 53.0}]
    book.cycle({101: [["delete", "transact", "T1"]]})
    assert told_of(book) == [("deleted", "deleted")]


def told_of(book: Book) -> list[tuple[Any, ...]]:
    return told(book, "status", "outcome")


def test_what_was_not_made_says_why_and_what_is_between_no_stores_is_left_out(book: Book) -> None:
    book.cycle(
        {
            101: [
                *invoice("T1", "ci", "NAMEA2"),
                *invoice("T2", "sc", "NAMEMM"),
                *invoice("T3", "ci", "CUST"),
                *invoice("T4", "ci", "NAMEXX"),
            ]
        }
    )
    assert told(book, "kind", "to", "outcome") == [
        ("returns", "MM", "site_makes"),
        ("stock", "A2", "same_site"),
        ("stock", "XX", "store_disabled"),
    ]


def test_requisitions_and_orders_count_what_is_asked_and_supplied(book: Book) -> None:
    asked = {"store_ID": "A", "name_ID": "NAMEC"}
    order_line = {"item_ID": "I1", "packsize_ordered": 10, "quan_original_order": 100}
    book.cycle(
        {
            101: [
                ["requisition", "R1", asked | {"type": "request", "status": "fn"}],
                ["requisition_line", "RL1", {"requisition_ID": "R1", "Cust_stock_order": 30}],
                ["purchase_order", "PO1", asked | {"status": "cn", "serial_number": 3}],
                ["purchase_order_line", "OL1", order_line | {"purchase_order_ID": "PO1"}],
            ]
        },
        at="2024-02-02T23:30:00",
    )
    response, order_invoice = answer(book, "R1"), answer(book, "PO1")
    (line,) = book.scene.rows('select "ID" from records.requisition_line where "ID" <> \'RL1\'')[0]
    stock = {"transaction_ID": order_invoice, "item_ID": "I1", "type": "stock_out"}
    book.cycle(
        {
            103: [
                edited(book, "requisition_line", line, actualQuan=20),
                edited(book, "requisition", response, status="fn"),
                ["trans_line", "S1", stock | {"quantity": 4, "pack_size": 10}],
                edited(book, "transact", order_invoice, status="fn", finalised_date="2024-02-04"),
            ]
        },
        at="2024-02-05T06:00:00",
    )
    assert told(book, "kind", "from", "initiated", "received", "sent", "got") == [
        ("purchase_order", "A", "2024-02-02", "2024-02-04", 100, 40),
        ("requisition", "A", "2024-02-02", "2024-02-05", 30, 20),
        ("goods_received", "C", "2024-02-04", None, 40, 0),
    ]
    receipt = answer(book, order_invoice)
    book.cycle({101: [edited(book, "Goods_received", receipt, status="fn")]})
    assert told(book, "received", "got")[-1] == ("2024-02-06", 40)


def test_it_is_narrowed_by_either_store_and_by_days(book: Book) -> None:
    book.cycle({101: [*invoice("T1", "ci", "NAMEC"), *invoice("T2", "ci", "NAMEB", store="A2")]})
    assert told(book, "from", "to", stores=("C",)) == [("A", "C")]
    assert told(book, "from", "to", stores=("A2",)) == [("A2", "B")]
    assert told(book, "from", start="2024-02-13") == []
    assert told(book, "from", end="2024-02-11") == []
    assert len(told(book, "from", start="2024-02-12", end="2024-02-12")) == 2
