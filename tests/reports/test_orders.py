"""Orders: units ordered and supplied by line, the share that came, and how long it took."""

from typing import Any

from book import Book, invoice
from scene import Line

Row = tuple[Any, ...]


def told(book: Book, **filters: Any) -> list[Row]:
    """The report without numbers and stores: item, ordered, supplied, fill rate, days."""
    return [row[3:] for row in book.report("orders", **filters)]


def answer(book: Book, id: str) -> str:
    ((found,),) = book.scene.rows(
        "select responding_id from transfers.transfer where initiating_id = ?", id
    )
    return found


def edited(book: Book, table: str, id: str, **keys: Any) -> Line:
    record = book.scene.record(table, id)
    assert isinstance(record, dict)
    return [table, id, record | keys]


def request(id: str, *asked: tuple[str, float], name: str = "NAMEC", **told: Any) -> list[Line]:
    head: dict[str, Any] = {"store_ID": "A", "name_ID": name, "type": "request", "status": "fn"}
    head |= {"serial_number": 7, "date_entered": "2024-02-01"}
    lines: list[Line] = [
        [
            "requisition_line",
            f"{id}-{number}",
            {"requisition_ID": id, "item_ID": item, "Cust_stock_order": units, "actualQuan": 0},
        ]
        for number, (item, units) in enumerate(asked, start=1)
    ]
    return [["requisition", id, head | told], *lines]


def order(id: str, *asked: tuple[str, float], name: str = "NAMEC", **told: Any) -> list[Line]:
    head: dict[str, Any] = {"store_ID": "A", "name_ID": name, "status": "cn", "serial_number": 3}
    head |= {"confirm_date": "2024-02-01"}
    lines: list[Line] = [
        [
            "purchase_order_line",
            f"{id}-{number}",
            {
                "purchase_order_ID": id,
                "item_ID": item,
                "quan_original_order": units,
                "packsize_ordered": 10,
            },
        ]
        for number, (item, units) in enumerate(asked, start=1)
    ]
    return [["purchase_order", id, head | told], *lines]


def goods(id: str, of: str, *came: tuple[str, str, float], status: str = "fn") -> list[Line]:
    """Goods received of an order, in packs of ten: order line, item, packs."""
    head = {"store_ID": "A", "purchase_order_ID": of, "status": status, "entry_date": "2024-02-11"}
    lines: list[Line] = [
        [
            "Goods_received_line",
            f"{id}-{number}",
            {
                "goods_received_ID": id,
                "order_line_ID": line,
                "item_ID": item,
                "quantity_received": packs,
                "pack_received": 10,
            },
        ]
        for number, (line, item, packs) in enumerate(came, start=1)
    ]
    return [["Goods_received", id, head], *lines]


def test_a_requisition_is_open_until_its_response_is_finalised(book: Book) -> None:
    draft = request("R0", ("I1", 5), status="sg", serial_number=6)
    book.cycle({101: [*draft, *request("R1", ("I1", 30), ("I2", 4), ("I2", 6))]}, at="2024-02-02")
    assert book.report("orders") == [
        (7, "A", "C", "I1", 30, 0, 0, None),
        (7, "A", "C", "I2", 4, 0, 0, None),
        (7, "A", "C", "I2", 6, 0, 0, None),
    ]
    response = answer(book, "R1")
    lines = book.scene.rows(
        'select "ID", "item_ID", "Cust_stock_order" from records.requisition_line '
        'where "requisition_ID" = ? order by 2, 3',
        response,
    )
    supplied = [
        edited(book, "requisition_line", id, actualQuan=units)
        for (id, _, _), units in zip(lines, (45, 4, 1), strict=True)
    ]
    book.cycle({103: supplied}, at="2024-02-05")
    assert told(book)[0] == ("I1", 30, 0, 0, None), "not yet sent"
    book.cycle({103: [edited(book, "requisition", response, status="fn")]}, at="2024-02-09")
    filled = [("I1", 30, 45, 1, 7), ("I2", 4, 4, 1, 7), ("I2", 6, 1, 0.166667, 7)]
    assert told(book) == filled
    # What the supplier's invoices took counts before what the response says.
    sent = invoice(
        "S1", "ci", "NAMEA", {"quantity": 2, "pack_size": 6}, {"quantity": 1, "item_ID": "I2"},
        store="C", requisition_ID=response, confirm="2024-02-08", final="2024-02-08",
    )  # fmt: skip
    book.cycle({103: sent}, at="2024-02-10")
    assert told(book) == [
        ("I1", 30, 12, 0.4, 7), ("I2", 4, 1, 0.25, 7), ("I2", 6, 0, 0, 7),
    ]  # fmt: skip


