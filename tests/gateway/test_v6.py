"""The v6 side over HTTP: kept what is pushed, nothing served twice, errors as clients know them."""

import json
from typing import Any

import pytest
import requests
from builders import held
from served import Served

from pipelines.simulation.client import Client, SyncError


def client_of(served: Served, **told: str) -> Client:
    client = served.client(101, **told)
    client.v6_url = f"{served.url}/"
    return client


def push(client: Client, records: list[Any], last: bool = True) -> Any:
    told = [{"cursor": at, "record": record} for at, record in enumerate(records)]
    batch = {"end_cursor": 1, "total_records": len(told), "is_last_batch": last, "records": told}
    return client.v6("push", batch=batch)


ASSET = {"tableName": "asset", "recordId": "A1", "action": "Update",
         "recordData": {"id": "A1", "store_id": "S101", "notes": "é"}}  # fmt: skip


def test_what_is_pushed_over_v6_is_one_segment_and_judged_as_any_other(served: Served) -> None:
    client = client_of(served)
    assert push(client, [ASSET], last=False) == {"records_pushed": 1}
    assert not list((served.home.inbox / "101").glob("*.ndjson"))
    assert push(client, ["no record"]) == {"records_pushed": 1}
    (segment,) = (served.home.inbox / "101").glob("*.ndjson")
    lines = segment.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [ASSET, "no record"]
    told = served.cycle()
    assert (told["accepted"], told["quarantined"]) == (1, 1)
    assert [reason for _, _, _, reason in held(served.home)] == ["malformed"]


@pytest.mark.parametrize("cursor", [0, 1, 431])
def test_a_pull_gives_nothing_and_does_not_move_the_cursor_on(cursor: int, served: Served) -> None:
    for word in ("pull", "patient-pull"):
        told = client_of(served).v6(word, cursor=cursor, batchSize=500)
        assert (told["records"], told["is_last_batch"]) == ([], True)
        assert told["end_cursor"] + 1 == max(cursor, 1)


def test_nothing_is_waited_for(served: Served) -> None:
    assert client_of(served).v6("site_status") == {"is_integrating": False}


@pytest.mark.parametrize(
    ("told", "code"),
    [({"password": "wrong"}, "site_incorrect_password"), ({"hardware": "X"}, "hardware_id")],
)
def test_who_is_refused_over_v5_is_refused_here_with_the_same_code(
    told: dict[str, str], code: str, served: Served
) -> None:
    served.client(101).call("GET", "site")
    with pytest.raises(SyncError, match=rf"legacyServerError.*{code}"):
        client_of(served, **told).v6("site_status")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("{", {"parsingSyncRecordError": "the body is not JSON"}),
        ("[]", {"parsingSyncRecordError": "the body is no JSON object"}),
        ("{}", {"parsingSyncRecordError": "syncV5Settings is missing"}),
        (
            '{"syncV5Settings":{"username":"\\ud800"}}',
            {"parsingSyncRecordError": "syncV5Settings is not Unicode"},
        ),
        ('{"syncV5Settings":{},"syncV6Version":6}', {"syncVersionMismatch": [0, 5, 6]}),
        ('{"syncV5Settings":{},"syncV6Version":"x"}', {"syncVersionMismatch": [0, 5, "x"]}),
    ],
)
def test_a_body_that_is_none_is_told_so(body: str, error: dict[str, Any], served: Served) -> None:
    answer = requests.post(f"{served.url}/central/sync/pull", data=body, timeout=30)
    assert (answer.status_code, answer.json()) == (200, {"error": error})


@pytest.mark.parametrize("batch", [None, {}, {"records": 3}, []])
def test_a_push_without_records_is_told_so(batch: object, served: Served) -> None:
    with pytest.raises(SyncError, match=r"batch\.records is missing"):
        client_of(served).v6("push", batch=batch)
    assert not (served.home.inbox / "101").exists()


@pytest.mark.parametrize("cursor", [-1, "0", None, True])
def test_a_pull_with_no_cursor_is_told_so(cursor: object, served: Served) -> None:
    with pytest.raises(SyncError, match="cursor is no whole number"):
        client_of(served).v6("pull", cursor=cursor)


def test_half_a_character_in_a_record_is_judged_with_it(served: Served) -> None:
    data = {"id": "A1", "store_id": "S101", "notes": "\ud800"}
    assert push(client_of(served), [ASSET | {"recordData": data}]) == {"records_pushed": 1}
    assert served.cycle()["changes"] == 1
