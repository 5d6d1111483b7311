"""Who could give what to whom: enough and too little, distance, expiry, cost, and shares."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from book import Book, invoice, stock
from scene import Line

KEYS = ("item", "name", "from", "to", "units", "km", "from_months", "to_months", "expiry", "value")


def at(code: str, latitude: float | None, longitude: float = 0.0, district: str = "") -> Line:
    place: dict[str, Any] = {"region": "North" if code < "B" else "South"}
    place |= {"district": district} if district else {}
    place |= {} if latitude is None else {"latitude": latitude, "longitude": longitude}
    return ["name", f"NAME{code}", {"code": code, "type": "store", "custom_data": place}]


def held(item: str, store: str, units: float, amc: float, **told: Any) -> list[Line]:
    """Stock of an item in a store, and its use."""
    id = f"{item}{store}{told.get('batch', '')}"
    lines = [stock(id, units, item=item, store=store, **told)]
    if amc:
        use = invoice(f"T{id}", "ci", "CUST", {"quantity": 3 * amc}, item=item, store=store,
                      confirm="2024-05-01")  # fmt: skip
        lines += use
    return lines


# A degree of latitude is 111.195 km: A2 is 11 km north of A, D 44 km, B 22 km south, C 67 km.
PLACES = [at("A", 0), at("A2", 0.1), at("D", 0.4), at("B", -0.2), at("C", -0.6)]


@pytest.fixture(scope="module")
def country(written: Callable[[Iterable[Line]], Book]) -> Book:
    site_101 = [
        # Nearer comes first: A2 and D have enough, A runs short.
        *held("NEAR", "A", 10, 10), *held("NEAR", "A2", 100, 10), *held("NEAR", "D", 900, 0),
        # The nearest ten kilometres do not differ; of two in D's reach only A has enough.
        *held("FAR", "A2", 100, 1), *held("FAR", "D", 0, 2),
        # No use, so it is nothing to D; what expires within a month is not sent.
        *held("NONE", "A", 50, 0), *held("NONE", "A2", 5, 0),
        *held("OLD", "A", 50, 0, expiry_date="2024-06-30"), *held("OLD", "A2", 0, 5),
        # Two ask of one: who has least is first, the other gets what is left above six months.
        *held("SHARE", "A", 100, 10, cost_price=3), *held("SHARE", "A2", 10, 10),
        *held("SHARE", "D", 6, 12),
        # Enough for three months; less than a unit.
        *held("FINE", "A", 99, 1), *held("FINE", "A2", 30, 10), *held("FINE", "D", 8.5, 3),
        # More batches than one: the first fresh expiry, the price of a unit, packs.
        *held("MORE", "A", 2, 0, pack_size=10, cost_price=40, expiry_date="2024-12-31"),
        *held("MORE", "A", 3, 0, pack_size=10, cost_price=40, batch="B2"),
        *held("MORE", "A", 9, 0, batch="B3", expiry_date="2024-06-01"),
        *held("MORE", "A2", 0, 7),
    ]  # fmt: skip
    book = written(site_101)
    # In B's reach are A (22 km) and A2 (33 km), of which C, 44 km away, is too.
    book.cycle({1: PLACES, 102: [*held("FAR", "B", 1, 1)], 103: [*held("NEAR", "C", 0, 1)]})
    return book


def told(book: Book, *keys: str, **filters: Any) -> list[tuple[Any, ...]]:
    rows = [dict(zip(KEYS, row, strict=True)) for row in book.report("redistribution", **filters)]
    return [tuple(row[key] for key in keys) for row in rows]


def test_who_runs_short_is_given_by_the_nearest_that_has_enough(country: Book) -> None:
    assert told(country, "from", "to", "units", "km", items=("NEAR",)) == [("A2", "A", 20, 11.1)]
    assert told(country, "from", "to", "units", "km", items=("FAR",)) == [
        ("A2", "D", 6, 33.4), ("A2", "B", 2, 33.4),
    ]  # fmt: skip


def test_nothing_is_sent_without_need_or_that_expires_on_the_way(country: Book) -> None:
    assert told(country, "from", "to", items=("NONE", "OLD")) == []
    assert told(country, "from", "to", "units", items=("FINE",)) == []


def test_a_giver_keeps_six_months_and_serves_who_has_least_first(country: Book) -> None:
    assert country.report("redistribution", items=("SHARE",)) == [
        ("SHARE", "SHARE", "A", "D", 30, 44.5, 10, 0.5, "2027-01-31", 90),
        ("SHARE", "SHARE", "A", "A2", 10, 11.1, 10, 1, "2027-01-31", 30),
    ]


def test_the_first_fresh_batch_and_the_cost_of_a_unit(country: Book) -> None:
    assert told(country, "units", "from_months", "expiry", "value", items=("MORE",)) == [
        (21, None, "2024-12-31", 84)
    ]


def test_it_is_narrowed_by_either_store_and_its_figures_stay(country: Book) -> None:
    whole = told(country, "item", "from", "to", "units")
    assert told(country, "item", "from", "to", "units", stores=("D",)) == [
        row for row in whole if "D" in row[1:3]
    ]
    assert told(country, "item", "from", "to", "units", regions=("South",)) == [
        row for row in whole if "B" in row[1:3] or "D" in row[1:3]
    ]


def test_of_two_as_near_the_one_that_has_enough_then_what_expires_first(book: Book) -> None:
    places = [at("A", None, district="Hills"), at("A2", None, district="Hills")]
    places += [at("D", 0, district="Hills"), at("B", 0.1, district="Shore")]
    item: list[Line] = [["item", id, {"code": id}] for id in ("LESS", "SOON", "DEAR")]
    book.cycle(
        {
            1: [*places, *item],
            101: [
                *held("LESS", "A", 2, 0, expiry_date="2025-01-01"), *held("LESS", "A2", 60, 0),
                *held("LESS", "D", 0, 3),
                *held("SOON", "A", 60, 0), *held("SOON", "A2", 60, 0, expiry_date="2025-01-01"),
                *held("SOON", "D", 0, 3),
                *held("DEAR", "A", 60, 0), *held("DEAR", "A2", 60, 0, cost_price=3),
                *held("DEAR", "D", 0, 3),
            ],
            102: held("LESS", "B", 0, 3),
        }
    )  # fmt: skip
    assert told(book, "item", "from", "to", "units", "km") == [
        ("DEAR", "A2", "D", 9, None), ("LESS", "A2", "D", 9, None), ("SOON", "A2", "D", 9, None),
    ]  # fmt: skip
