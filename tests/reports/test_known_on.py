"""Stock as the hub knew it at the end of a past day, whatever came later."""

from typing import Any

import pytest
from book import Book, invoice, stock
from scene import Line

from pipelines.errors import MainstemError


def known(book: Book, day: str, **told: Any) -> list[tuple[Any, ...]]:
    """Store, item, batch and units by batch, as known at the end of a day."""
    rows = book.report("stock-by-batch", known_on=day, **told)
    return [(*row[:3], row[7]) for row in rows]


def test_stock_known_on_a_day_is_what_had_been_received_by_then(book: Book) -> None:
    late = invoice("T1", "ci", "CUST", {"quantity": 6}, confirm="2024-02-01", final="2024-02-01")
    book.cycle({101: [stock("L1", 9), stock("L2", 4, batch="B2")]}, at="2024-03-01T08:00:00")
    book.cycle({101: [stock("L1", 8)]}, at="2024-03-01T20:00:00")
    # A week later a site tells what it gave out a month before.
    book.cycle({101: [*late, stock("L1", 2, batch="B9")]}, at="2024-03-08T08:00:00")
    book.cycle({101: [["delete", "item_line", "L2"]]}, at="2024-03-09T08:00:00")
    assert known(book, "2024-02-29") == []
    assert known(book, "2024-03-01") == known(book, "2024-03-07") == [
        ("A", "I1", "B1", 8), ("A", "I1", "B2", 4),
    ]  # fmt: skip
    assert known(book, "2024-03-08") == [("A", "I1", "B2", 4), ("A", "I1", "B9", 2)]
    assert known(book, "2024-03-09") == [("A", "I1", "B9", 2)]
    assert known(book, "2024-03-08", stores=("A2",)) == []
    # The ledger's answer is another one: what stood there, as is known today.
    assert [row[7] for row in book.report("stock-by-batch", as_of="2024-03-07")] == [-6]
    # The other reports of stock look back alike; their day is that day.
    (row,) = book.report("stock-on-hand", known_on="2024-03-01")
    assert row[4:] == (12, 12, 24, 2, 6, "well")
    assert book.report("stock-value", known_on="2024-03-01")[-1] == ("TOTAL", "", 24)
    assert [row[10] for row in book.report("expiring", known_on="2024-03-01", within=1100)] == [
        1066, 1066,
    ]  # fmt: skip


def test_the_last_of_a_day_counts_and_days_are_the_preference_s(book: Book) -> None:
    object.__setattr__(book.scene.hub.settings, "timezone", "Africa/Kigali")
    twice = [stock("L1", 1), stock("L1", 2)]
    book.cycle({101: twice}, at="2024-03-01T21:59:59")
    book.cycle({101: [stock("L1", 3)]}, at="2024-03-01T22:00:00")
    assert known(book, "2024-03-01") == [("A", "I1", "B1", 2)]
    assert known(book, "2024-03-02") == [("A", "I1", "B1", 3)]


def test_G4_what_was_known_of_a_merged_item_is_what_it_was_merged_into(book: Book) -> None:
    places: list[Line] = [["Location", "X", {"store_ID": "A", "code": "x"}]]
    places += [["Location", "Y", {"store_ID": "A", "code": "y"}]]
    book.cycle({101: [*places, stock("L1", 9, item="I2", location_ID="Y")]}, at="2024-03-01")
    book.cycle({101: [stock("L1", 4, item="I2", location_ID="Y")]}, at="2024-03-02")
    merged = {"mergeIdToKeep": "X", "mergeIdToDelete": "Y"}
    book.cycle(
        {
            1: [["merge", "item", "I2", {"mergeIdToKeep": "I1", "mergeIdToDelete": "I2"}]],
            101: [["merge", "Location", "Y", merged]],
        },
        at="2024-03-03",
    )
    (row,) = book.report("stock-by-batch", known_on="2024-03-01")
    assert (row[1], row[4], row[7]) == ("I1", "x", 9)
    # A line that still names what was merged away, later.
    book.cycle({101: [stock("L1", 5, item="I2", location_ID="Y")]}, at="2024-03-04")
    assert known(book, "2024-03-04") == [("A", "I1", "B1", 5)]


def test_a_line_that_waited_was_known_when_it_came_and_a_refused_one_never(book: Book) -> None:
    unknown: Line = stock("L1", 9, store="P")
    book.cycle({101: [unknown], 102: [stock("L2", 7)]}, at="2024-03-01")
    made = {"code": "P", "name": "P", "name_ID": "NAMEP", "sync_id_remote_site": 101}
    book.cycle({1: [["store", "P", made]]}, at="2024-03-05")
    assert known(book, "2024-03-01") == known(book, "2024-03-05") == [("P", "I1", "B1", 9)]


@pytest.mark.parametrize(
    ("name", "told", "word"),
    [
        ("stock-on-hand", {"as_of": "2024-01-01", "known_on": "2024-01-01"}, "Choose one"),
        ("consumption", {"known_on": "2024-01-01"}, "takes no --known-on"),
        ("stock-on-hand", {"start": "2024-01-01"}, "takes no --from"),
        ("sync", {"items": ("I1",), "as_of": "2024-01-01"}, "no --item and no --as-of"),
        ("stock-value", {"within": 3}, "takes no --within"),
        ("records", {"stores": ("A",)}, "It takes --site"),
    ],
)
def test_what_a_report_does_not_take_it_says(
    book: Book, name: str, told: dict[str, Any], word: str
) -> None:
    with pytest.raises(MainstemError, match=word):
        book.report(name, **told)


def test_sync_is_narrowed_to_the_sites_of_stores_and_regions(book: Book) -> None:
    assert [row[0] for row in book.report("sync", stores=("A", "C"))] == [101, 103]
    assert [row[0] for row in book.report("sync", regions=("South",))] == [102]
    assert [row[0] for row in book.report("sync", regions=("South",), sites=(101,))] == []
