"""The simulated country: seeded, labelled, and true to its own ledger at every moment."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from played import END, Played

from pipelines import home as homes
from pipelines.simulation.country import Country, fleet
from pipelines.simulation.held import Record
from pipelines.simulation.items import read_items, season_factor
from pipelines.simulation.places import CENTRAL, make_places

SIGN = {"stock_in": 1, "stock_out": -1}


def first_segments(seed: int, path: Path) -> dict[str, bytes]:
    home = homes.make(path)
    next(fleet(Country(seed=seed, sites=30, days=60), END).play(home))
    found = {file.parent.name: file.read_bytes() for file in home.inbox.rglob("*.ndjson")}
    assert {file.name for file in home.inbox.rglob("*.*")} == {"20260923-0001.ndjson"}
    return found


def movements(played: Played) -> list[tuple[str, Record, Record, float]]:
    """(confirm date, transact, line, signed packs) of all that moved, in the order of days."""
    transacts = played.own("transact")
    rows = [
        (transacts[id]["confirm_date"], transacts[id], line, SIGN[line["type"]] * line["quantity"])
        for id, lines in played.lines().items()
        for line in lines
        if transacts[id]["status"] in ("cn", "fn")
    ]
    return sorted(rows, key=lambda row: row[0])


def test_a_seed_and_an_end_give_the_same_bytes_and_another_seed_gives_others(
    tmp_path: Path,
) -> None:
    one = first_segments(7, tmp_path / "one")
    assert set(one) == {"1", "2"}
    assert one == first_segments(7, tmp_path / "same")
    other = first_segments(8, tmp_path / "other")
    assert not {*one["2"].split(b"\n")} & {*other["2"].split(b"\n")} - {b""}


def test_ninety_days_of_forty_sites_over_three_levels() -> None:
    country = fleet(Country(), END)
    rounds = country.calendar.rounds()
    assert rounds[0] == END - timedelta(days=90) and rounds[-1] == END
    assert max(later - before for before, later in pairwise(rounds)) <= timedelta(days=5)
    assert len(country.places) == 48
    levels = Counter(store.level for place in country.places for store in place.stores)
    assert levels["national"] == 1 and levels["regional"] == 5
    assert levels["hospital"] + levels["centre"] >= 42
    assert Counter(place.kind for place in country.places).keys() == {
        "desktop", "mobile", "open_msupply"
    }  # fmt: skip
    assert {store.orders for place in country.places for store in place.stores} == {
        "requisition", "purchase_order", "central"
    }  # fmt: skip


def test_names_say_simulated(played: Played) -> None:
    central, primary = played.fleet.sites[CENTRAL], played.fleet.sites[2]
    for table in ("site", "store"):
        told = central.held.table(table).values()
        assert told and all("simulated" in it["name"].lower() for it in told)
    names = primary.held.table("name").values()
    assert all("simulated" in it["name"].lower() for it in names if it["type"] != it["code"])
    stores = [it for it in names if it["type"] == "store"]
    assert all(it["custom_data"]["simulated"] for it in stores)
    assert len(stores) == len(central.held.table("store"))


def test_every_movement_is_dated_and_every_reference_exists(played: Played) -> None:
    for site in played.fleet.sites.values():
        shown = {
            (it["store_ID"], site.kept("name", it["name_ID"]))
            for it in site.held.table("name_store_join").values()
        }
        for header in site.held.table("transact").values():
            if header["store_ID"] not in site.stores():
                continue
            if header["status"] == "fn":
                assert header["entry_date"] <= header["confirm_date"] <= header["finalised_date"]
            assert (header["store_ID"], site.kept("name", header["name_ID"])) in shown
            for line in site.held.lines("trans_line", header["ID"]):
                assert line["item_ID"] in site.held.table("item")
                if header["status"] in ("cn", "fn"):
                    assert line["item_line_ID"] in site.held.table("item_line")
                    assert line["location_ID"] in site.held.table("Location")


def test_stock_never_falls_below_zero(played: Played) -> None:
    balance: Counter[str] = Counter()
    by_day = defaultdict(list)
    for day, _, line, packs in movements(played):
        by_day[day].append((line["item_line_ID"], packs))
    for day, moves in by_day.items():
        for id, packs in moves:
            balance[id] += packs
        assert min(balance[id] for id, _ in moves) >= 0, day


def test_each_stock_line_equals_its_ledger(played: Played) -> None:
    packs: dict[str, float] = defaultdict(float)
    for _, _, line, moved in movements(played):
        packs[line["item_line_ID"]] += moved
    stock = played.own("item_line")
    assert len(stock) > 1000 and set(packs) == set(stock)
    for id, line in stock.items():
        assert line["quantity"] == line["available"] == packs[id]


def test_all_kinds_of_movement_occur(played: Played) -> None:
    names = {
        id: it for site in played.fleet.sites.values() for id, it in site.held.table("name").items()
    }
    transacts = played.own("transact").values()
    assert {(it["type"], names[it["name_ID"]]["type"]) for it in transacts} == {
        ("si", "invad"), ("sc", "invad"), ("si", "facility"), ("ci", "facility"),
        ("ci", "patient"), ("ci", "store"), ("si", "store"), ("sc", "store"), ("cc", "store"),
    }  # fmt: skip
    assert {it["comment"].split(":")[0] for it in transacts} == {
        "", "Opening stock", "Expired", "Broken", "Stocktake", "Cancelled"
    }  # fmt: skip
    for it in transacts:
        assert it.get("is_cancellation", False) == (it["total"] < 0)
        if it["total"] < 0:
            assert played.own("transact")[it["linked_transaction_id"]]["total"] == -it["total"]


def test_numbers_run_without_gaps_in_each_store_and_series(played: Played) -> None:
    for table, key, kind in (
        ("transact", "invoice_num", "type"),
        ("requisition", "serial_number", "type"),
        ("purchase_order", "serial_number", "store_ID"),
        ("Goods_received", "serial_number", "store_ID"),
    ):
        series = defaultdict(list)
        for it in played.own(table).values():
            series[it["store_ID"], it[kind]].append(it[key])
        assert series
        for numbers in series.values():
            # A request that was dropped as a draft, and a device that was lost, leave a gap or two.
            assert len(set(numbers)) == len(numbers) and min(numbers) >= 1
            assert max(numbers) - len(numbers) <= 2


def test_some_stores_run_out_but_most_do_not(played: Played) -> None:
    balance: Counter[tuple[str, str]] = Counter()
    ran_out: set[tuple[str, str]] = set()
    day_before, touched = "", set()
    for day, header, line, packs in movements(played):
        if day != day_before:
            ran_out |= {key for key in touched if balance[key] == 0}
            day_before, touched = day, set()
        key = header["store_ID"], line["item_ID"]
        balance[key] += packs * line["pack_size"]
        touched.add(key)
    assert 0.02 < len(ran_out) / len(balance) < 0.5
    assert 0.01 < sum(units == 0 for units in balance.values()) / len(balance) < 0.25


def test_malaria_has_a_season() -> None:
    year = [season_factor("malaria", date(2026, 1, 1) + timedelta(days=n)) for n in range(365)]
    assert 0.99 < sum(year) / 365 < 1.01
    assert max(year) > 1.3 and 0 < min(year) < 0.7


def test_some_sites_are_late_two_silent_and_one_never_connects(played: Played) -> None:
    calendar = played.fleet.calendar
    remote = {place.number for place in played.fleet.places}
    last = {site: played.silent[site] for site in remote if site in played.silent}
    assert remote - set(last) == {calendar.never}
    assert {site for site, days in last.items() if 3 < days <= 30} == set(calendar.late)
    assert {site for site, days in last.items() if days > 30} == set(calendar.silent)


def test_lines_are_down_for_days_and_then_caught_up(played: Played) -> None:
    rounds = played.fleet.calendar.rounds()
    online = {
        place.number: [played.fleet.calendar.online(place.number, day) for day in rounds]
        for place in played.fleet.places
    }
    missed = sum(not it for states in online.values() for it in states)
    assert missed > len(online) * len(rounds) * 0.1
    assert any(
        "xxx" in "".join("x" if not it else "." for it in states[:-1]) for states in online.values()
    )


def test_a_few_lines_are_refused_deferred_or_sent_twice(played: Played) -> None:
    refused = "select outcome from collector.verdict where outcome <> 'accepted'"
    reasons = Counter(reason for (reason,) in played.rows(refused))
    assert reasons == {"malformed": 1, "primary_only": 2, "not_owner": 2}
    assert played.summed["duplicate"] > 10 and 1 <= played.summed["deferred"] <= 5


@pytest.mark.parametrize("bad", [{"sites": 3}, {"days": 10}])
def test_a_bad_country_is_refused_by_name(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        Country(**bad)


def test_the_catalogue_and_the_places_follow_from_files_and_seed() -> None:
    assert len(read_items()) == 34
    assert make_places(1, 48) == make_places(1, 48) != make_places(2, 48)
