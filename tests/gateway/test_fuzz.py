"""Whatever is sent: never a 5xx, nothing in the log, no memory kept; what was good goes on."""

import base64
import http.client
import itertools
import json
import shutil
import socket
from collections.abc import Generator
from typing import Any

import pytest
import schemathesis
from bodies import RECORD, broken, lines
from builders import NOW, held, item_line, run
from hypothesis import HealthCheck, Phase, given, settings
from process import Process, gateway
from served import PASSWORDS, Served
from serving import serving

from pipelines.admin.verify import verify
from pipelines.gateway import openapi, server
from pipelines.gateway.calls import LARGEST
from pipelines.home import Home

DOCUMENT = schemathesis.openapi.from_dict(openapi.document(False))
OPERATIONS = [found.ok() for found in DOCUMENT.get_all_operations()]
ADDRESSES = itertools.count(1)
GROWTH = 30  # MiB that a process may grow by and be called one that does not


def elsewhere() -> dict[str, str]:
    """A header that has the gateway take a call from this machine as from another address."""
    at = next(ADDRESSES)
    return {"X-Forwarded-For": f"10.{at >> 16 & 255}.{at >> 8 & 255}.{at & 255}"}


@pytest.fixture(scope="module")
def fuzzed(template: Any, tmp_path_factory: pytest.TempPathFactory) -> Generator[Process]:
    """A gateway in a process of its own, for all tests here."""
    home = Home(shutil.copytree(template, tmp_path_factory.mktemp("fuzzed") / "home"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAINSTEM_NOW", NOW)
        with gateway(home) as process:
            yield process


def headers(process: Process, site: int = 101) -> dict[str, str]:
    return Served(process.home, process.url).client(site).headers()


def who(process: Process) -> dict[str, Any]:
    client = Served(process.home, process.url).client(101)
    told = {"username": client.name, "passwordSha256": client.sent, "siteUuid": client.hardware}
    return {**told, "syncVersion": "14", "appName": "x", "appVersion": "2.19.00"}


class Caller:
    """One connection, kept open; every answer is looked at."""

    def __init__(self, process: Process) -> None:
        self.process, self.calls = process, 0
        self.connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=60)

    def __call__(
        self, method: str, path: str, body: bytes | None, told: dict[str, str]
    ) -> tuple[int, bytes]:
        """Status and body of the answer; the status is none of the gateway's own trouble."""
        self.connection.request(method, path, body, told)
        answer = self.connection.getresponse()
        content = answer.read()
        self.calls += 1
        assert answer.status < 500, (method, path, (body or b"")[:200], told, content)
        if content and answer.headers["content-type"] == "application/json":
            json.loads(content)
        return answer.status, content


@pytest.fixture
def caller(fuzzed: Process) -> Generator[Caller]:
    """A connection to it."""
    told = Caller(fuzzed)
    yield told
    told.connection.close()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_calls_made_of_the_description_are_answered_as_it_says(
    operation: Any, fuzzed: Process
) -> None:
    known, name = headers(fuzzed), who(fuzzed)

    @given(case=operation.as_strategy())
    @settings(
        max_examples=15, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def answered(case: Any) -> None:
        told = dict(case.headers or {})
        if "/v5/" in operation.path or "/patient" in operation.path or "join" in operation.path:
            told |= known
        if operation.path.endswith("initialise"):
            told["msupply-site-uuid"] = "another device"  # else it waits for a cycle
        if isinstance(case.body, dict) and "syncV5Settings" in case.body:
            case.body["syncV5Settings"] = name
        case.headers = {**told, **elsewhere()}
        answer = case.call(base_url=fuzzed.url, timeout=60)
        assert answer.status_code < 500, answer.content
        operation.validate_response(answer, case=case)

    answered()
    assert fuzzed.log() == ""


TYPES = [
    *("application/json", "", "text/xml; x=\xe9", "application/x-www-form-urlencoded"),
    *("multipart/form-data", "multipart/form-data; boundary=x"),
]


def good(process: Process) -> dict[str, tuple[str, dict[str, Any], dict[str, str]]]:
    """By path a method, a good body and headers."""
    site, v5 = {"syncV5Settings": who(process), "syncV6Version": 5}, headers(process)
    records = [{"cursor": 1, "record": {**RECORD, "recordId": "V6"}}]
    return {
        "/sync/v5/queued_records": ("POST", {"queueLength": 9, "data": [RECORD]}, v5),
        "/sync/v5/acknowledged_records": ("POST", {"syncIDs": ["101-1", "x", 7]}, v5),
        "/api/v4/name_store_join": ("POST", {"name_ID": "NOBODY", "store_ID": "S101"}, v5),
        "/api/v4/login": ("POST", {"username": "amina", "password": "x"}, {}),
        "/central/sync/push": ("POST", {**site, "batch": {"records": records}}, {}),
        "/central/sync/pull": ("POST", {**site, "cursor": 0, "batchSize": 5}, {}),
        "/central/sync/site_status": ("POST", site, {}),
        "/central/sync/download_file": ("POST", {**site, "id": "F"}, {}),
        "/central/sync/upload_file": ("PUT", {"file_id": "F", "sync_v5_settings": {}}, {}),
        "/central/name-store-join": ("POST", site, {}),
    }


def test_broken_bodies_cost_nothing(fuzzed: Process, caller: Caller) -> None:
    types = itertools.cycle(TYPES)

    def round_of_all() -> int:
        for path, (method, body, told) in good(fuzzed).items():
            for each in broken(body):
                more = {"content-type": next(types), **elsewhere()}
                caller(method, path, each, {**told, **more})
        return fuzzed.memory()

    first = round_of_all()
    last = round_of_all()
    assert caller.calls > 1500 and last - first < GROWTH, (caller.calls, first, last)
    assert fuzzed.log() == ""


ODD = [
    *(
        "",
        " ",
        "x",
        "é\xff",
        "x" * 60_000,
        "9" * 5000,
        "²",
        "-1",
        "1.5",
        "14\t",
        "Basic",
        "Basic =",
    ),
    *("Basic " + "A" * 50_000, "basic !!!", "Basic " + base64.b64encode(b"\xff:\xff").decode()),
    *("Basic " + base64.b64encode(told).decode() for told in (b":" * 9, b"x\0y:z")),
]


@pytest.mark.parametrize("name", ["authorization", "msupply-site-uuid", "version", "app-name"])
def test_odd_headers_are_refused_or_let_be(name: str, fuzzed: Process, caller: Caller) -> None:
    told = headers(fuzzed)
    for value in ODD:
        status, _ = caller("GET", "/sync/v5/site", None, {**told, name: value, **elsewhere()})
        assert status in ((200,) if name == "app-name" else (401, 409, 200))
    assert fuzzed.log() == ""


QUERIES = [
    *("cursor=-1", "cursor=1.5", "cursor=1e9", "cursor=NaN", "cursor=99999999999999999", "cursor="),
    *("cursor=" + "9" * 5000, "cursor=%00", "cursor=%ff", "cursor=0&cursor=x", "cursor[]=1", "=&?"),
    *(
        "limit=0",
        "limit=-5",
        "limit=999999999999999999",
        "limit=%F0%9F",
        "cursor=%D9%A3",
        "%",
        "&&==&",
    ),
    *("a" * 60_000, "dob=0000-00-00", "first_name=@@", "last_name=%27", "limit=-1&offset=-1"),
]


def test_odd_queries_are_refused_or_let_be(fuzzed: Process, caller: Caller) -> None:
    told = headers(fuzzed)
    for word in ("central_records", "queued_records"):
        for query in QUERIES:
            assert caller("GET", f"/sync/v5/{word}?{query}", None, told)[0] in (200, 400), query
    for query in [
        *QUERIES,
        "dob=0000-00-00",
        "first_name=@@",
        "last_name=%27",
        "limit=-1&offset=-1",
    ]:
        assert caller("GET", f"/api/v4/patient?{query}", None, headers(fuzzed, 102))[0] in (
            200,
            400,
        ), query
    assert fuzzed.log() == ""


HEAD = b"POST /central/sync/pull HTTP/1.1\r\nHost: x\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
ENDLESS = {
    "headers": (HEAD, b"x-a: " + b"a" * 1000 + b"\r\n"),
    "a header": (HEAD + b"x-a: ", b"a" * 1000),
    "an address": (b"GET /", b"a" * 1000),
    "trailers": (CHUNKED + b"1\r\n{\r\n0\r\n", b"x-a: " + b"a" * 1000 + b"\r\n"),
    "the length of a chunk": (CHUNKED + b"1;", b"a" * 1000),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_what_has_no_end_is_cut_off(what: str, fuzzed: Process) -> None:
    begin, more = ENDLESS[what]
    before, sent = fuzzed.memory(), 0
    with (
        socket.create_connection(("127.0.0.1", fuzzed.port), timeout=30) as line,
        pytest.raises(OSError),
    ):
        line.sendall(begin)
        while sent < 64:
            line.sendall(more * 1000)
            sent += 1
    assert sent < 64 and fuzzed.memory() - before < GROWTH and fuzzed.log() == ""


def test_a_head_that_does_not_come_is_not_waited_for(
    home_to_serve: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.5)
    monkeypatch.setattr(server, "LOOK", 0.1)
    with serving(home_to_serve) as url:
        for begin in (b"", b"GET /health HTTP/1.1\r\n"):
            with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as line:
                line.settimeout(20)
                line.sendall(begin)
                assert line.recv(1) == b""


def test_what_was_taken_is_judged_and_what_is_good_goes_on(fuzzed: Process, caller: Caller) -> None:
    told = headers(fuzzed)
    for line in lines():
        body = json.dumps({"queueLength": 1, "data": [line]}).encode()
        assert caller("POST", "/sync/v5/queued_records", body, told)[0] == 200, line
    note = {**RECORD["recordData"], "note": ""}
    large = {"queueLength": 1, "data": [{**RECORD, "recordId": "BIG", "recordData": note}]}
    room = LARGEST - len(json.dumps(large))
    for more, status in ((0, 200), (1, 413)):
        note["note"] = "x" * (room + more)
        body = json.dumps(large).encode()
        assert caller("POST", "/sync/v5/queued_records", body, told)[0] == status
    line = {**item_line("S102", "AMOX", 1), "syncOutId": "1"}
    for site, data in ((101, []), (102, [line]), (102, [])):
        body = json.dumps({"queueLength": len(data), "data": data}).encode()
        caller("POST", "/sync/v5/queued_records", body, headers(fuzzed, site))
    assert fuzzed.log() == ""
    cycle = run(fuzzed.home)
    verdicts = ("accepted", "deferred", "quarantined", "superseded", "duplicate")
    assert cycle["changes"] == sum(cycle[verdict] for verdict in verdicts) > len(lines())
    assert {row[0] for row in held(fuzzed.home)} == {101}
    assert verify(fuzzed.home)["problems"] == []
    assert PASSWORDS[101] not in fuzzed.log()
