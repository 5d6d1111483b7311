"""Sync v5 over HTTP: what an open mSupply site is answered, call by call."""

import json
import sqlite3
import time
from typing import Any

import pytest
from builders import held, item, item_line, name, outbox, push, put, read, transact
from served import WRITTEN, Served

from pipelines.simulation.client import SyncError


def change(line: dict[str, Any], number: int = 1, action: str = "Update") -> dict[str, Any]:
    """A change as the client pushes it."""
    return {**line, "syncOutId": str(number), "action": action}


def batch(*lines: dict[str, Any], rest: int = 0) -> dict[str, Any]:
    return {"queueLength": len(lines) + rest, "data": list(lines)}


def initialised(served: Served, site: int) -> Any:
    client = served.client(site)
    with served.looped():
        client.sync()
    return client


def test_a_site_is_told_who_it_is_and_always_the_same(served: Served) -> None:
    client = served.client(101)
    told = client.call("GET", "site")
    assert told == client.call("GET", "site")
    assert told["id"] != served.client(102).call("GET", "site")["id"]
    assert {key: told[key] for key in told if key not in ("id", "code")} == {
        "siteId": 101,
        "name": "Site 101",
        "initialisationStatus": "new",
        "isOmSupplyCentralServer": False,
        "omSupplyCentralServerUrl": f"{served.url}/",
        "mSupplyCentralSiteId": 1,
    }


def test_a_site_initialises_pushes_and_its_partner_pulls(served: Served) -> None:
    one, two = served.client(101), served.client(102)
    with served.looped():
        assert one.sync() == len(served.got[101]) > 0
        two.sync()
        assert one.call("GET", "site")["initialisationStatus"] == "completed"
        served.got[102].clear()
        sent = transact("T1", "S101", "ci", "NAMES102", "2018-06-30")
        one.sync([change(sent), change(item_line("S101", "AMOX", 4), 2)])
        two.sync()
    assert [told["recordId"] for told in served.got[102] if told["tableName"] == "transact"]
    assert read(served.home, "stock-on-hand")["quantity"].to_list() == [40]
    assert one.sync() == 0, "what it sent does not come back"


def test_what_is_owed_comes_again_until_it_is_acknowledged_and_then_never(served: Served) -> None:
    client = initialised(served, 101)
    push(served.home, 1, "002", [put("name_store_join", join(number)) for number in range(5)])
    served.cycle()
    first = client.call("GET", "queued_records", limit=2)
    assert first == client.call("GET", "queued_records", limit=2)
    assert (first["queueLength"], len(first["data"])) == (5, 2)
    ids = [told["syncOutId"] for told in first["data"]]
    for _ in range(2):  # the answer may be lost
        assert client.call("POST", "acknowledged_records", {"syncIDs": ids}) is None
    second = client.call("GET", "queued_records", limit=2)
    assert second["queueLength"] == 3
    assert not {told["syncOutId"] for told in second["data"]} & set(ids)


def join(number: int) -> dict[str, Any]:
    return {"ID": f"J{number}", "store_ID": "S101", "name_ID": "CUSTOMERS", "inactive": False}


def test_an_acknowledgement_with_a_gap_leaves_the_gap_owed(served: Served) -> None:
    client = initialised(served, 101)
    push(served.home, 1, "002", [put("name_store_join", join(number)) for number in range(4)])
    served.cycle()
    one, two, three, four = (
        told["syncOutId"] for told in client.call("GET", "queued_records")["data"]
    )
    client.call("POST", "acknowledged_records", {"syncIDs": [two, four]})
    told = client.call("GET", "queued_records")
    assert (told["queueLength"], [one, three]) == (2, [t["syncOutId"] for t in told["data"]])
    client.call("POST", "acknowledged_records", {"syncIDs": [three, one]})
    assert client.call("GET", "queued_records") == {"queueLength": 0, "data": []}


