"""What goes wrong in the field (`sync_facts.md` §10), and the tests that show the hub prevents it.

`field.yaml` has every number of that table: the tests, or why it is not the hub's. The tests here
are those that stand nowhere else; a test's name holds its number.
"""

import importlib
import json
import re
import sqlite3
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import scene as scenes
import yaml
from builders import country, issue, item_line, push, receipt, run
from said import Call
from scene import Line, Scene

from pipelines.home import Home

ROOT = Path(__file__).resolve().parents[2]
FIELD: dict[int, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("field.yaml").read_text(encoding="utf-8")
)
LATER: dict[str, Any] = {"of a later version": {"doses": [1.5, None]}}  # a key that nobody knows


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home that is set up; not to be changed."""
    return scenes.make(tmp_path_factory.mktemp("set-up") / "home")


@pytest.fixture
def scene(made: Home, tmp_path: Path) -> Generator[Scene]:
    """The system that is set up, open; a test's own."""
    with scenes.copied(made, tmp_path / "home") as scene:
        yield scene


def initialise(scene: Scene, site: int) -> dict[str, Any]:
    """Build a site's queue anew; its records by id, as they were sent."""
    (scene.hub.home.requests / "1.json").write_text(json.dumps({"initialise": site}))
    scene.cycle()
    lines = [json.loads(line) for line in scene.lines(site)[scene.seen.get(str(site), 0) :]]
    assert lines[0]["action"] == "reset"
    return {line["recordId"]: line["recordData"] for line in lines[1:]}


# The table


def test_the_table_has_the_numbers_of_the_specification(shared: Path) -> None:
    text = (shared / "spec" / "sync_facts.md").read_text(encoding="utf-8")
    (section,) = re.findall(r"^## 10\..*?(?=^## )", text, flags=re.MULTILINE | re.DOTALL)
    assert list(FIELD) == [int(number) for number in re.findall(r"(?m)^\| (\d+) \|", section)]
    assert len(FIELD) == 37


