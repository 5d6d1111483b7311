"""When stores were last in contact, and how far the figures of each can be trusted."""

import pytest
from book import Book, invoice, stock
from scene import STORES, Line

THEN = "2024-03-01T08:00:00"


def statuses(book: Book, now: str) -> dict[str, str]:
    return {row[0]: row[-1] for row in book.report("sync-stores", now=now)}


def test_every_store_tells_of_the_site_where_it_is_active(book: Book) -> None:
    book.cycle({101: [stock("L1", 1)]}, at=THEN)
    rows = {row[0]: row for row in book.report("sync-stores", now="2024-03-05T08:00:00")}
    assert set(rows) == set(STORES)
    assert rows["A"] == ("A", "Store A", 101, f"{THEN}Z", 4, "late")
    assert rows["B"] == ("B", "Store B", 102, None, None, "never")
    assert rows["NN"] == ("NN", "Store NN", 999, None, None, "never")
    (central,) = book.report("sync-stores", now="2025-01-01T00:00:00", stores=("K",))
    assert central[2:4] == (1, "2024-01-03T06:00:00Z") and central[-1] == "ok", "the hub's own"
    days = ("2024-03-04T08:00:00", "2024-04-01T07:59:59", "2024-04-01T08:00:00")
    assert [statuses(book, day)["A2"] for day in days] == ["ok", "late", "alert"]
    north = book.report("sync-stores", regions=("North",))
    assert [row[0] for row in north] == ["A", "A2"]


def test_a_store_that_moved_tells_of_its_new_site(book: Book) -> None:
    book.cycle({101: [stock("L1", 1)]}, at=THEN)
    moved = {"code": "A", "name": "Store A", "name_ID": "NAMEA", "sync_id_remote_site": 102}
    book.cycle({1: [["store", "A", moved]]})
    told = statuses(book, THEN)
    assert (told["A"], told["A2"]) == ("never", "ok")


GRADED: list[Line] = [
    stock("L1", 1),
    *invoice("T1", "si", "SUP", {"quantity": 9}, confirm="2024-02-10"),
    *invoice("T2", "ci", "CUST", {"quantity": 9}, confirm="2024-02-29"),
]


def test_confidence_says_how_old_the_data_is_and_what_is_not_in_it(book: Book) -> None:
    book.cycle({101: GRADED, 102: [stock("L2", 1, store="B")]}, at=THEN)
    # Refused, and a line that waits for its transaction; nothing that was accepted.
    waits: Line = ["trans_line", "T9-1", {"transaction_ID": "T9", "item_ID": "I1"}]
    book.cycle({102: [["item", "I1", {}], waits]}, at="2024-03-04T08:00:00")
    rows = {row[0]: row[2:] for row in book.report("confidence", now="2024-03-05T07:00:00")}
    assert rows["A"] == (
        101, "North", f"{THEN}Z", 3, 3, "2024-02-29", 0, 0, "good",
    )  # fmt: skip
    assert rows["B"] == (
        102, "South", "2024-03-04T08:00:00Z", 0, 3, None, 1, 1, "fair",
    )  # fmt: skip
    assert rows["C"][4:] == (None, None, 0, 0, "none")
    assert rows["NN"][:2] == (999, "")
    assert "XX" not in rows, "disabled"


@pytest.mark.parametrize(
    ("now", "grade"),
    [
        ("2024-03-05T07:59:59", "good"),
        ("2024-03-05T08:00:00", "fair"),
        ("2024-04-01T07:59:59", "fair"),
        ("2024-04-01T08:00:00", "poor"),
    ],
)
def test_grades_at_their_limits(book: Book, now: str, grade: str) -> None:
    book.cycle({101: GRADED}, at=THEN)
    book.cycle({101: []}, at="2024-03-31T08:00:00")
    told = {row[0]: row[-1] for row in book.report("confidence", now=now)}
    assert (told["A"], told["A2"], told["K"]) == (grade, grade, "good")
    (as_of,) = book.report("confidence", now=now, as_of="2024-02-28", stores=("A",))
    assert as_of[7] == "2024-02-10"


def test_a_store_that_moved_has_the_last_sites_data_until_its_new_site_sends(book: Book) -> None:
    def told() -> list[tuple[object, ...]]:
        rows = book.report("confidence", now="2024-04-10T08:00:00", stores=("A", "A2"))
        return [(row[2], row[5], row[6], row[-1]) for row in rows]

    moved = {"code": "A", "name": "Store A", "name_ID": "NAMEA", "sync_id_remote_site": 102}
    book.cycle({101: [stock("L1", 1)]}, at=THEN)
    book.cycle({102: [stock("L2", 1, store="B")]}, at="2024-04-08T08:00:00")
    book.cycle({1: [["store", "A", moved]]}, at="2024-04-09T08:00:00")
    assert told() == [(102, 2, 40, "poor"), (101, 40, 40, "poor")]
    book.cycle({102: [stock("L2", 2, store="B")]}, at="2024-04-10T07:00:00")
    assert told() == [(102, 0, 0, "good"), (101, 40, 40, "poor")]
