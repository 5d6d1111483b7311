"""What a reader with limits sees: of every report the rows of the stores granted, no others."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from book import Book, invoice, stock
from scene import Line

from warehouse import report
from warehouse.catalogue import REPORTS
from warehouse.filters import Filters
from warehouse.report import EVERYTHING
from warehouse.scope import SHOWN, Scope

NOW = datetime(2024, 5, 31, 12, tzinfo=UTC)
REGION = {"A": "North", "A2": "North", "D": "North", "B": "South", "C": "East"}
DISTRICT = {"A": "Hill", "A2": "Dale", "D": "Hill", "B": "Sea", "C": "Sun"}
# Columns that name the other store of two, and those that tell of the whole country.
OTHER = {"transfers": ("from_store", "to_store"), "orders": ("supplier",)}
WHOLE = ("records",)
# A suggestion needs both stores; a total is of what is seen.
APART = ("redistribution", "stock-value", *WHOLE)


# Who is ordered from has no code: one that is no store, one whose store, in Far, has none either.
UNCODED: list[Line] = [
    ["name", "MAKER", {"code": "", "name": "Maker", "type": "facility"}],
    ["name", "NAMEF", {"name": "Far", "type": "store", "custom_data": {"region": "Far"}}],
    ["store", "F", {"code": "", "name": "Far", "name_ID": "NAMEF", "sync_id_remote_site": 103}],
]


def at(code: str) -> Line:
    place = {"region": REGION[code], "district": DISTRICT[code], "latitude": 0, "longitude": 0}
    return ["name", f"NAME{code}", {"code": code, "type": "store", "custom_data": place}]


def held(store: str) -> list[Line]:
    """Stock that runs short, stock that is gone, stock that is old, and use, of a store."""
    return [
        stock(f"I1{store}", 5, store=store),
        stock(f"OLD{store}", 9, store=store, item="I2", expiry_date="2024-06-10"),
        *invoice(f"IN{store}", "si", "SUP", {"quantity": 40}, store=store, confirm="2024-03-01"),
        *invoice(f"USE{store}", "ci", "CUST", {"quantity": 30}, store=store, confirm="2024-05-01"),
        *invoice(f"G{store}", "si", "SUP", {"quantity": 4}, store=store, item="I2"),
        *invoice(
            f"O{store}", "ci", "CUST", {"quantity": 4}, store=store, item="I2", confirm="2024-03-09"
        ),
    ]


def request(id: str, store: str, name: str) -> list[Line]:
    head = {"store_ID": store, "name_ID": name, "type": "request", "status": "fn"}
    line = {"requisition_ID": id, "item_ID": "I1", "Cust_stock_order": 6, "actualQuan": 0}
    return [
        ["requisition", id, {**head, "serial_number": 7, "date_entered": "2024-02-01"}],
        ["requisition_line", f"{id}-1", line],
    ]


@pytest.fixture(scope="module")
def country(written: Callable[[Iterable[Line]], Book]) -> Book:
    book = written([line for store in ("A", "A2", "D") for line in held(store)])
    book.cycle({
        1: [*UNCODED, *(at(code) for code in REGION)],
        101: [
            *invoice("TOB", "ci", "NAMEB", {"quantity": 3}), *request("RC", "A", "NAMEC"),
            *request("RA2", "A", "NAMEA2"), *request("RM", "A", "MAKER"),
            *request("RF", "A", "NAMEF"), ["transact", "BAD", {"store_ID": "B"}],
        ],
        102: [*held("B"), *invoice("TOA", "ci", "NAMEA", {"quantity": 2}, store="B"),
              *request("RA", "B", "NAMEA"), *request("RB", "B", "NAMEC")],
        103: [*held("C"), *invoice("TOB2", "ci", "NAMEB", {"quantity": 2}, store="C")],
    })  # fmt: skip
    # What answers: an invoice of the other store.
    ((response,),) = book.scene.rows(
        "select responding_id from transfers.transfer where initiating_id = 'RA'"
    )
    given = invoice("FORRA", "ci", "NAMEB", {"quantity": 5}, requisition_ID=response)
    book.cycle({101: given})
    return book


def told(book: Book, name: str, scope: Scope, **filters: Any) -> list[dict[str, Any]]:
    path = book.scene.hub.home.reports
    return report.read(path, name, Filters(now=NOW, **filters), scope).to_dicts()


def blind(rows: list[dict[str, Any]], name: str) -> list[list[Any]]:
    """Rows without what names the other store; where they are in its order, in one of their own."""
    left_out = OTHER.get(name, ())
    told = [[value for key, value in row.items() if key not in left_out] for row in rows]
    return sorted(told, key=str) if left_out else told


SCOPES = [
    (Scope(regions=("North",)), ("A", "A2", "D")),
    (Scope(districts=("Hill",)), ("A", "D")),
    (Scope(stores=("B",)), ("B",)),
    (Scope(regions=("South",), districts=("Dale",), stores=("C",)), ("A2", "B", "C")),
]


@pytest.mark.parametrize(("scope", "stores"), SCOPES)
@pytest.mark.parametrize("name", [name for name in REPORTS if name not in APART])
def test_what_is_granted_is_seen_as_by_who_sees_everything(
    country: Book, name: str, scope: Scope, stores: tuple[str, ...]
) -> None:
    asked = {"stores": stores} if "--store" in REPORTS[name].takes else {}
    whole = told(country, name, EVERYTHING, **asked)
    if not asked:
        sites = {101: ("A", "A2", "D"), 102: ("B",), 103: ("C",)}
        whole = [row for row in whole if set(sites[row["site"]]) & set(stores)]
    seen = told(country, name, scope)
    assert whole
    if name != "sync":  # of a site with several stores it counts those that are granted
        assert blind(seen, name) == blind(whole, name)
    assert [row.get("site") for row in seen] == [row.get("site") for row in whole]


@pytest.mark.parametrize(("scope", "stores"), [*SCOPES, (Scope(), ())])
@pytest.mark.parametrize("name", REPORTS)
def test_no_other_store_is_named(
    country: Book, name: str, scope: Scope, stores: tuple[str, ...]
) -> None:
    others = {code for code in REGION if code not in stores}
    others |= {f"Store {code}" for code in others}
    seen = {value for row in told(country, name, scope) for value in row.values()}
    assert not seen & others
    assert name in (*WHOLE, "stock-value") or stores or not seen


def test_a_total_is_of_what_is_seen(country: Book) -> None:
    *rows, total = told(country, "stock-value", Scope(stores=("B", "C")))
    assert [row["store_code"] for row in rows] == ["B", "C"]
    assert total["value"] == sum(row["value"] for row in rows) > 0


def test_a_supplier_without_a_code_is_told_by_its_name_unless_it_is_another_s_store(
    country: Book,
) -> None:
    for scope, seen in ((EVERYTHING, {"Maker", "Far"}), (Scope(stores=("A",)), {"Maker"})):
        told_ = {row["supplier"] for row in told(country, "orders", scope)}
        assert told_ & {"Maker", "Far"} == seen
    both = Scope(stores=("A",), regions=("Far",))
    assert "Far" in {row["supplier"] for row in told(country, "orders", both)}


def test_a_filter_does_not_tell_whether_another_store_is_there(country: Book) -> None:
    said = []
    for code in ("A", "NOWHERE"):
        with pytest.raises(report.MainstemError) as error:
            told(country, "stock-on-hand", Scope(stores=("B",)), stores=(code,))
        said.append(str(error.value).replace(code, "X"))
    assert said[0] == said[1]


def test_what_a_line_held_says_is_seen_by_who_sees_all_stores_of_its_site(country: Book) -> None:
    path = country.scene.hub.home.reports
    held = []
    for scope in (EVERYTHING, Scope(regions=("North",)), Scope(districts=("Hill",)), Scope()):
        with report.opened(path, scope=scope) as con:
            query = "select site, reason, record_id, line, detail from marts.quarantine"
            held.append(con.execute(query).fetchall())
    whole, region, district, nothing = held
    assert len(whole) == 1 and whole[0][2] == "BAD" and all(whole[0])
    assert region == whole
    assert district == [(*whole[0][:2], None, None, None)]
    assert nothing == []


def test_a_table_that_nothing_is_said_of_has_no_rows(country: Book) -> None:
    with report.opened(country.scene.hub.home.reports, scope=Scope(regions=("North",))) as con:
        query = "select view_name from duckdb_views() where schema_name = 'marts'"
        tables = [table for (table,) in con.execute(query).fetchall()]
        assert {"store", "party", "record_count"} <= set(tables) >= set(SHOWN)
        for table in set(tables) - set(SHOWN):
            assert con.execute(f"select count(*) from marts.{table}").fetchone() == (0,)
