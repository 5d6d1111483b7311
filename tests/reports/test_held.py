"""Stock and use as they are kept for the day of the last cycle: the same as worked out anew."""

from datetime import UTC, datetime
from typing import Any

import pytest
from book import Book, invoice, stock

from warehouse import filters, report
from warehouse.scope import Scope

NAMES = ("stock-on-hand", "stock-value", "amc", "expiring", "redistribution")
FIRST = [
    *invoice("T1", "si", "SUP", {"quantity": 500}, confirm="2024-02-01"),
    *invoice("T2", "ci", "CUST", {"quantity": 91}, confirm="2024-03-01"),
    *invoice("T3", "ci", "CUST", {"quantity": 5}, item="I2", confirm="2024-03-01"),
    *invoice("T4", "ci", "CUST", {"quantity": 9}, store="A2", confirm="2024-06-02"),
    stock("L1", 400, expiry_date="2024-07-01"), stock("L2", 60, store="A2"),
    stock("L3", 5, item="I2", cost_price=1), stock("L4", -5, item="I2", cost_price=3),
]  # fmt: skip


STATUSES = """
select store_code, status, items, round(value, 6)
from held_status join store using (store_key) where status is not null order by all
"""


def told(book: Book, day: str, **given: Any) -> dict[str, list[tuple[Any, ...]]]:
    """The reports of a day, as they are kept; they are what is worked out for it."""
    now = f"{day}T12:00:00"
    kept = {name: book.report(name, now, **given) for name in NAMES}
    assert statuses(book, now) == by_status(book.report("stock-on-hand", now))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filters, "HELD_TODAY", filters.HELD_THEN)
        assert {name: book.report(name, now, **given) for name in NAMES} == kept
        assert statuses(book, now) == by_status(book.report("stock-on-hand", now))
    return kept


def statuses(book: Book, now: str) -> list[tuple[Any, ...]]:
    """Store, status, how many of its items have it, and their value: as kept for each store."""
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    with report.opened(book.scene.hub.home.reports, report.Filters(now=moment)) as con:
        return con.execute(STATUSES).fetchall()


def by_status(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The same, counted in the report of stock on hand."""
    found: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        found.setdefault((row[0], row[9]), []).append(row[6])
    return [(*key, len(told), round(sum(told), 6)) for key, told in sorted(found.items())]


def used(reports: dict[str, list[tuple[Any, ...]]]) -> dict[tuple[str, str], float]:
    """Units used, by the codes of store and item."""
    return {(store, item): quantity for store, item, quantity, *_ in reports["amc"]}


def test_the_91_days_move_with_the_clock_alone(book: Book) -> None:
    book.cycle({101: FIRST}, at="2024-05-30T12:00:00")
    before = told(book, "2024-05-30")
    assert used(before) == {("A", "I1"): 91, ("A", "I2"): 5}
    statuses = {row[0]: row[9] for row in before["stock-on-hand"] if row[2] == "I1"}
    assert statuses == {"A": "over", "A2": "no_use"}
    # Of a store and item whose packs cancel out there is a value.
    assert dict(row[::2] for row in before["stock-value"])["A"] == 400 * 2 + 5 * 1 - 5 * 3
    # The last of its 91 days, then the day after it; what is dated ahead comes in.
    book.cycle(at="2024-05-31T12:00:00")
    assert used(told(book, "2024-05-31")) == {}
    book.cycle(at="2024-06-02T12:00:00")
    assert used(told(book, "2024-06-02")) == {("A2", "I1"): 9}
    # A clock that was set back.
    book.cycle(at="2024-05-30T12:00:00")
    assert told(book, "2024-05-30") == before


def test_what_is_kept_is_of_its_day_only(book: Book) -> None:
    book.cycle({101: FIRST}, at="2024-05-30T12:00:00")
    late = {name: book.report(name, "2024-05-31T00:00:00") for name in NAMES}
    assert late["amc"] == []
    book.cycle(at="2024-05-31T12:00:00")
    assert {name: book.report(name, "2024-05-31T23:59:59") for name in NAMES} == late


def test_what_changes_is_worked_out_again(book: Book) -> None:
    book.cycle({101: FIRST}, at="2024-05-30T12:00:00")
    changes: list[list[Any]] = [
        [stock("L1", 1)], [stock("L1", 1, item="I2")], [["delete", "item_line", "L3"]],
        invoice("T2", "ci", "CUST", {"quantity": 7}, item="I2", confirm="2024-05-02"),
        [["delete", "trans_line", "T3-1"]],
        invoice("T2", "ci", "CUST", status="nw", confirm=""),
    ]  # fmt: skip
    seen = [told(book, "2024-05-30")]
    for change in changes:
        book.cycle({101: change}, at="2024-05-30T12:00:00")
        now = told(book, "2024-05-30")
        assert now != seen[-1]
        seen.append(now)
    # An item that is known only later, and one that goes.
    book.cycle({101: [stock("L9", 3, item="I9")]}, at="2024-05-30T12:00:00")
    assert told(book, "2024-05-30") == seen[-1]
    book.cycle({1: [["item", "I9", {"code": "I9"}]]}, at="2024-05-30T12:00:00")
    assert ("A", "I9") in {(row[0], row[2]) for row in told(book, "2024-05-30")["stock-on-hand"]}
    book.cycle({1: [["delete", "item", "I9"]]}, at="2024-05-30T12:00:00")
    assert told(book, "2024-05-30") == seen[-1]
    merge = {"mergeIdToKeep": "I2", "mergeIdToDelete": "I1"}
    book.cycle({1: [["merge", "item", "I1", merge]]}, at="2024-05-30T12:00:00")
    assert {row[2] for row in told(book, "2024-05-30")["stock-on-hand"]} == {"I2"}


def test_filters_and_limits_hold(book: Book) -> None:
    book.cycle({101: FIRST}, at="2024-05-30T12:00:00")
    assert {row[2] for row in told(book, "2024-05-30", items=("I2",))["stock-on-hand"]} == {"I2"}
    path = book.scene.hub.home.reports
    seen = filters.Filters(now=book.scene.clock)
    rows = report.read(path, "stock-on-hand", seen, Scope(stores=("A2",)))
    assert rows["store_code"].to_list() == ["A2"]