@pytest.mark.parametrize("number", FIELD)
def test_every_test_that_the_table_names_is_there(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = FIELD[number]
    assert set(told) <= {"problem", "shown", "elsewhere"}
    assert told["problem"]
    assert told.get("shown") or told.get("elsewhere"), "a test, or a reason"
    for node in told.get("shown", ()):
        path, _, test = node.partition("::")
        name, _, case = test.partition("[")
        monkeypatch.syspath_prepend(ROOT / Path(path).parent)
        found = getattr(importlib.import_module(Path(path).stem), name, None)
        assert callable(found), node
        assert not case or case.removesuffix("]") in cases(found), node


def cases(test: Any) -> set[str]:
    """The cases of a test that has one list of them."""
    (mark,) = [mark for mark in test.pytestmark if mark.name == "parametrize"]
    return {str(case) for case in mark.args[1]}


def test_every_test_of_this_file_stands_under_its_number() -> None:
    own = {name for name in globals() if name.startswith("test_field_")}
    told = {
        (number, node.partition("::")[2])
        for number, row in FIELD.items()
        for node in row.get("shown", ())
        if node.startswith("tests/faults/test_field.py::")
    }
    assert told == {(int(name.split("_")[2]), name) for name in own}


# The tests


def test_field_03_a_device_put_back_to_an_old_copy_undoes_nothing(scene: Scene) -> None:
    before: list[Line] = [["item_line", "L1", {"store_ID": "A", "quantity": 5}]]
    scene.cycle({101: before})
    scene.cycle({101: [["item_line", "L1", {"store_ID": "A", "quantity": 3}]]})
    assert scene.cycle({101: before})["duplicate"] == 1, "it pushes again what it had pushed"
    assert scene.grown() == {}
    assert scene.record("item_line", "L1") == {"store_ID": "A", "quantity": 3}
    assert initialise(scene, 101)["L1"]["quantity"] == 3, "and so it gets back what it had lost"


def test_field_05_who_lets_another_device_in_is_told_when_the_old_one_last_pushed(
    home: Home, call: Call
) -> None:
    push(home, 1, "1", country())
    push(home, 101, "1", receipt("S101", "2018-05-01", 5))
    run(home)
    call("site", "password", 101, at=home)
    with sqlite3.connect(home.gateway) as con:
        con.execute("update site set hardware_id = 'DEVICE'")
    said = call("site", "reset-hardware", 101, at=home).out
    assert "DEVICE" in said and "2018-07-01T08:00:00Z" in said and "lost" in said


def test_field_08_stores_that_sites_leave_out_go_to_none(scene: Scene) -> None:
    """A legacy system's own stores are active nowhere, or at the central."""
    stores: list[Line] = [
        ["store", code, {"code": code, "name_ID": f"NAME{code}", "store_mode": "store"} | site]
        for code, site in (
            ("HIS", {}),
            ("DRG", {"sync_id_remote_site": 0}),
            ("SM", {"sync_id_remote_site": 1}),
        )
    ]
    unknown: Line = ["item_line", "L1", {"store_ID": "NOWHERE"}]
    scene.cycle({1: stores, 101: [unknown, ["item_line", "L2", {"store_ID": "A"}]]})
    assert scene.grown() == {"103": ["update item_line L2"]}
    assert scene.verdicts() == ["accepted", "accepted", "accepted", "deferred", "accepted"]
    assert not {"HIS", "DRG", "SM", "L1"} & set(initialise(scene, 103))


def test_field_17_keys_of_a_later_version_outlive_the_hub_s_own_edits(scene: Scene) -> None:
    patient = {"type": "patient", "supplying_store_id": "D"} | LATER
    scene.cycle({101: [["name", "P1", patient], ["item_line", "L1", {"store_ID": "A"} | LATER]]})
    body = {"name_ID": "P1", "to_store_ID": "B"}
    move = {"toStoreID": "D", "type": "home_store_change", "status": "new", "body": body}
    scene.cycle({1: [["message", "M1", move]]})
    assert scene.cycle({101: [["item_line", "L2", {"store_ID": "A"}]]})["made"] > 0
    assert scene.record("name", "P1") == patient | {"supplying_store_id": "B"}
    assert initialise(scene, 102)["P1"] == {"ID": "P1"} | patient | {"supplying_store_id": "B"}
    assert initialise(scene, 103)["L1"] == {"ID": "L1", "store_ID": "A"} | LATER


def test_field_19_every_user_goes_to_all_and_none_is_asked_for(scene: Scene) -> None:
    users: list[Line] = [
        ["user", "U1", {"name": "ann", "active": False}],
        ["user", "U2", {"name": ""}],
    ]
    by_nobody = {"store_ID": "A", "user_ID": "NOBODY"}
    scene.cycle({1: users, 101: [["transact", "T1", by_nobody]]})
    assert scene.verdicts() == ["accepted"] * 3
    assert scene.grown() == {
        "central": ["update user U1", "update user U2"],
        "103": ["update transact T1"],
    }


def test_field_20_a_store_that_sees_itself_supplies_itself_with_nothing(scene: Scene) -> None:
    sight = {"name_ID": "NAMED", "store_ID": "D", "inactive": False}
    scene.cycle({1: [["name_store_join", "SELF", sight]]})
    assert scene.grown() == {"101": ["update name_store_join SELF"]}
    invoice = {"store_ID": "D", "name_ID": "NAMED", "type": "ci", "status": "fn"}
    assert scene.cycle({101: [["transact", "T1", invoice]]})["made"] == 0
    assert scene.grown() == {}
    assert scene.rows("select outcome from transfers.transfer") == [("same_store",)]


def test_field_21_two_halves_that_are_sent_back_and_forth_come_to_rest(scene: Scene) -> None:
    invoice = {"store_ID": "D", "name_ID": "NAMEB", "type": "ci", "status": "fn"}
    line = {"transaction_ID": "T1", "item_ID": "I1", "type": "stock_out", "quantity": 1}
    sent: list[Line] = [["transact", "T1", invoice], ["trans_line", "L1", line]]
    assert scene.cycle({101: sent})["made"] == 2
    ((half, text),) = scene.rows(
        "select responding_id, data from transfers.transfer "
        "join landing.change on record_id = responding_id"
    )
    echo = f'{{"tableName":"transact","recordId":"{half}","action":"update","recordData":{text}}}'
    numbered = ["transact", half, json.loads(text) | {"invoice_num": 4}]
    for turn, (told, moved) in enumerate(((echo, 0), (numbered, 1), (echo, 1))):
        counted = ["item_line", "L2", {"store_ID": "D", "quantity": turn}]
        again = ["item_line", "L3", {"store_ID": "B", "quantity": turn}]
        summary = scene.cycle({101: [*sent, counted], 102: [told, again]})
        assert (summary["duplicate"], summary["accepted"]) == (0, 5)
        assert (summary["made"], summary["routed"]) == (0, moved)
        summary = scene.cycle()
        assert (summary["made"], summary["routed"]) == (0, 0)


def test_field_23_a_history_that_falls_below_nothing_is_told(home: Home, call: Call) -> None:
    """Only the day of receipt is wrong: the ledger ends where the stock line does."""
    push(home, 1, "1", country())
    push(home, 101, "1", [*receipt("S101", "2018-05-01", 5), item_line("S101", "AMOX", 3)])
    push(home, 101, "2", issue("S101", "2018-04-20", 2))
    run(home)
    told = call("verify", "--json", at=home).json
    assert (told["whole"], told["ledger_disagreements"]) == (True, [])
    assert told["below_nothing"] == [
        {"store_code": "S101", "item_code": "AMOX", "day": "2018-04-20", "units": -20}
    ]
    assert "on 2018-04-20" in call("verify", at=home).out


def test_field_36_a_bad_line_of_the_central_data_costs_that_line_alone(scene: Scene) -> None:
    lines: list[Line | str] = [
        ["list_master", "M1", {"description": "Vital", "programSettings": None}],
        ["item", "I7", {"code": 7}],
        ["list_master_line", "ML1", {"item_master_ID": "M1", "item_ID": "I7"}],
        ["list_master_name_join", "MN1", {"name_ID": "NAMEB", "list_master_ID": "M1"}],
        ["list_master_line", "ML2", {"item_master_ID": "M1", "item_ID": "I1"}],
    ]
    scene.cycle({1: lines})
    assert scene.verdicts() == ["accepted", "malformed", "accepted", "accepted", "accepted"]
    lists = ["list_master M1", "list_master_line ML1", "list_master_line ML2"]
    assert scene.grown() == {
        "central": [f"update {name}" for name in lists],
        **{site: ["update list_master_name_join MN1"] for site in ("101", "102", "103")},
    }
    scene.cycle({1: [["item", "I7", {"code": "7"}]]})
    assert scene.grown() == {"central": ["update item I7"]}
