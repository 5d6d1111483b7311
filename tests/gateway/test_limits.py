"""Limits: of calls at once and in a while, of bodies in length, number and memory."""

import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from process import gateway
from served import Served

from pipelines.gateway import limits, pushed, server
from pipelines.gateway.limits import AT_ONCE, Limits
from pipelines.gateway.refused import Refused
from pipelines.home import Home
from pipelines.simulation.client import SyncError


def code(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "it never came to that"


def test_a_site_has_so_many_calls_at_once_and_no_more(served: Served) -> None:
    client = served.client(101)
    most = AT_ONCE["site"]

    def initialised() -> int:
        """Asks again where the call that looks how many wait was one too many."""
        while (status := served.ask(client, "POST", "initialise", data="{}").status_code) == 429:
            time.sleep(0.05)
        return status

    with ThreadPoolExecutor(most) as pool:
        waiting = [pool.submit(initialised) for _ in range(most)]
        until(lambda: not served.ask(client, "GET", "site").ok)
        assert code(served.ask(client, "GET", "site")) == (429, "too_many_requests")
        client.v6_url = f"{served.url}/"
        with pytest.raises(SyncError, match=r"legacyServerError.*too_many_requests"):
            client.v6("site_status")
        served.client(102).call("GET", "site")
        with served.looped():
            assert {one.result() for one in waiting} == {200}
    client.call("GET", "site")


@pytest.mark.parametrize("whose", ["site", "address"])
def test_who_calls_too_often_is_told_to_wait(
    whose: str, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.RATE, whose, 0.01)
    monkeypatch.setattr(limits, "SAVED", 1000.0)
    clients = [served.client(101), served.client(102)]
    told = [served.ask(clients[at % 2], "GET", "site").status_code for at in range(24)]
    most = 20 if whose == "site" else 10  # of both, each its own or together
    assert told == [200] * most + [429] * (24 - most)


def test_what_was_used_up_comes_back_and_who_rests_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr(limits.time, "monotonic", lambda: now)
    told = Limits()

    def passed(key: limits.Key) -> bool:
        try:
            told.enter(key)
        except Refused:
            return False
        told.leave(key)
        return True

    most = int(limits.RATE["site"] * limits.SAVED)
    assert [passed(("site", 1)) for _ in range(most + 1)] == [True] * most + [False]
    now += 0.101
    assert [passed(("site", 1)) for _ in range(31)] == [True] * 30 + [False]
    for at in range(limits.KEPT * 2):
        now += 0.001
        assert passed(("address", f"10.0.{at}"))
    assert len(told._used) <= limits.KEPT + 2 and told.open == {}


def begin(url: str, word: str, headers: dict[str, str], content: bytes, length: int) -> Any:
    """A call whose body begins, and does not end."""
    host, port = url.removeprefix("http://").split(":")
    line = socket.create_connection((host, int(port)), timeout=30)
    head = [f"POST /sync/v5/{word} HTTP/1.1", f"Host: {host}", f"Content-Length: {length}"]
    head += [f"{name}: {value}" for name, value in headers.items()]
    line.sendall("\r\n".join([*head, "", ""]).encode() + content)
    return line


def test_so_much_of_bodies_is_held_at_once(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODIES", 3 << 20)
    one, two = served.client(101).headers(), served.client(102)
    with begin(served.url, "queued_records", one, b" " * (2 << 20), 4 << 20) as first:
        time.sleep(2)  # it is read before another one comes, which would have it refused
        large = {"queueLength": 1, "data": [{"x": "x" * (2 << 20)}]}
        until(lambda: not served.ask(two, "POST", "queued_records", json=large).ok)
        assert code(served.ask(two, "POST", "queued_records", json=large)) == (
            503,
            "central_is_busy",
        )
        two.call("POST", "queued_records", {"queueLength": 0, "data": []})
        first.close()
    until(lambda: served.ask(two, "POST", "queued_records", json=large).ok)


def test_a_body_that_does_not_come_is_not_waited_for(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.5)
    monkeypatch.setattr(server, "LOOK", 0.1)
    headers = served.client(101).headers()
    with begin(served.url, "queued_records", headers, b"{", 100) as line:
        for _ in range(8):  # slowly it may come
            time.sleep(0.2)
            line.sendall(b" ")
        assert line.recv(1) == b""


@pytest.mark.parametrize(
    ("word", "body", "status"),
    [
        ("queued_records", b'{"queueLength":1,"data":[' + b"1," * pushed.MOST + b"1]}", 400),
        ("queued_records", b'{"queueLength":1,"x":[' + b"[]," * 4_000_000 + b"1]}", 413),
        ("acknowledged_records", b'{"syncIDs":[]}' + b" " * (4 << 20), 413),
        ("acknowledged_records", b'{"syncIDs":[' + b'"",' * 100_000 + b'""]}', 400),
    ],
    ids=["records", "values", "length", "ids"],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_has_an_end(
    word: str, body: bytes, status: int, chunked: bool, served: Served
) -> None:
    parts = (body[at : at + 65_536] for at in range(0, len(body), 65_536))
    answer = served.ask(served.client(101), "POST", word, data=parts if chunked else body)
    assert code(answer) == (status, "malformed_request")
    assert not (served.home.inbox / "101").exists()


def test_a_batch_of_v6_has_an_end(served: Served) -> None:
    client = served.client(101)
    client.v6_url = f"{served.url}/"
    with pytest.raises(SyncError, match="more than 100,000"):
        client.v6("push", batch={"records": [1] * (pushed.MOST + 1)})


def test_large_bodies_at_once_take_no_more_memory_than_there_is(home_to_serve: Home) -> None:
    note = "x" * (60 << 20)
    body = json.dumps({"queueLength": 2, "data": [{"recordData": {"note": note}}]}).encode()
    with gateway(home_to_serve) as process, ThreadPoolExecutor(8) as pool:
        served = Served(process.home, process.url)
        sent = [
            pool.submit(
                served.ask, served.client(101 + at % 2), "POST", "queued_records", data=body
            )
            for at in range(8)
        ]
        told = {one.result().status_code for one in sent}
        assert told <= {200, 503} and 200 in told
        assert process.memory("VmHWM") < 1500
        assert process.log() == ""
