"""What a disabled site is told, and one without a store."""

import time

import pytest
import requests
from builders import item_line
from said import Call
from served import WRITTEN, Served

from pipelines.admin import credentials
from pipelines.simulation.client import Client, SyncError


def refused(client: Client, method: str, word: str, body: object = None) -> str:
    with pytest.raises(SyncError) as error:
        client.call(method, word, body)
    return error.value.code


def test_a_disabled_site_is_told_so_and_keeps_what_it_has(served: Served, call: Call) -> None:
    client = served.client(102)
    with served.looped():
        client.sync()
    call("site", "disable", 102, at=served.home)
    client.call("GET", "site")  # until a cycle applies it
    served.cycle()
    line = {**item_line("S102", "AMOX", 1), "syncOutId": "1"}
    for method, word, body in (
        ("GET", "site", None), ("GET", "site_status", None), ("POST", "initialise", {}),
        ("POST", "queued_records", {"queueLength": 0, "data": [line]}),
        ("GET", "queued_records", None), ("GET", "central_records", None),
        ("POST", "acknowledged_records", {"syncIDs": ["102-1"]}),
    ):  # fmt: skip
        time.sleep(0 if word != "site" else 1.1)
        assert refused(client, method, word, body) == "site_disabled"
    with pytest.raises(SyncError, match=r"legacyServerError.*site_disabled"):
        client.v6("push", batch={"records": [{"record": line}], "is_last_batch": True})
    told = {"Authorization": client.headers()["Authorization"]}
    answer = requests.get(f"{served.url}/api/v4/patient", headers=told, timeout=30)
    assert answer.status_code == 403
    assert not list((served.home.inbox / "102").glob("*"))
    served.client(101).call("GET", "site")
    time.sleep(WRITTEN)
    errors = call("site", "show", 102, "--json", at=served.home).json["errors"]
    assert errors[0]["error"] == "site_disabled"
    call("site", "enable", 102, at=served.home)
    served.cycle()
    with served.looped():
        client.sync([line])
    assert list(served.home.archive.glob("*/*/*")), "what it had to send has come"


def test_a_site_without_a_store_is_told_so_until_it_has_one(served: Served, call: Call) -> None:
    call("site", "add", "--id", 103, "--name", "Site 103", "--json", at=served.home)
    credentials.keep(served.home, [(103, "Site 103", "gamma")])
    client = served.client(103, password="gamma")
    assert client.call("GET", "site")["initialisationStatus"] == "new", "no report knows it yet"
    served.cycle()
    assert refused(client, "GET", "site") == "site_has_no_store"
    assert refused(client, "POST", "initialise", {}) == "site_has_no_store"
    call("store", "add", "--code", "S103", "--name", "S103", "--site", 103, at=served.home)
    served.cycle()
    with served.looped():
        assert client.sync() > 0


def test_a_site_whose_store_has_moved_away_goes_on(served: Served, call: Call) -> None:
    client = served.client(102)
    with served.looped():
        client.sync()
    call("store", "move", "S102", "--to", 101, "--force", at=served.home)
    served.cycle()
    line = {**item_line("S102", "AMOX", 1), "syncOutId": "1"}
    with served.looped():
        client.sync([line])
    assert refused(client, "POST", "initialise", {}) == "site_has_no_store"
