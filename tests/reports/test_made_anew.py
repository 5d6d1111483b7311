"""Reports that are brought up to date cycle by cycle are those made anew from the start."""

import random
import shutil
from typing import Any

import duckdb
from book import Book, invoice, stock
from scene import Line

from warehouse import report

FIVE = {"quantity": 3, "pack_size": 5}
ONE = {"quantity": 1}
CANCELLED = {"om_status": "CANCELLED"}
ASKED = {"store_ID": "A", "name_ID": "CUST", "serial_number": 1}
UNITS = {"Cust_stock_order": 20, "actualQuan": 0}
ORDERED = {"item_ID": "I2", "packsize_ordered": 5, "quan_original_order": 10}
CAME = {"item_ID": "I2", "order_line_ID": "OL1", "quantity_received": 2, "pack_received": 5}
REVERSAL: dict[str, Any] = {"is_cancellation": True, "linked_transaction_id": "T4"}


def line(id: str, of: str, **told: Any) -> Line:
    ((_, _, data),) = invoice(of, "ci", "CUST", {})[1:]
    return ["trans_line", id, data | {"quantity": 1} | told]


# Each step is a cycle: what the central and what site 101 sends.
STEPS: dict[str, tuple[list[Line], list[Line]]] = {
    "the first": (
        [],
        [
            *invoice("T1", "si", "SUP", FIVE | {"quantity": 100}, confirm="2024-01-05"),
            *invoice("T2", "ci", "CUST", FIVE, ONE, confirm="2024-05-01"),
            *invoice("T3", "sc", "CUST", ONE, confirm="2024-05-02"),
            *invoice("T4", "ci", "CUST", FIVE, item="I2", confirm="2024-05-03"),
            *invoice("T5", "ci", "SUP", ONE, store="A2", confirm="2024-05-03"),
            *invoice("T6", "ci", "CUST", ONE, store="A2", status="nw", confirm=""),
            stock("L1", 500), stock("L2", 7, item="I2"), stock("L3", 3, store="A2"),
        ],
    ),
    "late lines": ([], [line("T2-3", "T2", quantity=4), line("T6-2", "T6"), line("T9-1", "T9")]),
    "edited lines": (
        [], [line("T2-1", "T2", quantity=9), line("T2-2", "T2", pack_size=12), stock("L1", 2)],
    ),
    "a line of another item, one of none": (
        [], [line("T2-1", "T2", item_ID="I2"), line("T2-3", "T2", quantity=0)],
    ),
    "a line that comes to another transaction": ([], [line("T2-2", "T6")]),
    "finalised": ([], invoice("T6", "ci", "CUST", store="A2", confirm="", final="2024-04-30")),
    "reopened": ([], invoice("T2", "ci", "CUST", status="nw", confirm="2024-05-01")),
    "finalised again, in another month": (
        [], invoice("T2", "ci", "CUST", confirm="2024-03-31"),
    ),
    "moved to another store": (
        [], invoice("T5", "ci", "SUP", store="A", confirm="2024-05-03"),
    ),
    "deleted lines and stock": (
        [], [["delete", "trans_line", "T2-1"], ["delete", "item_line", "L2"]],
    ),
    "a deleted transaction whose lines stay": ([], [["delete", "transact", "T6"]]),
    "its lines too, and it comes anew": (
        [],
        [["delete", "trans_line", "T6-2"], *invoice("T6", "ci", "CUST", store="A2", item="I2")],
    ),
    "cancelled": (
        [], invoice("T4", "ci", "CUST", FIVE, item="I2", confirm="2024-05-03", **CANCELLED),
    ),
    "its reversal": (
        [], invoice("T4R", "ci", "CUST", FIVE | {"type": "stock_in"}, item="I2", **REVERSAL),
    ),
    "its reversal reopened": (
        [], invoice("T4R", "ci", "CUST", item="I2", status="nw", **REVERSAL),
    ),
    "its reversal finalised again": ([], invoice("T4R", "ci", "CUST", item="I2", **REVERSAL)),
    "its reversal deleted": ([], [["delete", "transact", "T4R"]]),
    "its reversal anew": (
        [], invoice("T4R", "ci", "CUST", item="I2", **REVERSAL, comment="again"),
    ),
    "its reversal is another's": (
        [],
        invoice("T4R", "ci", "CUST", item="I2", **REVERSAL | {"linked_transaction_id": "T2"}),
    ),
    "a name becomes invad, another is so no more": (
        [
            ["name", "CUST", {"name": "CUST", "code": "CUST", "type": "invad"}],
            ["name", "INVAD", {"name": "INVAD", "code": "found", "type": "facility"}],
        ],
        [],
    ),
    "a name becomes a store's, another is so no more": (
        [
            ["store", "N", {"code": "N", "name_ID": "SUP", "sync_id_remote_site": 101}],
            ["store", "B", {"code": "B", "name_ID": "NAMEN", "sync_id_remote_site": 102}],
        ],
        [],
    ),
    "names, codes, places": (
        [
            ["name", "NAMEA", {"code": "A", "type": "store", "custom_data": {"region": "East"}}],
            ["item", "I1", {"code": "I0", "item_name": "Another name"}],
            ["store", "A2", {"code": "AA", "name_ID": "NAMEA2", "sync_id_remote_site": 101}],
        ],
        [],
    ),
    "orders, and what answers them": (
        [],
        [
            ["requisition", "R1", ASKED | {"type": "request", "status": "fn"}],
            ["requisition", "R2", ASKED | {"type": "request", "status": "sg"}],
            ["requisition_line", "RL1", {"requisition_ID": "R1", "item_ID": "I2", **UNITS}],
            ["purchase_order", "PO1", ASKED | {"status": "cn"}],
            ["purchase_order_line", "OL1", ORDERED | {"purchase_order_ID": "PO1"}],
            ["purchase_order_line", "OL2", ORDERED | {"purchase_order_ID": "PO1"}],
            ["Goods_received", "G1", {"store_ID": "A", "purchase_order_ID": "PO1"}],
            ["Goods_received_line", "GL1", CAME | {"goods_received_ID": "G1"}],
            *invoice("T7", "si", "CUST", FIVE, item="I2", requisition_ID="R1"),
        ],
    ),
    "an invoice that answers another order, a line of another, a deleted paper": (
        [],
        [
            *invoice("T7", "si", "CUST", item="I2", original_PO_ID="PO1"),
            ["requisition", "R2", ASKED | {"type": "request", "status": "fn"}],
            ["requisition_line", "RL1", {"requisition_ID": "R2", "item_ID": "I2", **UNITS}],
            ["delete", "Goods_received_line", "GL1"], ["delete", "Goods_received", "G1"],
            ["delete", "purchase_order_line", "OL2"],
        ],
    ),
    "refused and waiting lines": ([], [["item", "I1", {}], stock("L9", 1, store="B")]),
    "the parent that a line waited for": ([], invoice("T9", "ci", "CUST", item="I1")),
    "items, names and locations are merged": (
        [
            ["merge", "item", "I2", {"mergeIdToKeep": "I1", "mergeIdToDelete": "I2"}],
            ["merge", "name", "CUST", {"mergeIdToKeep": "NAMEB", "mergeIdToDelete": "CUST"}],
        ],
        [
            ["Location", "LOC1", {"store_ID": "A", "code": "one"}],
            ["Location", "LOC2", {"store_ID": "A", "code": "two"}],
            stock("L1", 3, location_ID="LOC2"),
            ["merge", "Location", "LOC2", {"mergeIdToKeep": "LOC1", "mergeIdToDelete": "LOC2"}],
        ],
    ),
    "lines that name what was merged away": (
        [], [line("T2-9", "T2", item_ID="I2"), stock("L5", 5, item="I2", location_ID="LOC2")],
    ),
}  # fmt: skip
REPORTS: tuple[tuple[str, dict[str, str]], ...] = (
    *((name, {}) for name in report.NAMES),
    *((name, {"as_of": "2024-04-15"}) for name in report.NAMES if name.startswith("stock")),
)


