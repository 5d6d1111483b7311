"""Contacts, queues and records: who is late, what a site is owed, what there is."""

import pytest
from book import Book, stock

THEN = "2024-03-01T08:00:00"


@pytest.mark.parametrize(
    ("now", "days", "status"),
    [
        ("2024-03-01T08:00:00", 0, "ok"),
        ("2024-03-02T07:59:59", 0, "ok"),
        ("2024-03-04T08:00:00", 3, "ok"),
        ("2024-03-05T07:59:59", 3, "ok"),
        ("2024-03-05T08:00:00", 4, "late"),
        ("2024-04-01T07:59:59", 30, "late"),
        ("2024-04-01T08:00:00", 31, "alert"),
    ],
)
def test_status_at_its_limits(book: Book, now: str, days: int, status: str) -> None:
    book.cycle({101: [stock("L1", 1)]}, at=THEN)
    (row,) = book.report("sync", now=now, sites=(101,))
    assert row[:7] == (101, "North", 3, f"{THEN}Z", f"{THEN}Z", days, days)
    assert row[8] == status


def test_the_limits_are_the_preferences(book: Book) -> None:
    object.__setattr__(book.scene.hub.settings, "lag_warning_days", 0)
    object.__setattr__(book.scene.hub.settings, "lag_alert_days", 1)
    book.cycle({101: [stock("L1", 1)]}, at=THEN)
    told = [book.report("sync", now=f"2024-03-0{day}T08:00:00", sites=(101,)) for day in (1, 2, 3)]
    assert [rows[0][-1] for rows in told] == ["ok", "late", "alert"]


def test_remote_sites_that_are_not_disabled_never_among_them(book: Book) -> None:
    book.cycle({101: [stock("L1", 1)]}, at=THEN)
    rows = book.report("sync", now=THEN)
    assert [(row[0], row[1], row[2], row[-1]) for row in rows] == [
        (2, "Head office", 0, "never"), (101, "North", 3, "ok"), (102, "South", 1, "never"),
        (103, "Lake", 1, "never"), (110, "Marsh", 2, "never"),
    ]  # fmt: skip
    assert rows[0][3:7] == (None, None, None, None)


def test_data_age_is_of_the_newest_contact_that_brought_an_accepted_change(book: Book) -> None:
    book.cycle({101: [stock("L1", 1)]}, at=THEN)
    book.cycle({101: [["item", "I1", {}]]}, at="2024-03-03T08:00:00")
    (row,) = book.report("sync", now="2024-03-06T08:00:00", sites=(101,))
    assert row[3:7] == (f"{THEN}Z", "2024-03-03T08:00:00Z", 3, 5)


def test_R12_queue_length_counts_records_not_lines(book: Book) -> None:
    def queue() -> tuple[int, dict[str, int]]:
        (row,) = book.report("sync", sites=(103,))
        return row[7], dict(book.report("records", sites=(103,)))

    length, tables = queue()
    for number in range(3):
        book.cycle({101: [stock("L1", number), stock("L2", number), stock("L3", 1, store="A2")]})
        assert queue() == (length + 2, tables | {"item_line": 2})
    book.cycle({101: [["delete", "item_line", "L1"]], 1: [["item", "I9", {"code": "I9"}]]})
    assert queue() == (length + 2, tables | {"item_line": 2})


def test_records(book: Book) -> None:
    before = {table: (records, deleted) for table, records, deleted in book.report("records")}
    book.cycle({101: [stock("L1", 1), stock("L2", 1), stock("L3", 1, store="B")]})
    book.cycle(
        {101: [stock("L1", 2), ["delete", "item_line", "L2"], ["delete", "item_line", "L9"]]}
    )
    after = {table: (records, deleted) for table, records, deleted in book.report("records")}
    assert after == before | {"item_line": (1, 1)}
    assert list(after) == sorted(after)