def test_r12_of_a_record_that_changed_again_the_newest_is_served_and_counted(
    served: Served,
) -> None:
    client = initialised(served, 101)

    def changed(*numbers: int, inactive: bool) -> None:
        lines = [
            put("name_store_join", join(number) | {"inactive": inactive}) for number in numbers
        ]
        push(served.home, 1, f"{served.cycle()['cycle'] + 1:03d}", lines)
        served.cycle()

    def owed(limit: int = 500) -> list[tuple[str, bool]]:
        told = client.call("GET", "queued_records", limit=limit)
        assert told["queueLength"] == 3
        return [(one["recordId"], one["recordData"]["inactive"]) for one in told["data"]]

    changed(0, 1, 2, inactive=False)
    assert owed() == [("J0", False), ("J1", False), ("J2", False)]
    older = client.call("GET", "queued_records")["data"]
    changed(0, 2, inactive=True)
    changed(0, inactive=False)
    assert owed() == [("J1", False), ("J2", True), ("J0", False)]
    assert owed(limit=1) == [("J1", False)]
    old = [told["syncOutId"] for told in older if told["recordId"] != "J1"]
    client.call("POST", "acknowledged_records", {"syncIDs": old})
    assert len(owed()) == 3, "an older version that was fetched is not the newest"
    (first, *rest) = (one["syncOutId"] for one in client.call("GET", "queued_records")["data"])
    client.call("POST", "acknowledged_records", {"syncIDs": rest})
    assert client.call("GET", "queued_records")["queueLength"] == 1
    client.call("POST", "acknowledged_records", {"syncIDs": [first]})
    assert client.call("GET", "queued_records") == {"queueLength": 0, "data": []}
    served.cycle()
    (length,) = read(served.home, "sync").filter(site=101)["queue_length"]
    assert length == 0


def test_an_acknowledgement_of_what_is_not_the_site_s_changes_nothing(served: Served) -> None:
    with served.looped():
        for site in (101, 102):
            served.client(site).call("POST", "initialise", {})
    before = served.client(102).call("GET", "queued_records")
    assert before["queueLength"]
    client = served.client(101)
    queue = client.call("GET", "queued_records")
    strange: list[list[Any]] = [["102-1"], ["101-999"], ["x", "", "-", "101-", "101-0"], [None, 7]]
    for ids in strange:
        client.call("POST", "acknowledged_records", {"syncIDs": ids})
        assert served.client(102).call("GET", "queued_records") == before
        assert client.call("GET", "queued_records") == queue


def test_the_central_log_is_read_by_cursor_and_ends_at_its_last(served: Served) -> None:
    client = served.client(101)
    whole = client.call("GET", "central_records", cursor=0, limit=500)
    numbers = [told["ID"] for told in whole["data"]]
    assert numbers == list(range(1, len(outbox(served.home, "central")) + 1))
    assert whole["maxCursor"] == numbers[-1]
    some = client.call("GET", "central_records", cursor=2, limit=3)
    assert ([told["ID"] for told in some["data"]], some["maxCursor"]) == ([3, 4, 5], numbers[-1])
    for cursor in (numbers[-1], 2_000_000_000):
        end = client.call("GET", "central_records", cursor=cursor, limit=5)
        assert end == {"maxCursor": cursor, "data": []}, "never below what the client has"


def test_r11_what_the_primary_made_is_left_out_for_it_until_it_is_initialised_anew(
    served: Served,
) -> None:
    toml = served.home.toml
    toml.write_text(toml.read_text().replace("primary = 1", "primary = 101"))
    one, two = initialised(served, 101), initialised(served, 102)
    served.got[101].clear()
    served.got[102].clear()
    push(served.home, 101, "001", [item("NEW1"), item("NEW2")])
    served.cycle()
    push(served.home, 101, "002", [item("NEW3")])
    served.cycle()
    before = one.cursor
    assert one.pull_central() == 0
    assert one.cursor == before, "it is not made to count"
    assert one.call("GET", "central_records", cursor=before - 1, limit=1)["data"], "what was before"
    assert two.pull_central() == 3
    assert [told["recordId"] for told in served.got[102]] == ["NEW1", "NEW2", "NEW3"]
    again = initialised(served, 101)
    assert again.cursor == two.cursor
    assert {"NEW1", "NEW2", "NEW3"} <= {told["recordId"] for told in served.got[101]}