def test_an_order_from_outside_is_what_its_goods_received_say(book: Book) -> None:
    book.cycle({101: order("PO1", ("I1", 100), ("I2", 40), name="SUP")})
    assert book.report("orders")[0] == (3, "A", "SUP", "I1", 100, 0, 0, None)
    book.cycle({101: goods("G1", "PO1", ("PO1-1", "I1", 4), ("", "I2", 5))})
    assert told(book) == [("I1", 100, 40, 0.4, None), ("I2", 40, 50, 1, 10)]
    book.cycle({101: goods("G2", "PO1", ("PO1-1", "I1", 6), status="nw")})
    assert told(book)[0] == ("I1", 100, 100, 1, 10)
    book.cycle(
        {101: [["delete", "Goods_received_line", "G2-1"], ["delete", "Goods_received", "G2"]]}
    )
    assert told(book)[0] == ("I1", 100, 40, 0.4, None)
    (head, *_) = order("PO1", name="SUP", status="fn")
    book.cycle({101: [head]})
    assert told(book)[0] == ("I1", 100, 40, 0.4, 10), "finalised with less"


def test_invoices_answer_an_order_and_what_is_cancelled_does_not(book: Book) -> None:
    bought = invoice("S1", "si", "SUP", {"quantity": 3, "pack_size": 10}, original_PO_ID="PO1")
    cancelled = invoice(
        "S2", "si", "SUP", {"quantity": 9}, original_PO_ID="PO1", om_status="CANCELLED"
    )
    book.cycle({101: [*order("PO1", ("I1", 30), name="SUP"), *bought, *cancelled]})
    assert told(book) == [("I1", 30, 30, 1, 9)]
    book.cycle({101: [["delete", "transact", "S1"]]})
    assert told(book) == [("I1", 30, 0, 0, None)]
    (head, line) = order("PO1", ("I1", 30), name="SUP")
    book.cycle({101: [[*line[:2], line[2] | {"quan_rec_to_date": 2}], head]})
    assert told(book) == [("I1", 30, 20, 0.666667, None)], "packs of ten, by the order's own word"


def test_an_order_between_stores_is_open_until_its_goods_are_received(book: Book) -> None:
    book.cycle({101: order("PO1", ("I1", 100))}, at="2024-02-02")
    supply = answer(book, "PO1")
    (placeholder,) = book.scene.rows(
        'select "ID" from records.trans_line where "transaction_ID" = ?', supply
    )
    sent = {"transaction_ID": supply, "item_ID": "I1", "type": "stock_out", "pack_size": 10}
    sent |= {"quantity": 4, "order_lines_ID": "PO1-1"}
    final = {"status": "fn", "finalised_date": "2024-02-04", "confirm_date": "2024-02-04"}
    told_by_supplier: list[Line] = [
        ["delete", "trans_line", placeholder[0]],
        ["trans_line", "S1", sent],
        edited(book, "transact", supply, **final),
    ]
    book.cycle({103: told_by_supplier}, at="2024-02-05")
    assert told(book) == [("I1", 100, 40, 0.4, None)]
    receipt = answer(book, supply)
    book.cycle({101: [edited(book, "Goods_received", receipt, status="fn")]}, at="2024-02-09")
    assert told(book) == [("I1", 100, 40, 0.4, 7)]


def test_orders_by_store_item_and_day_of_ordering(book: Book) -> None:
    asked = [*order("PO1", ("I1", 10), ("I2", 0), name="SUP")]
    asked += order("PO2", ("I2", 10), name="SUP", store_ID="A2", confirm_date="2024-02-29")
    book.cycle({101: [*asked, *order("PO3", ("I1", 1), name="SUP", status="nw")]})
    assert [row[1:4] for row in book.report("orders")] == [("A", "SUP", "I1"), ("A2", "SUP", "I2")]
    assert [row[1] for row in book.report("orders", stores=("A2",))] == ["A2"]
    assert [row[1] for row in book.report("orders", items=("I1",))] == ["A"]
    assert [row[1] for row in book.report("orders", start="2024-02-29")] == ["A2"]
    assert [row[1] for row in book.report("orders", end="2024-02-28")] == ["A"]
    assert [row[1] for row in book.report("orders", as_of="2024-02-01")] == ["A"]


def test_G4_merged_items_and_suppliers_are_what_they_were_merged_into(book: Book) -> None:
    book.cycle({101: [*order("PO1", ("I2", 30), name="SUP"), *goods("G1", "PO1", ("", "I2", 3))]})
    before = book.report("orders")
    merges: list[Line] = [
        ["merge", "item", "I2", {"mergeIdToKeep": "I1", "mergeIdToDelete": "I2"}],
        ["merge", "name", "SUP", {"mergeIdToKeep": "CUST", "mergeIdToDelete": "SUP"}],
    ]
    book.cycle({1: merges})
    assert before == [(3, "A", "SUP", "I2", 30, 30, 1, 10)]
    assert book.report("orders") == [(3, "A", "CUST", "I1", 30, 30, 1, 10)]
