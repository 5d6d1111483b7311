"""What moves stock, how and when: hand-made transactions, each of an item of its own."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from book import Book, invoice
from scene import Line

from warehouse import report

FIVE = {"quantity": 3, "pack_size": 5}  # three packs of five
CANCELLED = {"om_status": "CANCELLED"}


def reversal(of: str, *lines: dict[str, Any], **told: Any) -> list[Line]:
    told = {"is_cancellation": True, "linked_transaction_id": of, "confirm": "2024-02-11"} | told
    return invoice(f"{of}R", "ci", "CUST", *lines, **told)


# What is sent, then what February has: received, issued, adjusted, or None for no row at all.
CASES: dict[str, tuple[list[Line], tuple[float, float, float] | None]] = {
    "a supplier invoice is received": (invoice("T1", "si", "SUP", FIVE), (15, 0, 0)),
    "a customer invoice is issued": (invoice("T2", "ci", "CUST", FIVE), (0, 15, 0)),
    "a transfer to another store is the sender's use": (
        invoice("T3", "ci", "NAMEB", FIVE), (0, 15, 0),
    ),
    "a return to a supplier is an adjustment": (invoice("T4", "sc", "SUP", FIVE), (0, 0, -15)),
    "a return of a customer is an adjustment": (invoice("T5", "cc", "CUST", FIVE), (0, 0, 15)),
    "stock found is an adjustment": (invoice("T6", "si", "INVAD", FIVE), (0, 0, 15)),
    "stock lost is an adjustment": (invoice("T7", "sc", "INVAD", FIVE), (0, 0, -15)),
    "stock lost is an adjustment as an invoice too": (
        invoice("T8", "ci", "INVAD", FIVE), (0, 0, -15),
    ),
    "any name of type invad makes adjustments": (invoice("T9", "si", "INVAD2", FIVE), (0, 0, 15)),
    "a repack takes and gives the same": (
        invoice(
            "T10", "sr", "REPACK",
            {"type": "stock_out", "quantity": 10, "pack_size": 1},
            {"type": "stock_in", "quantity": 1, "pack_size": 10},
        ),
        (0, 0, 0),
    ),
    "a repack that loses some is an adjustment": (
        invoice("T11", "sr", "REPACK", {"type": "stock_out", "quantity": 3}), (0, 0, -3),
    ),
    "placeholders, services and others move nothing": (
        invoice(
            "T12", "ci", "CUST",
            *({"type": type, "quantity": 3} for type in ("placeholder", "service", "cash_in")),
        ),
        None,
    ),
    "other types of transactions move nothing": (
        invoice("T13", "rc", "CUST", {"type": "stock_out", "quantity": 3}), None,
    ),
    "new moves nothing": (invoice("T14", "ci", "CUST", FIVE, status="nw"), None),
    "suggested moves nothing": (invoice("T15", "ci", "CUST", FIVE, status="sg"), None),
    "confirmed moves": (invoice("T16", "ci", "CUST", FIVE, status="cn", final=""), (0, 15, 0)),
    "without a date nothing moves": (
        invoice("T17", "ci", "CUST", FIVE, confirm="", final="0000-00-00"), None,
    ),
    "the confirm date comes before the finalised": (
        invoice("T18", "ci", "CUST", FIVE, confirm="2024-02-29", final="2024-03-05"), (0, 15, 0),
    ),
    "without a confirm date the finalised date counts": (
        invoice("T19", "ci", "CUST", FIVE, confirm="0000-00-00", final="2024-02-29T10:00:00"),
        (0, 15, 0),
    ),
    "the other spellings of types and statuses": (
        invoice("T20", "Sc", "SUP", FIVE, status="FN"), (0, 0, -15),
    ),
    "a pack of none is a pack of one": (
        invoice("T21", "ci", "CUST", {"quantity": 3, "pack_size": 0}), (0, 3, 0),
    ),
    "a line of none moves nothing": (invoice("T22", "ci", "CUST", {"quantity": 0}), None),
    "fractions of packs": (
        invoice("T23", "ci", "CUST", {"quantity": 0.1, "pack_size": 10}, {"quantity": 0.2}),
        (0, 1.2, 0),
    ),
    "cancelled alone moves nothing": (invoice("T24", "ci", "CUST", FIVE, **CANCELLED), None),
    "cancelled and its reversal by lines that give back": (
        [
            *invoice("T25", "ci", "CUST", FIVE, **CANCELLED),
            *reversal("T25", FIVE | {"type": "stock_in"}),
        ],
        (0, 0, 0),
    ),
    "cancelled and its reversal by negative quantities": (
        [
            *invoice("T26", "ci", "CUST", FIVE, **CANCELLED),
            *reversal("T26", FIVE | {"quantity": -3}),
        ],
        (0, 0, 0),
    ),
    "cancelled and its reversal, which is called cancelled itself": (
        [
            *invoice("T27", "ci", "CUST", FIVE, **CANCELLED),
            *reversal("T27", FIVE | {"quantity": -3}, **CANCELLED),
        ],
        (0, 0, 0),
    ),
    "reversed without being called cancelled": (
        [*invoice("T28", "ci", "CUST", FIVE), *reversal("T28", FIVE | {"type": "stock_in"})],
        (0, 0, 0),
    ),
    "a reversal of a part": (
        [
            *invoice("T29", "ci", "CUST", FIVE, **CANCELLED),
            *reversal("T29", {"type": "stock_in", "quantity": 1, "pack_size": 5}),
        ],
        (0, 10, 0),
    ),
    "cancelled and a reversal that is not confirmed yet": (
        [
            *invoice("T30", "ci", "CUST", FIVE, **CANCELLED),
            *reversal("T30", FIVE | {"type": "stock_in"}, status="nw"),
        ],
        None,
    ),
}  # fmt: skip
ITEMS = {name: f"X{number:02d}" for number, name in enumerate(CASES)}


@pytest.fixture(scope="module")
def cases(written: Callable[[Iterable[Line]], Book]) -> Book:
    return written(
        [
            ["trans_line", id, data | {"item_ID": ITEMS[name]}] if table == "trans_line" else line
            for name, (lines, _) in CASES.items()
            for line in lines
            for table, id, data in [line]
        ]
    )


@pytest.mark.parametrize("name", CASES)
def test_ledger(name: str, cases: Book) -> None:
    item, (_, expected) = ITEMS[name], CASES[name]
    history = cases.report("stock-history", items=(item,))
    consumption = cases.report("consumption", items=(item,))
    if expected is None:
        assert (history, consumption) == ([], [])
        return
    received, issued, adjusted = expected
    closing = received - issued + adjusted
    assert history == [("2024-02", "A", item, 0, received, issued, adjusted, closing)]
    assert consumption == ([("2024-02", "A", item, issued)] if issued else [])


def test_a_transfer_is_marked_apart(book: Book) -> None:
    book.cycle(
        {101: invoice("T1", "ci", "NAMEB", FIVE) + invoice("T2", "ci", "CUST", {"quantity": 1})}
    )
    with report.opened(book.scene.hub.home.reports) as con:
        rows = con.execute("select issued, transferred from marts.ledger").fetchall()
    assert rows == [(16, 15)]
