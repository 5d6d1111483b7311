"""The simulated country: seeded, labelled, and true to its own ledger at every moment."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.simulation.book import Book
from pipelines.simulation.country import Batch, Country, feed, write
from pipelines.simulation.items import read_items, season_factor
from pipelines.simulation.places import make_sites
from pipelines.simulation.records import Ids

END = date(2026, 11, 22)
CENTRAL = 1
STORE_DATA = ("transact", "item_line", "Location")


@dataclass
class Told:
    """A feed as the hub would take it: newest records by table, what it refuses, and the rest."""

    batches: list[Batch]
    tables: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    changes: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    early: list[int] = field(default_factory=list)  # sites of lines whose transact came later
    sync_out_ids: list[tuple[int, str]] = field(default_factory=list)

    def site_of(self, store: str) -> int:
        return int(self.tables["store"][store]["sync_id_remote_site"])

    def movements(self) -> list[tuple[str, dict[str, Any], int]]:
        """(confirm date, trans_line, signed packs), in the order of days, then of the feed."""
        rows = []
        for line in self.tables["trans_line"].values():
            header = self.tables["transact"][line["transaction_ID"]]
            sign = {"stock_in": 1, "stock_out": -1}[line["type"]]
            rows.append((header["confirm_date"], line, sign * line["quantity"]))
        return sorted(rows, key=lambda row: row[0])


def read(country: Country) -> Told:
    """Generate a country and judge its lines, one after the other."""
    told = Told(list(feed(country, END)))
    for batch in told.batches:
        for segment in batch.segments:
            begin = len(told.changes)
            for line in segment.lines:
                judge(told, segment.site, line)
            told.early += [
                site
                for site, table, record in told.changes[begin:]
                if table == "trans_line" and record["transaction_ID"] not in told.tables["transact"]
            ]
    return told


def judge(told: Told, site: int, line: bytes) -> None:
    try:
        change = json.loads(line)
    except ValueError:
        told.refused.append((site, "malformed"))
        return
    assert list(change) == ["syncOutId", "tableName", "recordId", "action", "recordData"]
    table, record = change["tableName"], change["recordData"]
    assert change["recordId"] == record["ID"]
    told.sync_out_ids.append((site, change["syncOutId"]))
    if table in STORE_DATA and told.site_of(record["store_ID"]) != site:
        told.refused.append((site, "not_owner"))
    elif table not in (*STORE_DATA, "trans_line") and site != CENTRAL:
        told.refused.append((site, "primary_only"))
    else:
        told.tables[table][record["ID"]] = record
        told.changes.append((site, table, record))


@pytest.fixture(scope="module")
def told() -> Told:
    return read(Country())


def test_a_seed_and_an_end_give_the_same_bytes_and_another_seed_gives_others() -> None:
    small = Country(seed=7, sites=24, days=60)
    assert list(feed(small, END)) == list(feed(small, END))
    first, other = next(feed(small, END)), next(feed(Country(seed=8, sites=24, days=60), END))
    assert not {s.lines[0] for s in first.segments} & {s.lines[0] for s in other.segments}


def test_ninety_days_of_forty_sites_over_three_levels(told: Told) -> None:
    assert [batch.day for batch in told.batches] == [
        END - timedelta(days=10 * left) for left in range(8, -1, -1)
    ]
    days = {header["confirm_date"] for header in told.tables["transact"].values()}
    assert days == {(END - timedelta(days=back)).isoformat() for back in range(90)}
    stores = told.tables["store"].values()
    assert len({store["sync_id_remote_site"] for store in stores}) == 48
    levels = Counter(store["code"].split("-")[0] for store in stores)
    assert levels["NMS"] == 1 and levels["RMS"] == 5 and levels["H"] + levels["C"] >= 42
    assert {store["store_mode"] for store in stores} == {"store", "dispensary"}
    assert 40_000 < sum(len(s.lines) for b in told.batches for s in b.segments) < 80_000


def test_names_say_simulated(told: Told) -> None:
    for table in ("site", "store"):
        assert all("simulated" in it["name"].lower() for it in told.tables[table].values())
    names = told.tables["name"].values()
    assert all("simulated" in it["name"].lower() for it in names if it["type"] != it["code"])
    assert all(it["custom_data"]["simulated"] for it in names if it["type"] == "store")
    assert sum(it["type"] == "store" for it in names) == len(told.tables["store"])


def test_every_movement_is_finalised_and_every_reference_exists(told: Told) -> None:
    tables = told.tables
    for header in tables["transact"].values():
        assert header["status"] == "fn" and header["finalised_date"] == header["confirm_date"]
        assert header["name_ID"] in tables["name"]
    for line in tables["trans_line"].values():
        assert line["transaction_ID"] in tables["transact"]
        assert line["item_line_ID"] in tables["item_line"]
        assert line["item_ID"] in tables["item"] and line["location_ID"] in tables["Location"]
    seen = {(join["store_ID"], join["name_ID"]) for join in tables["name_store_join"].values()}
    assert {(it["store_ID"], it["name_ID"]) for it in tables["transact"].values()} <= seen


def test_stock_never_falls_below_zero(told: Told) -> None:
    balance: Counter[str] = Counter()
    for day, line, packs in told.movements():
        balance[line["item_line_ID"]] += packs
        assert balance[line["item_line_ID"]] >= 0, (day, line)


def test_a_book_refuses_to_give_what_it_does_not_have() -> None:
    ids, store, item = Ids(1), make_sites(1, 48)[0].stores[0], read_items()[0]
    book = Book(ids, store)
    line = book.open_line(item, "A1", END, item.pack_size, item.cost, ids.of("name", "DONOR"))
    book.post("si", line.source, END, [(line, 5)])
    with pytest.raises(ValueError, match="NMS has 5 packs, not 6"):
        book.post("ci", line.source, END, [(line, -6)])
    assert line.packs == 5


def test_each_stock_line_equals_its_ledger_whenever_it_is_sent(told: Told) -> None:
    units: Counter[str] = Counter()
    for _, table, record in told.changes:
        if table == "trans_line":
            sign = 1 if record["type"] == "stock_in" else -1
            units[record["item_line_ID"]] += sign * record["quantity"] * record["pack_size"]
        if table == "item_line":
            assert units[record["ID"]] == record["quantity"] * record["pack_size"]
            assert record["available"] == record["quantity"]
    assert units == {
        id: line["quantity"] * line["pack_size"] for id, line in told.tables["item_line"].items()
    }


def test_what_is_received_was_sent_before(told: Told) -> None:
    store_of = {it["name_ID"]: it["ID"] for it in told.tables["store"].values()}
    sent = {
        (it["store_ID"], f"From invoice number: {it['invoice_num']}"): it
        for it in told.tables["transact"].values()
    }
    lines = defaultdict(list)
    for line in told.tables["trans_line"].values():
        lines[line["transaction_ID"]].append((line["batch"], line["pack_size"], line["quantity"]))
    received = [it for it in told.tables["transact"].values() if it["their_ref"]]
    late = 0
    for it in received:
        half = sent.get((store_of[it["name_ID"]], it["their_ref"]))
        if half is not None:  # a silent site's own half never came
            assert half["confirm_date"] <= it["confirm_date"]
            assert sorted(lines[half["ID"]]) == sorted(lines[it["ID"]])
            gap = date.fromisoformat(it["confirm_date"]) - date.fromisoformat(half["confirm_date"])
            late += gap.days > 10
    kinds = Counter(it["type"] for it in received)
    assert kinds["si"] > 100 and kinds["cc"] > 3 and late > 5


def test_all_kinds_of_movement_occur(told: Told) -> None:
    names = told.tables["name"]
    kinds = Counter(
        (it["type"], names[it["name_ID"]]["type"]) for it in told.tables["transact"].values()
    )
    assert set(kinds) == {
        ("si", "invad"), ("sc", "invad"), ("si", "facility"), ("ci", "facility"),
        ("ci", "store"), ("si", "store"), ("sc", "store"), ("cc", "store"),
    }  # fmt: skip
    told_why = Counter(it["comment"].split(":")[0] for it in told.tables["transact"].values())
    assert set(told_why) == {
        "", "Opening stock", "Expired", "Broken", "Stocktake", "Cancelled"
    }  # fmt: skip
    for it in told.tables["transact"].values():
        assert it["is_cancellation"] == (it["total"] < 0) == bool(it["linked_transaction_id"])
        if it["is_cancellation"]:
            taken_back = told.tables["transact"][it["linked_transaction_id"]]
            assert taken_back["total"] == -it["total"]


def test_some_stores_run_out_but_most_do_not(told: Told) -> None:
    balance: Counter[tuple[str, str]] = Counter()
    ran_out: set[tuple[str, str]] = set()
    day_before, touched = "", set()
    for day, line, packs in told.movements():
        if day != day_before:
            ran_out |= {key for key in touched if balance[key] == 0}
            day_before, touched = day, set()
        key = told.tables["transact"][line["transaction_ID"]]["store_ID"], line["item_ID"]
        balance[key] += packs * line["pack_size"]
        touched.add(key)
    assert 0.02 < len(ran_out) / len(balance) < 0.5
    assert 0.01 < sum(units == 0 for units in balance.values()) / len(balance) < 0.25


def test_malaria_has_a_season() -> None:
    year = [season_factor("malaria", date(2026, 1, 1) + timedelta(days=n)) for n in range(365)]
    assert 0.99 < sum(year) / 365 < 1.01
    assert max(year) > 1.3 and 0 < min(year) < 0.7


def test_some_sites_are_late_two_silent_and_one_never_sends(told: Told) -> None:
    last = {
        segment.site: (END - batch.day).days
        for batch in told.batches
        for segment in batch.segments
        if segment.site != CENTRAL
    }
    known = {site["site_ID"] for site in told.tables["site"].values()} - {CENTRAL}
    assert len(known - set(last)) == 1
    assert Counter(last.values()) == {0: 41, 10: 4, 40: 1, 50: 1}


def test_a_few_lines_are_refused_or_come_too_early(told: Told) -> None:
    assert Counter(reason for _, reason in told.refused) == {
        "malformed": 1, "primary_only": 2, "not_owner": 2
    }  # fmt: skip
    assert len({site for site, _ in told.refused}) == 5
    assert len(set(told.early)) == 1 and 1 <= len(told.early) <= 5


def test_sync_out_ids_are_unique_within_a_site(told: Told) -> None:
    assert len(set(told.sync_out_ids)) == len(told.sync_out_ids)


def test_the_hub_can_make_the_receipts(told: Told) -> None:
    hub = read(Country(receipts="hub"))
    store_of = {it["name_ID"]: it["ID"] for it in hub.tables["store"].values()}
    received = [it for it in hub.tables["transact"].values() if it["their_ref"]]
    assert received
    for it in received:  # what a hospital sends its own dispensary stays the site's affair
        assert hub.site_of(it["store_ID"]) == hub.site_of(store_of[it["name_ID"]])

    def issues(of: Told) -> list[dict[str, Any]]:
        return [it for it in of.tables["transact"].values() if it["type"] == "ci"]

    assert issues(hub) == issues(told)


def test_write_puts_complete_segments_into_the_inbox(tmp_path: Path, told: Told) -> None:
    first = told.batches[0]
    assert write(first, tmp_path) == sum(len(segment.lines) for segment in first.segments)
    found = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*"))
    assert found == sorted(f"{s.site}/{s.name}.ndjson" for s in first.segments)
    segment = first.segments[-1]
    path = tmp_path / str(segment.site) / f"{segment.name}.ndjson"
    assert path.read_bytes().split(b"\n") == [*segment.lines, b""]


@pytest.mark.parametrize("bad", [{"sites": 3}, {"days": 10}, {"receipts": "site"}])
def test_a_bad_country_is_refused_by_name(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        Country(**bad)