# A key is as good as another; by them stand the rows of:
HELD = """
select store_id, item_id, held.* exclude (store_key, item_key)
from marts.held as held
join marts.store as store using (store_key) join marts.item as item using (item_key)
order by all
"""


def marts(book: Book) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every mart that says something of the records, without sums' last digits."""
    with report.opened(book.scene.hub.home.reports) as con:
        columns: dict[str, list[str]] = {}
        for mart, column, kind in con.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where schema_name = 'marts' "
            "and column_name not like '%_key' and column_name <> 'cycle' "
            "and table_name not in ('cycle', 'published', 'key', 'held')"
        ).fetchall():
            quoted = f'"{column}"'
            columns.setdefault(mart, []).append(
                f"round({quoted}, 6)" if kind == "DOUBLE" else quoted
            )
        return {"held": con.execute(HELD).fetchall()} | {
            mart: con.execute(f"select {', '.join(told)} from marts.{mart} order by all").fetchall()
            for mart, told in columns.items()
        }


def check(book: Book, reports: bool = False) -> None:
    """Compare with marts made anew; what was brought up to date is put back afterwards."""

    def told() -> list[Any]:
        shown = [book.report(name, **days) for name, days in REPORTS] if reports else []
        return [marts(book), *shown]

    published = book.scene.hub.home.reports
    kept = published.with_name("kept")
    brought = told()
    shutil.move(published, kept)
    book.cycle(at=book.scene.clock.isoformat())
    assert told() == brought
    shutil.move(kept, published)


