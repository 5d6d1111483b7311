"""The test interface: sites and records that a client's own integration tests make."""

from collections.abc import Generator
from typing import Any

import pytest
import requests
from builders import held, item, name
from served import Served
from serving import serving

from pipelines.home import Home
from pipelines.simulation.client import Client


@pytest.fixture
def tested(home_to_serve: Home) -> Generator[Served]:
    """A home served with its test interface, and its loop running."""
    with serving(home_to_serve, test_api=True) as url:
        served = Served(home_to_serve, url)
        with served.looped():
            yield served


def put(served: Served, client: Client, word: str, body: Any) -> requests.Response:
    answer = served.ask(client, "POST", f"test/{word}", json=body)
    assert answer.ok, answer.text
    return answer


def made(served: Served, *visible: str) -> tuple[Client, dict[str, Any], list[dict[str, Any]]]:
    """A client of a new site, what it was told, and where its records come to."""
    told = put(served, served.client(101), "create_site", {"visibleNameIds": visible}).json()
    got: list[dict[str, Any]] = []
    site = told["site"]
    client = Client(served.url, site["name"], "", f"HW-{site['site_ID']}", poll=0.05)
    client.sent, client.keep = site["password"], got.extend
    return client, told, got


def test_a_site_is_made_and_can_sync_at_once(tested: Served) -> None:
    client, told, got = made(tested, "NAMES101")
    assert client.call("GET", "site")["siteId"] == told["site"]["site_ID"]
    client.sync()
    stores = [one["recordData"] for one in got if one["tableName"] == "store"]
    assert told["store"]["ID"] in [store["ID"] for store in stores]
    joins = [one["recordData"] for one in got if one["tableName"] == "name_store_join"]
    assert "NAMES101" in [join["name_ID"] for join in joins]
    assert made(tested)[1]["site"]["site_ID"] > told["site"]["site_ID"]


def test_partial_records_come_out_whole_and_are_deleted_again(tested: Served) -> None:
    client, _, got = made(tested)
    client.sync()
    got.clear()
    records = {"item": [{"ID": "NEW", "code": "N"}], "unit": [{"ID": "TAB", "units": "Tablet"}]}
    put(tested, client, "upsert", records)
    client.sync()
    found = {one["recordId"]: one["recordData"] for one in got}
    assert found["TAB"] == {"ID": "TAB", "units": "Tablet", "comment": "", "order_number": 0}
    assert (found["NEW"]["default_pack_size"], found["NEW"]["is_vaccine"]) == (0, False)
    got.clear()
    put(tested, client, "delete", {"item": ["NEW"]})
    client.sync()
    assert [(one["recordId"], one["action"]) for one in got] == [("NEW", "delete")]
    assert held(tested.home) == []


def test_each_record_counts_as_an_edit_of_its_owner(tested: Served) -> None:
    client, told, got = made(tested)
    store = told["store"]["ID"]
    stocked = {"ID": "L1", "store_ID": store, "item_ID": "AMOX", "pack_size": 1, "quantity": 3}
    records = {
        "trans_line": [{"ID": "TL", "transaction_ID": "T", "item_ID": "AMOX", "type": "stock_out"}],
        "transact": [{"ID": "T", "store_ID": store, "name_ID": "CUSTOMERS", "type": "ci",
                      "status": "nw", "mode": "store"}],
        "item_line": [stocked, {**stocked, "ID": "L2", "store_ID": "S102"}],
        "name": [name("P1", "patient", supplying_store_id=store)["recordData"]],
    }  # fmt: skip
    put(tested, tested.client(101), "upsert", records)
    assert held(tested.home) == []
    client.sync()
    assert {"L1", "T", "TL", "P1"} <= {one["recordId"] for one in got}
    put(tested, tested.client(101), "delete", {"transact": ["T"], "trans_line": ["TL"]})
    assert held(tested.home) == []


@pytest.mark.parametrize("body", [None, {}, {"item": []}])
def test_nothing_to_do_does_nothing(body: Any, tested: Served) -> None:
    for word in ("upsert", "delete"):
        assert put(tested, tested.client(101), word, body).content == b""


@pytest.mark.parametrize(
    ("word", "body"),
    [
        ("upsert", {"nonsense": []}), ("upsert", {"item": {}}), ("upsert", {"item": ["x"]}),
        ("upsert", {"item": [{"code": "no id"}]}), ("upsert", [1]), ("delete", {"item": [{}]}),
        ("create_site", {"visibleNameIds": "x"}), ("create_site", {"visibleNameIds": [1]}),
    ],
)  # fmt: skip
def test_what_is_not_as_the_interface_has_it_is_refused(
    word: str, body: Any, tested: Served
) -> None:
    answer = tested.ask(tested.client(101), "POST", f"test/{word}", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed_request")


def test_without_being_asked_for_it_is_not_there(served: Served) -> None:
    answer = served.ask(served.client(101), "POST", "test/upsert", json={"item": [item("X")]})
    assert answer.status_code == 404


def test_only_a_site_may_use_it(tested: Served) -> None:
    answer = requests.post(f"{tested.url}/sync/v5/test/create_site", json={}, timeout=30)
    assert answer.status_code == 401
