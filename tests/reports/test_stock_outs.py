"""Spells without stock, from the ledger: whole days, only where there was stock before."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from book import Book, invoice, stock
from scene import Line

NUMBER = iter(range(1, 1000))


def moved(day: str, type: str, packs: float, item: str, **told: Any) -> list[Line]:
    """A movement; `type` is si, ci, sc, cc, sr or bu."""
    way = {"type": told.pop("way")} if "way" in told else {}
    name = told.pop("name", "CUST")
    line = {"quantity": packs} | way
    return invoice(f"M{next(NUMBER)}", type, name, line, item=item, confirm=day, **told)


@pytest.fixture(scope="module")
def spells(written: Callable[[Iterable[Line]], Book]) -> Book:
    return written(
        [
            # Over a leap day; out and in again on one day is no spell.
            *moved("2024-01-10", "si", 5, "LEAP"), *moved("2024-02-28", "ci", 5, "LEAP"),
            *moved("2024-03-01", "si", 5, "LEAP"),
            *moved("2024-03-05", "ci", 5, "LEAP"), *moved("2024-03-05", "si", 2, "LEAP"),
            # It lasts; edited to less than nothing meanwhile.
            *moved("2024-04-30", "si", 3, "LASTS"), *moved("2024-05-20", "ci", 3, "LASTS"),
            *moved("2024-05-22", "ci", 1, "LASTS"),
            # None before there was stock, though it begins below nothing.
            *moved("2024-01-01", "ci", 4, "LATE"), *moved("2024-02-01", "si", 4, "LATE"),
            *moved("2024-03-01", "si", 1, "LATE"), *moved("2024-03-02", "sc", 1, "LATE"),
            *moved("2024-03-04", "cc", 1, "LATE"),
            # A day; an adjustment ends it, another ends in a fraction of nothing.
            *moved("2024-01-01", "si", 0.3, "DAY"), *moved("2024-01-02", "ci", 0.1, "DAY"),
            *moved("2024-01-03", "ci", 0.2, "DAY"),
            *moved("2024-01-04", "si", 9, "DAY", name="INVAD"),
            # Repacked into another item's packs and back, all on one day; never moved again.
            *moved("2024-01-01", "si", 6, "PACK"),
            *moved("2024-02-01", "sr", 6, "PACK", way="stock_out", name="REPACK"),
            *moved("2024-02-01", "sr", 6, "PACK", way="stock_in", name="REPACK"),
            # Cancelled, and a draft: neither takes anything.
            *moved("2024-01-01", "si", 6, "KEPT"),
            *moved("2024-02-01", "ci", 6, "KEPT", om_status="CANCELLED"),
            *moved("", "ci", 6, "KEPT", status="nw", final=""),
            # Another store of the site; a stock line says nothing here.
            *moved("2024-02-01", "si", 1, "LEAP", store="A2"),
            *moved("2024-02-10", "ci", 1, "LEAP", store="A2"), stock("L1", 0, item="DAY"),
        ]
    )  # fmt: skip


ALL = [
    ("A", "DAY", "2024-01-03", "2024-01-03", 1),
    ("A", "LASTS", "2024-05-20", None, 12),
    ("A", "LATE", "2024-03-02", "2024-03-03", 2),
    ("A", "LEAP", "2024-02-28", "2024-02-29", 2),
    ("A2", "LEAP", "2024-02-10", None, 112),
]


def test_spells(spells: Book) -> None:
    assert spells.report("stock-outs") == ALL


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"stores": ("A2",)}, [4]),
        ({"items": ("LEAP",)}, [3, 4]),
        ({"regions": ("North",)}, [0, 1, 2, 3, 4]),
        ({"start": "2024-03-03"}, [1, 2, 4]),
        ({"start": "2024-03-04"}, [1, 4]),
        ({"end": "2024-02-28"}, [0, 3, 4]),
        ({"end": "2024-02-27"}, [0, 4]),
        ({"start": "2024-02-29", "end": "2024-02-29"}, [3, 4]),
    ],
)
def test_spells_that_touch_a_period_are_shown_whole(
    spells: Book, told: dict[str, Any], kept: list[int]
) -> None:
    assert spells.report("stock-outs", **told) == [ALL[number] for number in kept]


def test_spells_as_of_a_day_last_until_then(spells: Book) -> None:
    assert spells.report("stock-outs", as_of="2024-02-28") == [
        ALL[0], ("A", "LEAP", "2024-02-28", None, 1), ("A2", "LEAP", "2024-02-10", None, 19),
    ]  # fmt: skip
    assert spells.report("stock-outs", as_of="2024-02-29")[1] == (
        "A", "LEAP", "2024-02-28", None, 2,
    )  # fmt: skip
    assert spells.report("stock-outs", as_of="2024-02-09") == [ALL[0]]


def test_a_spell_that_a_late_change_ends_and_an_item_merged(book: Book) -> None:
    book.cycle({101: [*moved("2024-01-10", "si", 5, "I1"), *moved("2024-02-01", "ci", 5, "I1")]})
    assert book.report("stock-outs") == [("A", "I1", "2024-02-01", None, 121)]
    book.cycle({101: moved("2024-01-20", "si", 2, "I2")})
    book.cycle({1: [["merge", "item", "I2", {"mergeIdToKeep": "I1", "mergeIdToDelete": "I2"}]]})
    assert book.report("stock-outs") == []
