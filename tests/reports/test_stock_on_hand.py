"""Stock, its use and its status on a day, each of an item of its own."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from book import Book, invoice, stock
from scene import Line

TODAY = "2024-05-31"  # the 91 days that end on it begin on 2024-03-02


def used(number: int, quantity: float, day: str = "2024-05-01") -> list[Line]:
    return invoice(f"U{number}", "ci", "CUST", {"quantity": quantity}, confirm=day)


# What is sent of item X, then its row: quantity, available, value, amc, months, status; or None.
CASES: dict[str, tuple[Callable[[int], list[Line]], tuple[Any, ...] | None]] = {
    "out": (lambda n: [stock(f"L{n}", 0), *used(n, 30)], (0, 0, 0, 10, 0, "out")),
    "out without a stock line": (lambda n: used(n, 30), (0, 0, 0, 10, 0, "out")),
    "no use": (lambda n: [stock(f"L{n}", 5)], (5, 5, 10, 0, None, "no_use")),
    "neither": (lambda n: [stock(f"L{n}", 0)], None),
    "low": (lambda n: [stock(f"L{n}", 29), *used(n, 30)], (29, 29, 58, 10, 2.9, "low")),
    "well at 3 months": (
        lambda n: [stock(f"L{n}", 30), *used(n, 30)], (30, 30, 60, 10, 3, "well"),
    ),
    "well at 6 months": (
        lambda n: [stock(f"L{n}", 60), *used(n, 30)], (60, 60, 120, 10, 6, "well"),
    ),
    "over": (lambda n: [stock(f"L{n}", 61), *used(n, 30)], (61, 61, 122, 10, 6.1, "over")),
    "months are of what is available": (
        lambda n: [stock(f"L{n}", 100, available=29), *used(n, 30)],
        (100, 29, 200, 10, 2.9, "low"),
    ),
    "none available, but some on hand": (
        lambda n: [stock(f"L{n}", 9, available=0), *used(n, 30)], (9, 0, 18, 10, 0, "low"),
    ),
    "months to one decimal": (
        lambda n: [stock(f"L{n}", 4), *used(n, 2.5)], (4, 4, 8, 0.833333, 4.8, "well"),
    ),
    "several batches, packs of all sizes": (
        lambda n: [
            stock(f"L{n}", 2, pack_size=10), stock(f"M{n}", 3, pack_size=0, cost_price=0.5),
            *used(n, 15),
        ],
        (23, 23, 5.5, 5, 4.6, "well"),
    ),
    "day 91 counts": (
        lambda n: [stock(f"L{n}", 30), *used(n, 30, "2024-03-02")], (30, 30, 60, 10, 3, "well"),
    ),
    "day 92 counts no more": (
        lambda n: [stock(f"L{n}", 30), *used(n, 30, "2024-03-01")],
        (30, 30, 60, 0, None, "no_use"),
    ),
    "today counts": (
        lambda n: [stock(f"L{n}", 30), *used(n, 30, TODAY)], (30, 30, 60, 10, 3, "well"),
    ),
    "tomorrow does not": (
        lambda n: [stock(f"L{n}", 30), *used(n, 30, "2024-06-01")],
        (30, 30, 60, 0, None, "no_use"),
    ),
    "what was lost is no use": (
        lambda n: [
            stock(f"L{n}", 30),
            *invoice(f"U{n}", "sc", "INVAD", {"quantity": 9}, confirm="2024-05-01"),
        ],
        (30, 30, 60, 0, None, "no_use"),
    ),
    "what went to another store is use": (
        lambda n: [
            stock(f"L{n}", 30),
            *invoice(f"U{n}", "ci", "NAMEB", {"quantity": 30}, confirm="2024-05-01"),
        ],
        (30, 30, 60, 10, 3, "well"),
    ),
    "what was given back is no use": (
        lambda n: [
            stock(f"L{n}", 30), *used(n, 30),
            *invoice(
                f"R{n}", "ci", "CUST", {"quantity": -30}, confirm="2024-05-02",
                is_cancellation=True, linked_transaction_id=f"U{n}",
            ),
        ],
        (30, 30, 60, 0, None, "no_use"),
    ),
}  # fmt: skip
ITEMS = {name: f"Y{number:02d}" for number, name in enumerate(CASES)}


@pytest.fixture(scope="module")
def cases(written: Callable[[Iterable[Line]], Book]) -> Book:
    lines: list[Line] = []
    for number, (name, (make, _)) in enumerate(CASES.items()):
        for table, id, data in make(number):
            own = {} if table == "transact" else {"item_ID": ITEMS[name]}
            lines.append([table, id, data | own])
    return written(lines)


@pytest.mark.parametrize("name", CASES)
def test_stock_on_hand(name: str, cases: Book) -> None:
    item, (_, expected) = ITEMS[name], CASES[name]
    rows = cases.report("stock-on-hand", now=f"{TODAY}T12:00:00", items=(item,))
    assert rows == ([("A", "Store A", item, item, *expected)] if expected else [])


@pytest.mark.parametrize(
    ("timezone", "now", "months"),
    [
        ("UTC", "2024-05-31T23:59:59", 3),
        ("UTC", "2024-06-01T00:00:00", None),
        ("Pacific/Auckland", "2024-05-31T11:59:59", 3),  # twelve hours ahead
        ("Pacific/Auckland", "2024-05-31T12:00:00", None),
        ("America/Lima", "2024-06-01T04:59:59", 3),  # five hours behind
        ("America/Lima", "2024-06-01T05:00:00", None),
    ],
)
def test_today_is_a_day_of_the_time_zone(
    book: Book, timezone: str, now: str, months: int | None
) -> None:
    object.__setattr__(book.scene.hub.settings, "timezone", timezone)
    book.cycle({101: [stock("L1", 30), *used(1, 30, "2024-03-02")]})
    ((*_, told, _),) = book.report("stock-on-hand", now=now)
    assert told == months