def test_a_push_is_one_segment_that_is_complete_with_the_empty_batch(served: Served) -> None:
    client = served.client(101)
    inbox = served.home.inbox / "101"
    for number in (1, 2):
        sent = batch(change(item_line("S101", f"I{number}", 1), number), rest=2 - number)
        for _ in range(2):  # the answer may be lost
            assert client.call("POST", "queued_records", sent) == {"integrationStarted": False}
    assert not list(inbox.glob("*.ndjson"))
    assert served.cycle()["changes"] == 0
    for _ in range(2):
        last = client.call("POST", "queued_records", batch())
        assert last == {"integrationStarted": True}
    (segment,) = inbox.glob("*.ndjson")
    assert len(segment.read_text(encoding="utf-8").splitlines()) == 2
    assert client.call("GET", "site_status")["code"] == "integration_in_progress"
    assert served.cycle()["changes"] == 2
    assert client.call("GET", "site_status") == {"code": "idle", "message": "idle", "data": None}


def test_a_record_is_kept_as_the_very_text_it_came_as(served: Served) -> None:
    line = json.dumps(item_line("S101", "AMOX", 1)).replace('"pack_size": 10', '"pack_size":\n1e1')
    line = line.replace('"batch": "B1"', '"batch": "\\u00e9\\n", "more":  [1.10, {"a" : null}]')
    client = served.client(101)
    body = f'{{"queueLength":0 ,\r\n"more":[{{}}],"data":[ {line} ]}}'
    served.ask(client, "POST", "queued_records", data=body.encode()).raise_for_status()
    (segment,) = (served.home.inbox / "101").glob("*.ndjson")
    assert segment.read_text(encoding="utf-8") == line.replace("\n", " ") + "\n"
    assert served.cycle()["accepted"] == 1
    assert read(served.home, "stock-on-hand")["quantity"].to_list() == [10]


