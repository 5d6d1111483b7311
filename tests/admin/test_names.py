"""The commands of names: what is shown, visibility, changes of home stores."""

from typing import Any

import pytest
from builders import files, name, name_store_join, outbox, push, put, run, store
from edits import edited, unchanged
from said import Call, complains

from pipelines import home as homes
from pipelines.home import Home


def records(home: Home) -> list[dict[str, Any]]:
    """The records that wait in the central's inbox."""
    return [record for *_, record in edited(home) if record]


def test_a_name_is_shown_by_its_id_or_code(home: Home, call: Call) -> None:
    told = call("name", "show", "NAMES101", "--json", at=home).json
    assert told == call("name", "show", "S101", "--json", at=home).json
    assert (told["type"], told["store"], told["home_store"]) == ("store", "S101", None)
    assert told["visible_in"] == [{"store": "S101", "site": 101}]
    told = call("name", "show", "D1", "--json", at=home).json
    assert (told["visible_in"], told["hidden_in"]) == ([], ["S102"])
    told = call("name", "show", "P1", "--json", at=home).json
    assert (told["type"], told["home_store"]) == ("patient", "S101")
    assert told["visible_in"] == [{"store": "S101", "site": 101}], "in its home store, join or not"
    told = call("name", "show", "DOC1", "--json", at=home).json
    assert (told["type"], told["home_store"]) == ("prescriber", "S101")
    assert "S101 (site 101)" in call("name", "show", "P1", at=home).out


def test_a_code_comes_before_an_id(home: Home, call: Call) -> None:
    push(home, 1, "2", [put("name", {"ID": "OTHER", "code": "D1", "type": "facility"})])
    assert call("name", "show", "D1", "--json", at=home).status == 0
    run(home)
    assert call("name", "show", "D1", "--json", at=home).json["id"] == "OTHER"


def test_o2_a_name_becomes_visible_hidden_and_visible_again_by_one_record(
    home: Home, call: Call
) -> None:
    assert call("name", "visible", "SUPPLIER", "--in", "T1", at=home).status == 0
    assert "already" in call("name", "visible", "SUPPLIER", "--in", "T1", at=home).out
    (join,) = records(home)
    for given, inactive in ((["--off"], True), ([], False), (["--off"], True), ([], False)):
        assert run(home)["duplicate"] == 0
        assert call("name", "visible", "SUPPLIER", "--in", "T1", *given, at=home).status == 0
        assert records(home) == [join | {"inactive": inactive}]
    run(home)
    told = call("name", "show", "SUPPLIER", "--json", at=home).json
    assert {"store": "TWIN", "site": 102} in told["visible_in"]
    assert "already" in call("name", "visible", "P1", "--in", "S101", "--off", at=home).out
    assert edited(home) == []


def test_a_join_that_was_there_is_used_again_with_its_keys(home: Home, call: Call) -> None:
    call("name", "visible", "D1", "--in", "S102", at=home)
    assert [(row["ID"], row["inactive"], row["mine"]) for row in records(home)] == [
        ("D1-S102", False, "kept")
    ]


def test_every_join_of_a_name_is_hidden(home: Home, call: Call) -> None:
    push(home, 1, "2", [name_store_join("SUPPLIER", "S101", ID="TWICE") | {"recordId": "TWICE"}])
    run(home)
    call("name", "visible", "SUPPLIER", "--in", "S101", "--off", at=home)
    assert sorted(row["ID"] for row in records(home)) == ["SUPPLIER-S101", "TWICE"]
    run(home)
    told = call("name", "show", "SUPPLIER", "--json", at=home).json
    assert told["hidden_in"] == ["S101"]


def test_a_name_merged_away_is_told(home: Home, call: Call) -> None:
    merge = {"mergeIdToKeep": "SUPPLIER", "mergeIdToDelete": "D1"}
    line = {"tableName": "name", "recordId": "D1", "action": "merge", "recordData": merge}
    push(home, 1, "2", [line])
    assert run(home)["accepted"] == 1
    complains(call("name", "visible", "D1", "--in", "S101", at=home), "merged into SUPPLIER")
    assert call("name", "show", "D1", "--json", at=home).json["merged_into"] == "SUPPLIER"
    assert call("name", "show", "SUPPLIER", "--json", at=home).json["merged_from"] == ["D1"]


