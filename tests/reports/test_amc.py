"""Average monthly consumption, plain and of the days with stock only."""

from collections.abc import Callable, Iterable

import pytest
from book import Book, invoice
from scene import Line

BOUGHT, USED = ("si", "SUP"), ("ci", "CUST")


def moved(item: str, kind: tuple[str, str], day: str, units: float, **told: str) -> list[Line]:
    type, name = kind
    line = {"quantity": units}
    return invoice(f"{item}{type}{day}", type, name, line, item=item, confirm=day, **told)


@pytest.fixture(scope="module")
def used(written: Callable[[Iterable[Line]], Book]) -> Book:
    """On 2024-05-31 the 91 days begin on 2024-03-02."""
    return written(
        [
            # Never out: both are the same. What came before the 91 days counts for neither.
            *moved("FULL", BOUGHT, "2024-01-01", 99), *moved("FULL", USED, "2024-03-01", 9),
            *moved("FULL", USED, "2024-03-02", 30), *moved("FULL", USED, "2024-05-31", 15),
            # Out from before the 91 days, for ten of them; and for the last one.
            *moved("OUT", BOUGHT, "2024-02-01", 5), *moved("OUT", USED, "2024-02-20", 5),
            *moved("OUT", BOUGHT, "2024-03-12", 40), *moved("OUT", USED, "2024-05-31", 40),
            # Out to the end of the day before them.
            *moved("EVE", BOUGHT, "2024-02-01", 5), *moved("EVE", USED, "2024-02-20", 5),
            *moved("EVE", BOUGHT, "2024-03-02", 91), *moved("EVE", USED, "2024-04-01", 3),
            # Out all the time, and yet used.
            *moved("ALL", BOUGHT, "2024-02-01", 5), *moved("ALL", USED, "2024-02-20", 5),
            *moved("ALL", USED, "2024-04-01", 3),
            # No stock before the first that came: no days out. Taken back: no use.
            *moved("NEW", BOUGHT, "2024-05-30", 9), *moved("NEW", USED, "2024-05-30", 3),
            *moved("NONE", BOUGHT, "2024-01-01", 9),
        ]
    )  # fmt: skip


def test_amc_and_amc_of_the_days_with_stock(used: Book) -> None:
    assert used.report("amc") == [
        ("A", "ALL", 3, 1, 91, None),
        ("A", "EVE", 3, 1, 0, 1),
        ("A", "FULL", 45, 15, 0, 15),
        ("A", "NEW", 3, 1, 0, 1),
        ("A", "OUT", 40, 13.333333, 11, round(40 / 3 * 91 / 80, 6)),
    ]
    on_hand = {row[2]: row[7] for row in used.report("stock-on-hand")}
    assert all(on_hand[item] == amc for _, item, _, amc, _, _ in used.report("amc"))


def test_amc_as_of_a_day_and_of_some_items(used: Book) -> None:
    assert used.report("amc", as_of="2024-03-12", items=("OUT", "FULL")) == [
        ("A", "FULL", 39, 13, 0, 13),
        ("A", "OUT", 5, 1.666667, 21, round(5 / 3 * 91 / 70, 6)),
    ]
    assert used.report("amc", stores=("A2",)) == []