def test_what_a_push_cannot_be_judged_by_the_gateway_goes_to_quarantine(served: Served) -> None:
    client = served.client(101)
    lines = ['"text"', "7", '{"tableName":"item"}', json.dumps(item("NOT_ITS"))]
    body = f'{{"queueLength":4,"data":[{",".join(lines)}]}}'
    served.ask(client, "POST", "queued_records", data=body).raise_for_status()
    client.call("POST", "queued_records", batch())
    assert served.cycle()["quarantined"] == 4
    assert sorted(reason for _, _, _, reason in held(served.home)) == [
        "malformed", "malformed", "malformed", "primary_only",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"7", b"null", b'{"data":[]}', b'{"queueLength":-1,"data":[]}',
        b'{"queueLength":"3","data":[]}', b'{"queueLength":true,"data":[]}', b'{"queueLength":0,}',
        b'{"queueLength":0,"data":[{},]}', b'{"queueLength":0} x',
        b'{"queueLength":0,"data":[\xff]}',
        b'{"queueLength":0,"data":' + b"[" * 100_000, b'{"queueLength":' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_a_push_that_is_none_is_refused_and_nothing_of_it_kept(body: bytes, served: Served) -> None:
    answer = served.ask(served.client(101), "POST", "queued_records", data=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed_request")
    assert not (served.home.inbox / "101").exists()


def test_a_packed_body_and_one_too_long_are_refused(served: Served) -> None:
    client = served.client(101)
    packed = {"content-encoding": "gzip"}
    answer = served.ask(client, "POST", "queued_records", data=b"\x1f\x8b", headers=packed)
    assert answer.status_code == 415
    answer = served.ask(client, "POST", "queued_records", data=b" " * ((64 << 20) + 1))
    assert answer.status_code == 413


def test_a_site_that_goes_back_is_noticed(served: Served) -> None:
    client = served.client(101)
    for number in (9, 4):
        client.call("POST", "queued_records", batch(change(item_line("S101", "AMOX", 1), number)))
    assert "went back from change 9 to 4" in contacts(served)


def contacts(served: Served) -> str:
    """What is kept of contacts, when it is: a second later."""
    time.sleep(WRITTEN)
    con = sqlite3.connect(served.home.gateway)
    told = con.execute("select * from contact").fetchall()
    con.close()
    return repr(told)


def test_contacts_are_in_the_sync_report_and_acknowledgements_in_the_queue(served: Served) -> None:
    initialised(served, 101)
    assert "'GET queued_records'" in contacts(served)
    served.cycle()
    row = read(served.home, "sync").filter(site=101).row(0, named=True)
    assert (row["last_contact"], row["queue_length"]) == ("2018-07-01T08:00:00Z", 0)
    assert read(served.home, "sync").filter(site=102)["status"].item() == "never"


def test_initialising_again_serves_the_whole_queue_again(served: Served) -> None:
    client = initialised(served, 101)
    whole = [told["recordId"] for told in served.got[101]]
    again = served.client(101)
    served.got[101].clear()
    with served.looped():
        again.sync()
    assert sorted(told["recordId"] for told in served.got[101]) == sorted(whole)
    assert client.sync() == 0


def test_names_with_dates_and_what_lacks_come_in_the_form_that_the_client_parses(
    served: Served,
) -> None:
    patient = name("P1", "patient", supplying_store_id="S101", date_of_birth="1990-04-02T00:00:00")
    client = initialised(served, 101)
    client.call("POST", "queued_records", batch(change(patient)))
    client.call("POST", "queued_records", batch())
    served.cycle()
    served.got[101].clear()
    with served.looped():
        served.client(101).sync()
    (told,) = (one["recordData"] for one in served.got[101] if one["recordId"] == "P1")
    assert told["date_of_birth"] == "1990-04-02"
    assert (told["female"], told["phone"], told["om_gender"]) == (False, "", None)


# Who calls


def refused(served: Served, **told: Any) -> SyncError:
    with pytest.raises(SyncError) as error:
        served.client(101, **told).call("GET", "site")
    return error.value


def test_a_wrong_password_an_unknown_name_and_another_device_are_refused(served: Served) -> None:
    served.client(101).call("GET", "site")
    assert refused(served, password="wrong").code == "site_incorrect_password"
    assert refused(served, hardware="CLONE").code == "site_incorrect_hardware_id"
    client = served.client(101)
    client.name = "Nobody"
    with pytest.raises(SyncError) as error:
        client.call("GET", "site")
    assert error.value.code == "site_name_not_found"
    assert "'site_incorrect_hardware_id'" in contacts(served)


def test_guessing_is_ended_for_the_guesser(served: Served) -> None:
    for _ in range(5):
        assert refused(served, password="wrong").code == "site_incorrect_password"
    assert refused(served).code == "site_auth_timeout"
    served.client(102).call("GET", "site")


@pytest.mark.parametrize("version", ["", "0", "x", "-1", "²"])
def test_a_version_that_is_not_spoken_is_refused(version: str, served: Served) -> None:
    answer = served.ask(
        served.client(101), "GET", "site", headers={"version": version.encode("utf-8")}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "api_version_incompatible")


@pytest.mark.parametrize("header", [None, "", "Basic", "Basic !", "Bearer eA==", "Basic eA=="])
def test_without_credentials_nothing_is_told(header: str | None, served: Served) -> None:
    told = {"Authorization": header}
    for word in ("site", "site_status", "queued_records", "central_records"):
        answer = served.ask(served.client(101), "GET", word, headers=told)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "site_name_not_found"