@pytest.mark.parametrize("who", ["P1", "DOC1"])
def test_p3_p4_a_change_of_home_store_is_a_message_that_completes(
    who: str, home: Home, call: Call
) -> None:
    said = call("name", "home-store", who, "--to", "T1", at=home)
    assert "site 101 has synced" in said.out
    ((action, table, message),) = edited(home)
    assert (action, table) == ("update", "message") and message is not None
    assert message["type"] == "home_store_change"
    assert message["body"] == {"name_ID": who, "to_store_ID": "T1"}
    assert (message["toStoreID"], message["status"]) == ("S101", "new")
    assert (message["createdDate"], message["createdTime"]) == ("2018-07-02", 8 * 3600)
    complains(call("name", "home-store", who, "--to", "S102", at=home), "waits")
    assert run(home)["accepted"] == 1
    told = call("name", "show", who, "--json", at=home).json
    assert (told["home_store"], told["home_store_changes_to"]) == ("S101", "TWIN")
    complains(call("name", "home-store", who, "--to", "S102", at=home), "waits")
    push(home, 101, "9", [])
    run(home)
    told = call("name", "show", who, "--json", at=home).json
    assert (told["home_store"], told["home_store_changes_to"]) == ("TWIN", None)
    complains(call("name", "home-store", who, "--to", "T1", at=home), "already")


def test_v8_a_mirrored_central_edits_visibility_and_not_names(mirrored: Home, call: Call) -> None:
    for number in (2, 101):
        call("site", "add", "--id", number, "--name", f"Site {number}", at=mirrored)
    call("store", "add", "--code", "A", "--name", "A", "--site", 101, at=mirrored)
    push(mirrored, 2, "1", [name("F", "facility")])
    complains(call("name", "visible", "F", "--in", "A", at=mirrored), "no name F")
    run(mirrored)
    assert call("name", "visible", "F", "--in", "A", at=mirrored).status == 0
    assert run(mirrored)["quarantined"] == 0
    assert "A" in str(call("name", "show", "F", "--json", at=mirrored).json["visible_in"])
    assert [line["tableName"] for line in outbox(mirrored, 2)][:1] == ["store"]


BAD = {
    "name": (2, ""),
    "name show": (2, "ID"),
    "name show NOBODY": (1, "no name NOBODY"),
    "name show DOUBLE": (1, "D1, D2"),
    "name show ''": (1, "no name"),
    "name show A B": (2, "B"),
    "name visible": (2, "CODE"),
    "name visible SUPPLIER": (2, "--in"),
    "name visible SUPPLIER --in NOWHERE": (1, "no store NOWHERE"),
    "name visible SUPPLIER --in TWIN": (1, "T1, T2"),
    "name visible NOBODY --in S101": (1, "no name NOBODY"),
    "name visible DOUBLE --in S101": (1, "D1, D2"),
    "name visible S101 --in S101": (1, "itself"),
    "name visible DOC1 --in S101": (1, "prescriber"),
    "name home-store": (2, "ID"),
    "name home-store P1": (2, "--to"),
    "name home-store NOBODY --to T1": (1, "no name NOBODY"),
    "name home-store P1 --to NOWHERE": (1, "no store NOWHERE"),
    "name home-store P1 --to S101": (1, "already"),
    "name home-store SUPPLIER --to T1": (1, "facility"),
    "name home-store P1 --to TWIN": (1, "T1, T2"),
}


@pytest.mark.parametrize("given", BAD)
def test_bad_input(given: str, home: Home, call: Call) -> None:
    before = files(home.path)
    status, word = BAD[given]
    said = call(*(part.strip("'") for part in given.split(" ")), at=home)
    if given == "name":
        assert said.status == 2
        return
    complains(said, word, status=status)
    assert unchanged(home, before)


def test_odd_names_and_codes_are_found_as_they_are(home: Home, call: Call) -> None:
    odd = ["Ѐ'; drop table name; --", "a%b_c", '"quoted"', "日本"]
    push(home, 1, "2", [name(code, "facility") for code in odd])
    run(home)
    for code in odd:
        assert call("name", "show", code, "--json", at=home).json["code"] == code
        assert call("name", "visible", code, "--in", "S101", at=home).status == 0
    assert len(records(home)) == len(odd)


def test_a_disabled_store_is_no_new_home(home: Home, call: Call) -> None:
    push(home, 1, "2", [store("OLD", 101, disabled=True), put("name", {"ID": "NAMEOLD"})])
    run(home)
    complains(call("name", "home-store", "P1", "--to", "OLD", at=home), "disabled")


@pytest.mark.parametrize(
    "given", ["name show P1", "name visible SUPPLIER --in T1", "name home-store P1 --to T1"]
)
def test_what_needs_the_warehouse_gives_up_with_75(
    given: str, home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "PATIENCE", 0.2)
    with homes.lock(home):
        complains(call(*given.split(), at=home), "running", status=75)
    assert edited(home) == []
