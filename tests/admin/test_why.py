"""The history of a record, and why a site has it or not."""

from typing import Any

import pytest
from builders import (
    delete,
    files,
    item_line,
    name_store_join,
    push,
    put,
    receipt,
    run,
    store,
    trans_line,
    transact,
)
from edits import settle, unchanged
from said import Call, complains

from pipelines import home as homes
from pipelines import registry
from pipelines.home import Home


def part(call: Call, home: Home, record: str, site: int | None = None) -> dict[str, Any]:
    """What is told of a record that stands in one table."""
    given = ("--site", site) if site else ()
    (told,) = call("why", record, *given, "--json", at=home).json["tables"]
    return told


def test_each_change_tells_who_made_it_its_verdict_and_rule(home: Home, call: Call) -> None:
    push(home, 101, "2", [item_line("S101", "AMOX", 5)])
    push(home, 102, "2", [item_line("S101", "AMOX", 9)])
    run(home)
    push(home, 101, "3", [item_line("S101", "AMOX", 4), delete("item_line", "S101-AMOX")])
    run(home)
    told = part(call, home, "S101-AMOX")
    assert [
        (c["cycle"], c["site"], c["segment"], c["line"], c["action"], c["outcome"], c["rule"])
        for c in told["changes"]
    ] == [
        (2, 101, "2.ndjson", 1, "update", "accepted", None),
        (2, 102, "2.ndjson", 1, "update", "not_owner", "O3"),
        (3, 101, "3.ndjson", 1, "update", "accepted", None),
        (3, 101, "3.ndjson", 2, "delete", "accepted", None),
    ]
    assert told["changes"][1]["meaning"] == registry.reasons()["not_owner"].description
    assert "101" in told["changes"][1]["detail"]
    assert (told["stands"]["store"], told["stands"]["active_at"]) == ("S101", 101)
    assert told["stands"]["deleted"] is True
    said = call("why", "S101-AMOX", at=home).out
    assert "site 102  2.ndjson:1  update  not_owner (O3)" in said
    assert "deleted" in said.splitlines()[0] and "(R4)" in said
    assert "2.5" not in said, "no text of the record is told"


def test_what_waited_tells_when_it_was_judged(home: Home, call: Call) -> None:
    invoice, line = receipt("S101", "2018-05-01", 7)
    assert isinstance(line, dict)
    push(home, 101, "2", [line])
    run(home)
    (change,) = part(call, home, line["recordId"])["changes"]
    assert (change["outcome"], change["rule"], change["judged"]) == ("deferred", "O13", 2)
    assert "transact" in change["detail"]
    push(home, 101, "3", [invoice])
    run(home)
    (change,) = part(call, home, line["recordId"])["changes"]
    assert (change["cycle"], change["outcome"], change["judged"]) == (2, "accepted", 3)
    assert "accepted in cycle 3" in call("why", line["recordId"], at=home).out


def test_an_id_that_stands_in_two_tables_is_told_in_both(home: Home, call: Call) -> None:
    push(home, 1, "2", [put("item", {"ID": "BOTH"}), put("unit", {"ID": "BOTH"})])
    run(home)
    told = call("why", "BOTH", "--json", at=home).json["tables"]
    assert [row["table"] for row in told] == ["item", "unit"]


def test_merges_are_told_from_both_ends(home: Home, call: Call) -> None:
    data = {"mergeIdToKeep": "AMOX", "mergeIdToDelete": "ORS"}
    line = {"tableName": "item", "recordId": "ORS", "action": "merge", "recordData": data}
    push(home, 1, "2", [line])
    run(home)
    for record in ("AMOX", "ORS"):
        (merge,) = part(call, home, record)["merges"]
        assert (merge["merged"], merge["into"], merge["cycle"]) == ("ORS", "AMOX", 2)
    assert "merged into AMOX" in call("why", "ORS", at=home).out
    assert "ORS into AMOX" in call("why", "AMOX", at=home).out


def test_transfers_are_told_from_both_halves_and_their_lines(home: Home, call: Call) -> None:
    invoice = transact("CI", "S101", "ci", "NAMES102", "2018-05-01")
    push(home, 101, "2", [invoice, trans_line("CI", "AMOX", "stock_out", 2)])
    run(home)
    (told,) = part(call, home, "CI")["transfers"]
    assert (told["kind"], told["outcome"], told["made_by"]) == ("stock", "created", "hub")
    half = told["responding_id"]
    for record in (half, "CI-AMOX"):
        (found,) = part(call, home, record)["transfers"]
        assert found == told
        said = call("why", record, at=home).out
        assert "transfer stock: transact CI of store S101 to store S102, created" in said
        assert half in said
    assert part(call, home, half)["changes"][0]["segment"] is None, "the hub made it"