def test_every_report_is_the_one_made_anew_after_cycle_upon_cycle(book: Book) -> None:
    told: list[str] = []
    for name, (central, site) in STEPS.items():
        book.cycle({1: central, 101: site})
        told.append(name)
        if len(told) < 3:
            continue
        try:
            check(book)
        except AssertionError as error:
            error.add_note(f"in one of the steps: {told}")
            raise
        told.clear()
    check(book, reports=True)
    assert len(book.report("stock-history")) > 5


def test_cycles_whose_reports_were_not_published_are_made_up_for(book: Book) -> None:
    steps = list(STEPS.values())
    book.cycle({101: steps[0][1]})
    for central, site in steps[1:4]:
        book.scene.cycle({1: central, 101: site})
    for step in (9, 12, 19):
        book.scene.send(1, steps[step][0])
        book.scene.send(101, steps[step][1])
    book.cycle()
    check(book, reports=True)


def test_reports_of_another_version_are_made_anew(book: Book) -> None:
    book.cycle({101: STEPS["orders, and what answers them"][1]})
    before = book.report("orders")
    with duckdb.connect(book.scene.hub.home.reports) as con:
        con.execute("alter table marts.order_line drop column answers")
    book.cycle()
    assert book.report("orders") == before != []
    check(book)


def test_random_edits(book: Book) -> None:
    chance = random.Random(1)

    def transaction() -> Line:
        id = f"T{chance.randrange(6)}"
        if chance.random() < 0.15:
            return ["delete", "transact", id]
        (head,) = invoice(
            id,
            chance.choice(["si", "ci", "ci", "sc", "cc"]),
            chance.choice(["SUP", "CUST", "NAMEB", "INVAD"]),
            store=chance.choice(["A", "A2"]),
            status=chance.choice(["nw", "cn", "fn"]),
            confirm=chance.choice(["", "2024-01-31", "2024-03-01"]),
            om_status=chance.choice(["", "CANCELLED"]),
            is_cancellation=chance.random() < 0.3,
            linked_transaction_id=f"T{chance.randrange(6)}",
        )
        return head

    def trans_line() -> Line:
        id = f"TL{chance.randrange(10)}"
        if chance.random() < 0.15:
            return ["delete", "trans_line", id]
        told = {"item_ID": chance.choice(["I1", "I2"]), "quantity": chance.randrange(-1, 5)}
        told |= {"type": chance.choice(["stock_in", "stock_out", "service"])}
        return line(id, f"T{chance.randrange(6)}", **told)

    def name() -> Line:
        kind = chance.choice(["invad", "facility", "store"])
        return ["name", chance.choice(["SUP", "CUST"]), {"code": "x", "type": kind}]

    for _ in range(5):
        site = [chance.choice([transaction, trans_line])() for _ in range(6)]
        book.cycle({1: [name()] if chance.random() < 0.4 else [], 101: site})
        check(book)
