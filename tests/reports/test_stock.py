"""Stock, its worth and its history over some months, and what the filters leave of it."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from book import Book, invoice, stock
from scene import STORES, Line

from pipelines.errors import MainstemError


@pytest.fixture(scope="module")
def year(written: Callable[[Iterable[Line]], Book]) -> Book:
    """Three stores: A and A2 in the north at 101, B in the south at 102."""
    book = written(
        [
            stock("LA", 7, location_ID="LOC", pack_size=10, cost_price=25, batch="B7"),
            stock("LA0", 0, batch="none left"),
            stock("LA2", 2.5, store="A2", item="I2", expiry_date=None, batch=None),
            ["Location", "LOC", {"store_ID": "A", "code": "Shelf 1"}],
            *invoice("T1", "si", "SUP", {"quantity": 10, "pack_size": 10, "item_line_ID": "LA",
                     "batch": "B7", "expiry_date": "2027-01-31", "cost_price": 20},
                     confirm="2024-01-31"),
            *invoice("T2", "ci", "CUST", {"quantity": 3, "pack_size": 10, "item_line_ID": "LA"},
                     confirm="2024-03-01"),
            *invoice("T3", "si", "SUP", {"quantity": 4}, store="A2", item="I2",
                     confirm="2024-02-29"),
            *invoice("T4", "ci", "CUST", {"quantity": 1.5}, store="A2", item="I2",
                     confirm="2024-05-31"),
        ]
    )  # fmt: skip
    south = [
        stock("LB", 5, store="B"),
        *invoice("T5", "si", "SUP", {"quantity": 9}, store="B", confirm="2024-04-15"),
        *invoice("T6", "sc", "INVAD", {"quantity": 4}, store="B", confirm="2024-04-16"),
    ]
    pills = ["item", "I2", {"code": "I2", "item_name": "I2", "category_ID": "PILLS"}]
    lists: list[Line] = [
        ["list_master", "TB", {"description": "TB", "isProgram": True}],
        ["list_master", "OLD", {"description": "Old", "isProgram": True, "inactive": True}],
        ["list_master", "LIST", {"description": "List", "isProgram": False}],
        *(["list_master_line", f"{list}-I2", {"item_master_ID": list, "item_ID": "I2"}]
          for list in ("TB", "OLD", "LIST")),
    ]  # fmt: skip
    book.cycle(
        {1: [*lists, ["item_category", "PILLS", {"Description": "Pills"}], pills], 102: south}
    )
    return book


HISTORY = [
    ("2024-01", "A", "I1", 0, 100, 0, 0, 100),
    ("2024-02", "A", "I1", 100, 0, 0, 0, 100),
    ("2024-02", "A2", "I2", 0, 4, 0, 0, 4),
    ("2024-03", "A", "I1", 100, 0, 30, 0, 70),
    ("2024-03", "A2", "I2", 4, 0, 0, 0, 4),
    ("2024-04", "A", "I1", 70, 0, 0, 0, 70),
    ("2024-04", "A2", "I2", 4, 0, 0, 0, 4),
    ("2024-04", "B", "I1", 0, 9, 0, -4, 5),
    ("2024-05", "A", "I1", 70, 0, 0, 0, 70),
    ("2024-05", "A2", "I2", 4, 0, 1.5, 0, 2.5),
    ("2024-05", "B", "I1", 5, 0, 0, 0, 5),
]


def test_history_goes_from_the_first_movement_to_the_last_month_of_the_system(year: Book) -> None:
    assert year.report("stock-history") == HISTORY


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"stores": ("A",)}, lambda row: row[1] == "A"),
        ({"stores": ("A", "B")}, lambda row: row[1] in ("A", "B")),
        ({"items": ("I2",)}, lambda row: row[2] == "I2"),
        ({"regions": ("South",)}, lambda row: row[1] == "B"),
        ({"districts": ("Coast",)}, lambda row: row[1] == "B"),
        ({"levels": ("Clinic",)}, lambda row: row[1] == "B"),
        ({"levels": ("Clinic",), "regions": ("North",)}, lambda row: False),
        ({"categories": ("Pills",)}, lambda row: row[2] == "I2"),
        ({"programmes": ("TB",)}, lambda row: row[2] == "I2"),
        ({"sites": (101,)}, lambda row: row[1] in ("A", "A2")),
        ({"sites": (101,), "items": ("I1",)}, lambda row: row[1] == "A"),
        ({"start": "2024-03-01"}, lambda row: row[0] >= "2024-03"),
        ({"end": "2024-03-31"}, lambda row: row[0] <= "2024-03"),
        ({"start": "2024-02-01", "end": "2024-02-29"}, lambda row: row[0] == "2024-02"),
        ({"start": "2025-01-01"}, lambda row: False),
    ],
)
def test_filters_leave_the_figures_as_they_are(
    year: Book, told: dict[str, Any], kept: Callable[[tuple[Any, ...]], bool]
) -> None:
    assert year.report("stock-history", **told) == [row for row in HISTORY if kept(row)]
    use = [(*row[:3], row[5]) for row in HISTORY if row[5] and kept(row)]
    assert year.report("consumption", **told) == use


def test_history_as_of_a_day(year: Book) -> None:
    told = year.report("stock-history", as_of="2024-03-01")
    assert told == [row for row in HISTORY if row[0] <= "2024-03"]
    told = year.report("stock-history", as_of="2024-02-29")
    assert told == [row for row in HISTORY if row[0] <= "2024-02"]


def test_stock_by_batch(year: Book) -> None:
    assert year.report("stock-by-batch") == [
        ("A", "I1", "B7", "2027-01-31", "Shelf 1", 10, 7, 70, 2.5, 175),
        ("A2", "I2", None, None, None, 1, 2.5, 2.5, 2, 5),
        ("B", "I1", "B1", "2027-01-31", None, 1, 5, 5, 2, 10),
    ]
    assert [row[0] for row in year.report("stock-by-batch", items=("I1",))] == ["A", "B"]


def test_stock_value_has_every_store_and_the_total_of_what_is_shown(year: Book) -> None:
    def values(**told: Any) -> dict[str, float]:
        return {code: value for code, _, value in year.report("stock-value", **told)}

    stores = dict.fromkeys(STORES, 0.0)
    assert values() == stores | {"A": 175, "A2": 5, "B": 10, "TOTAL": 190}
    assert list(values())[-1] == "TOTAL"
    assert values(stores=("A", "B")) == {"A": 175, "B": 10, "TOTAL": 185}
    assert values(sites=(101,)) == {"A": 175, "A2": 5, "D": 0, "TOTAL": 180}
    assert values(regions=("North",)) == {"A": 175, "A2": 5, "TOTAL": 180}
    assert values(items=("I2",)) == stores | {"A2": 5, "TOTAL": 5}
    assert values(sites=(2,)) == {"TOTAL": 0}


def test_stock_as_of_a_day_is_taken_from_the_ledger(year: Book) -> None:
    def shown(day: str) -> list[tuple[Any, ...]]:
        rows = year.report("stock-on-hand", as_of=day)
        return [(row[0], *row[4:]) for row in rows]

    assert shown("2024-01-30") == []
    assert shown("2024-01-31") == [("A", 100, 100, 250, 0, None, "no_use")]
    assert shown("2024-03-01") == [
        ("A", 70, 70, 175, 10, 7, "over"), ("A2", 4, 4, 8, 0, None, "no_use"),
    ]  # fmt: skip
    assert shown("2024-05-30")[0] == ("A", 70, 70, 175, 10, 7, "over")  # day 91
    assert shown("2024-05-31")[0] == ("A", 70, 70, 175, 0, None, "no_use")  # day 92
    assert year.report("stock-by-batch", as_of="2024-01-31") == [
        ("A", "I1", "B7", "2027-01-31", "Shelf 1", 10, 10, 100, 2.5, 250)
    ]
    assert year.report("stock-value", as_of="2024-03-01", stores=("A",))[-1][2] == 175


@pytest.mark.parametrize(
    "told",
    [
        {"stores": ("Z",)}, {"items": ("Z",)}, {"regions": ("Z",)}, {"sites": (999,)},
        {"districts": ("Z",)}, {"levels": ("Z",)}, {"categories": ("Z",)},
        {"programmes": ("Old",)}, {"programmes": ("List",)},
        {"start": "2024-02-01", "end": "2024-01-01"},
    ],
)  # fmt: skip
def test_a_filter_that_nothing_has_is_an_error(year: Book, told: dict[str, Any]) -> None:
    with pytest.raises(MainstemError):
        year.report("stock-history", **told)


def test_value_is_of_the_cost_price_whatever_currency_it_was_bought_in(book: Book) -> None:
    euros = {"currency_ID": "EUR", "currency_rate": 1.1}
    bought = {"quantity": 5, "item_line_ID": "L1", "cost_price": 2.2, "foreign_currency_price": 2}
    currencies = [
        ["currency", "USD", {"currency": "USD", "rate": 1, "is_home_currency": True}],
        ["currency", "EUR", {"currency": "EUR", "rate": 1.1, "is_home_currency": False}],
    ]
    lines = [*invoice("T1", "si", "SUP", bought, **euros), stock("L1", 5, cost_price=2.2)]
    lines += invoice("T2", "si", "SUP", {"quantity": 3, "item_line_ID": "L2", "cost_price": 2})
    book.cycle({1: currencies, 101: [*lines, stock("L2", 3, cost_price=2)]})
    for told in ({}, {"as_of": "2024-02-29"}):
        assert book.report("stock-value", stores=("A",), **told)[-1] == ("TOTAL", "", 17)
        (row,) = book.report("stock-on-hand", stores=("A",), **told)
        assert row[4:7] == (8, 8, 17)


def test_G4_a_merge_moves_stock_and_its_history_to_what_was_kept(book: Book) -> None:
    book.cycle(
        {101: [*invoice("T1", "si", "SUP", {"quantity": 9}, item="I2"), stock("L1", 9, item="I2")]}
    )
    before = book.report("stock-history")
    book.cycle({1: [["merge", "item", "I2", {"mergeIdToKeep": "I1", "mergeIdToDelete": "I2"}]]})
    history = book.report("stock-history")
    assert {row[2] for row in before} == {"I2"}
    assert history == [(*row[:2], "I1", *row[3:]) for row in before]
    assert [row[1:3] for row in book.report("stock-by-batch")] == [("I1", "B1")]