def test_the_hub_s_own_changes_are_told_as_such(home: Home, call: Call) -> None:
    code = {"barcode": "123", "itemID": "AMOX"}
    push(home, 101, "2", [put("barcode", {"ID": "B1", **code})])
    push(home, 102, "2", [put("barcode", {"ID": "B2", **code})])
    run(home)
    last = part(call, home, "B2")["changes"][-1]
    assert (last["action"], last["segment"], last["site"]) == ("merge", None, 1)
    assert "made by the hub" in call("why", "B2", at=home).out


# Why a site has it


def has(call: Call, home: Home, record: str, site: int) -> tuple[str, str]:
    told = part(call, home, record, site)["site"]
    assert told["site"] == site
    assert (
        f"site {site}: {told['has']}. {told['why']}"
        in call("why", record, "--site", site, at=home).out
    )
    return told["has"], told["why"]


def test_why_a_site_has_a_record(home: Home, call: Call) -> None:
    push(home, 1, "2", [name_store_join("NAMES101", "S102")])
    push(home, 101, "2", [item_line("S101", "AMOX", 5)])
    push(home, 102, "2", [item_line("S101", "ORS", 5)])
    run(home)
    assert has(call, home, "S101-AMOX", 1) == ("yes", "The central has every accepted record.")
    answer, why = has(call, home, "S101-AMOX", 101)
    assert (answer, "itself" in why) == ("yes", True)
    answer, why = has(call, home, "S101-AMOX", 102)
    assert answer == "no" and "(R4)" in why
    assert "Store S101 is active at site 101; site 102 holds nothing of it" in why
    answer, why = has(call, home, "AMOX", 102)
    assert answer == "owed" and "central log" in why
    answer, why = has(call, home, "NAMES101-S102", 102)
    assert answer == "owed" and "line" in why and "not acknowledged" in why
    answer, why = has(call, home, "S101-ORS", 101)
    assert (answer, "accepted" in why) == ("no", True)
    answer, why = has(call, home, "S101-ORS", 102)
    assert (answer, "not_owner" in why) == ("yes", True)
    answer, why = has(call, home, "P1", 102)
    assert answer == "no" and "(R5)" in why and "visible in no store" in why
    answer, why = has(call, home, "S101-AMOX", 104)
    assert (answer, "disabled" in why) == ("no", True)
    answer, why = has(call, home, "SITE101", 102)
    assert answer == "no" and "no site (R11)" in why


def renamed(name: str) -> dict[str, Any]:
    """Store S102 with another name."""
    line = store("S102", 102)
    return line | {"recordData": line["recordData"] | {"name": name}}


def test_what_a_site_has_acknowledged_it_has(home: Home, call: Call) -> None:
    settle(home)
    answer, why = has(call, home, "S102", 102)
    assert answer == "yes" and "has acknowledged it" in why and "(R3)" in why
    answer, why = has(call, home, "AMOX", 102)
    assert answer == "yes" and "central log" in why
    push(home, 1, "2", [renamed("Renamed")])
    run(home)
    assert has(call, home, "S102", 102)[0] == "owed"
    states = [line["state"] for line in part(call, home, "S102")["queued"] if line["site"] == 102]
    assert states == ["acknowledged", "owed"]
    push(home, 1, "3", [renamed("Renamed again")])
    run(home)
    states = [line["state"] for line in part(call, home, "S102")["queued"] if line["site"] == 102]
    assert states == ["acknowledged", "superseded", "owed"]
    assert ", update (R3), superseded" in call("why", "S102", at=home).out
    call("site", "initialise", 102, at=home)
    run(home)
    states = [line["state"] for line in part(call, home, "S102")["queued"] if line["site"] == 102]
    assert states == ["acknowledged", "superseded", "superseded", "owed"]


def test_every_route_says_where_it_goes() -> None:
    told = {row["route"] for row in registry.read_rows("route")}
    assert told == {kind.route for kind in registry.record_kinds()}


BAD = {
    "why": (2, "RECORD"),
    "why NOTHING": (1, "NOTHING"),
    "why ''": (1, "No change"),
    "why AMOX ORS": (2, "ORS"),
    "why AMOX --site 999": (1, "no site 999"),
    "why AMOX --site x": (2, "x"),
    "why AMOX --sites 101": (2, "--site"),
}


@pytest.mark.parametrize("given", BAD)
def test_bad_input(given: str, home: Home, call: Call) -> None:
    before = files(home.path)
    status, word = BAD[given]
    said = call(*(part.strip("'") for part in given.split(" ")), at=home)
    complains(said, word, status=status)
    assert unchanged(home, before)


def test_it_waits_for_a_running_cycle_and_gives_up_with_75(
    home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "PATIENCE", 0.2)
    with homes.lock(home):
        complains(call("why", "AMOX", at=home), "running", status=75)
