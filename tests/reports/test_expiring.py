"""Batches that expire: what is left of each when they are used first expired, first out."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from book import Book, invoice, stock
from scene import Line

MONTH = 365.25 / 12  # days
# Use of 91 days, so that a day's use at the average monthly consumption is one.
DAILY = {"quantity": 3 * MONTH}


def batch(id: str, packs: float, expiry: str | None, item: str = "USED", **told: Any) -> Line:
    return stock(id, packs, item=item, expiry_date=expiry, batch=id, **told)


@pytest.fixture(scope="module")
def book_of_batches(written: Callable[[Iterable[Line]], Book]) -> Book:
    """On 2024-02-29 one unit of USED, and of PACKS, is used a day; of none of the others."""
    return written(
        [
            *invoice("T1", "ci", "CUST", DAILY, item="USED", confirm="2024-02-29"),
            # Expired; expires today; used up before, so the next is begun early; too much; never.
            batch("U0", 4, "2024-02-28"), batch("U1", 5, "2024-02-29"),
            batch("U2", 8, "2024-03-10"), batch("U3", 20, "2024-03-20"),
            batch("U4", 30, "2024-03-30"), batch("U5", 9, None),
            batch("U6", -7, "2024-03-05"), batch("U7", 0, "2024-03-05"),
            batch("U8", 1000, "2025-02-28"),
            # Nothing is used: all is left, whatever comes first. Given back, so never used.
            batch("N1", 3, "2024-03-01", item="NONE"), batch("N2", 4, "2024-04-01", item="NONE"),
            *invoice("T2", "ci", "CUST", {"quantity": 5, "type": "stock_in"}, item="NONE",
                     confirm="2024-02-20"),
            # In packs; another store's use is not this one's.
            *invoice("T3", "ci", "CUST", DAILY, item="PACKS", confirm="2023-12-01"),
            batch("P1", 3, "2024-03-10", item="PACKS", pack_size=10, location_ID="LOC",
                  cost_price=5),
            batch("P2", 3, "2024-03-10", item="PACKS", store="A2"),
            ["Location", "LOC", {"store_ID": "A", "code": "Shelf 1"}],
        ]
    )  # fmt: skip


def told(book: Book, now: str = "2024-02-29T12:00:00", **filters: Any) -> list[tuple[Any, ...]]:
    """The report's rows: batch, days to expiry, units expected to expire."""
    return [(row[2], *row[10:]) for row in book.report("expiring", now=now, **filters)]


LEFT = [
    ("U0", -1, 4), ("U1", 0, 5), ("N1", 1, 3), ("P1", 10, 20), ("U2", 10, 0), ("P2", 10, 3),
    ("U3", 20, 8), ("U4", 30, 20), ("N2", 32, 4),
]  # fmt: skip


def test_batches_are_used_first_expired_first_out(book_of_batches: Book) -> None:
    assert told(book_of_batches) == LEFT
    (row,) = book_of_batches.report(
        "expiring", now="2024-02-29T12:00:00", items=("PACKS",), stores=("A",)
    )
    assert row == (
        "A", "PACKS", "P1", "2024-03-10", "Shelf 1", 10, 3, 30, 0.5, 15, 10, 20,
    )  # fmt: skip


def test_within_days_and_other_filters_leave_the_figures(book_of_batches: Book) -> None:
    assert told(book_of_batches, within=20) == LEFT[:7]
    assert told(book_of_batches, within=0) == LEFT[:2]
    assert told(book_of_batches, within=365) == [*LEFT, ("U8", 365, 665)]
    assert told(book_of_batches, stores=("A2",)) == [("P2", 10, 3)]
    assert told(book_of_batches, items=("NONE",)) == [("N1", 1, 3), ("N2", 32, 4)]


def test_the_day_is_the_report_s(book_of_batches: Book) -> None:
    # A day later a day's use less is to come; P1's use is no longer among the 91 days.
    later = told(book_of_batches, now="2024-03-01T12:00:00")
    assert later[:5] == [
        ("U0", -2, 4), ("U1", -1, 5), ("N1", 0, 3), ("P1", 9, 30), ("U2", 9, 0),
    ]  # fmt: skip


def test_stock_and_use_as_of_a_day_are_the_ledger_s(book: Book) -> None:
    dated = {"batch": "B1", "expiry_date": "2024-05-10", "quantity": 90, "item_line_ID": "L1"}
    book.cycle(
        {
            101: [
                *invoice("T1", "si", "SUP", dated, confirm="2024-02-01"),
                *invoice("T2", "ci", "CUST", dated | DAILY, confirm="2024-04-10"),
            ]
        }
    )
    assert told(book, as_of="2024-04-09") == [("B1", 31, 90)]
    assert told(book, as_of="2024-04-10") == []  # more was given than there was
