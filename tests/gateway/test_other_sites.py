"""Ten thousand tries to read, acknowledge or push as another site: none succeeds.

Site 102, with all that is its own, wants what is 101's. A try may be answered as one's own call; it
must not tell, take or leave anything that is 101's. Each kind of try is one that succeeds when 101
makes it itself.
"""

import base64
import http.client
import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from builders import NOW, held, item_line, push, put, run
from process import Process, gateway
from served import Served

from pipelines.home import Home

TRIES = 10_000
SECRET = "KNOWN-TO-101-ONLY"
NAMES = ("site", "siteId", "X-Site-Id", "X-Remote-User", "X-Forwarded-User", "Cookie")
PATHS = (
    *("/sync/v5/101/queued_records", "/sync/v5/queued_records/101", "//sync/v5/site", "/files/"),
    *("/outbox/101/", "/sync/v5/../../outbox/101", "/sync/v5/%2e%2e/%2e%2e/outbox/101"),
    *("/inbox/101/.push.part", "/gateway.db", "/central/sync/101/pull"),
)
MORE = 200  # lines of the queue of 101


@dataclass
class Try:
    """One call."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any = None


@dataclass
class Line:
    """A connection that is kept open."""

    connection: http.client.HTTPConnection

    def __call__(self, one: Try) -> tuple[int, str]:
        body = one.body if isinstance(one.body, bytes | None) else json.dumps(one.body).encode()
        self.connection.request(one.method, one.path, body, one.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")


class Who:
    """What the two sites say of themselves, and mixtures of it."""

    def __init__(self, process: Process) -> None:
        served = Served(process.home, process.url)
        self.own, self.other = served.client(102), served.client(101)

    def basic(self, name: str, sent: str, hardware: str, **more: str) -> dict[str, str]:
        told = base64.b64encode(f"{name}:{sent}".encode()).decode()
        return {
            **{"Authorization": f"Basic {told}", "msupply-site-uuid": hardware, "version": "14"},
            **more,
        }

    def claim(self, name: str, sent: str, hardware: str, **more: Any) -> dict[str, Any]:
        told = {"username": name, "passwordSha256": sent, "siteUuid": hardware}
        return {"syncV5Settings": {**told, "syncVersion": "14", **more}, "syncV6Version": 5}


def headers(who: Who) -> Iterator[dict[str, str]]:
    """Of site 102, or of 101 on another device, with whatever might lead elsewhere."""
    own, other = who.own, who.other
    more: list[dict[str, str]] = [
        *({name: value} for value in ("101", "Site 101", "HW101") for name in NAMES),
        *({"X-Original-URL": "/sync/v5/101"}, {"Host": "site101"}, {"X-HTTP-Method": "POST"}),
        *({"app-name": "Site 101"}, {"app-version": "101"}, {"authorization-101": "Basic x"}, {}),
    ]
    for each in more:
        yield who.basic(own.name, own.sent, own.hardware, **each)
        yield who.basic(other.name, other.sent, own.hardware, **each)
        yield who.basic(other.name, other.sent, "", **each)


def tries(who: Who) -> dict[str, Callable[[int], Iterator[Try]]]:
    """Tries by kind, as many as there are of each; all different, number by number."""
    own, other = who.own, who.other
    said = list(headers(who))
    mine = who.basic(own.name, own.sent, own.hardware)

    def pulls(at: int) -> Iterator[Try]:
        query = ("", f"?site=101&limit={at + 1}", f"?siteId=101&cursor={at}", "?user=Site%20101")
        for told in said[at % 3 :: 3]:
            yield Try("GET", f"/sync/v5/queued_records{query[at % 4]}", told)

    def acknowledgements(at: int) -> Iterator[Try]:
        n = at % MORE + 1
        ids = [f"101-{n}", f" 101-{n}", f"0101-{n}", f"101-{n}\n", f"102-0\n101-{n}", f"101-{n}\0"]
        ids += [
            f"\uff11\uff10\uff11-{n}",
            f"101--{n}",
            f"101-{n}' or 1=1 --",
            f"102-{10**11 + n}",
            f"+101-{n}",
        ]
        for told in said[at % 2 :: 2]:
            yield Try("POST", "/sync/v5/acknowledged_records", told, {"syncIDs": ids, "site": 101})

    def pushes(at: int) -> Iterator[Try]:
        line = {**item_line("S101", "AMOX", 900 + at), "syncOutId": "1"}
        more = {"site": 101, "siteId": 101, "site_ID": 101, "folder": "../101"}
        for told in (said[at % len(said)], mine):
            body = {"queueLength": at % 2, "data": [line], **more}
            yield Try("POST", "/sync/v5/queued_records", told, body)

    def claims(at: int) -> Iterator[Try]:
        line = {**item_line("S101", "AMOX", 700 + at)}
        batch = {"records": [{"record": line}], "is_last_batch": True}
        for claim in (
            who.claim(own.name, own.sent, own.hardware, siteId=101, site=101),
            who.claim(other.name, other.sent, own.hardware),
            who.claim(other.name, other.sent, ""),
        ):
            told = {**claim, "batch": batch, "cursor": 0, "id": "F", "siteId": 101}
            for word in ("push", "pull", "patient-pull", "site_status"):
                yield Try("POST", f"/central/sync/{word}", said[at % len(said)], told)

    def places(at: int) -> Iterator[Try]:
        yield Try("GET", PATHS[at % len(PATHS)], said[at % len(said)])

    def joins(at: int) -> Iterator[Try]:
        body = {"name_ID": f"P{at}", "store_ID": "S101", "site": 101}
        yield Try("POST", "/api/v4/name_store_join", mine, body)

    def files(at: int) -> Iterator[Try]:
        claim = who.claim(own.name, own.sent, own.hardware)["syncV5Settings"]
        told = json.dumps({"file_id": "F", "sync_v5_settings": claim, "site": 101})
        form = (
            '--x\r\nContent-Disposition: form-data; name="json_part"\r\n\r\n' + told + "\r\n"
            '--x\r\nContent-Disposition: form-data; name="file_part"; filename="../101"\r\n\r\n'
            f"{at}\r\n--x--\r\n"
        ).encode()
        kind = {"content-type": "multipart/form-data; boundary=x"}
        yield Try("PUT", "/central/sync/upload_file", kind, form)

    def passwords(at: int) -> Iterator[Try]:
        """A password that is not 101's: every one is verified, so there are few."""
        away = {"X-Forwarded-For": f"10.9.{at >> 8}.{at & 255}"}
        if at % 4 == 0:
            wrong = (own.sent, "", other.sent.upper(), f"{other.sent}\0")[at // 4 % 4]
            told = who.basic("Site 101", wrong, "HW101", **away)
            yield Try("GET", "/sync/v5/queued_records", told)
            claim = who.claim("Site 101", wrong, "HW101")
            yield Try("POST", "/central/sync/push", away, {**claim, "batch": {"records": []}})

    return {
        told.__name__: told
        for told in (pulls, acknowledgements, pushes, claims, places, joins, files, passwords)
    }


def standing(home: Home) -> Any:
    """How 101 stands, its device, what waits of it."""
    con = sqlite3.connect(home.gateway)
    query = (
        "select uuid, status, acknowledged, beyond, central, pushed from standing where site = ?"
    )
    device = "select * from site where site = ?"
    row = [con.execute(told, [101]).fetchone() for told in (query, device)]
    con.close()
    return row, sorted(path.name for path in (home.inbox / "101").glob("*"))


@pytest.fixture
def process(home_to_serve: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    """A gateway with much in the queue of 101."""
    monkeypatch.setenv("MAINSTEM_NOW", NOW)
    join = {"store_ID": "S101", "name_ID": "CUSTOMERS", "inactive": False, "note": SECRET}
    lines = [put("name_store_join", {"ID": f"J{n}", **join}) for n in range(MORE)]
    push(home_to_serve, 1, "002", lines)
    run(home_to_serve)
    with gateway(home_to_serve) as running:
        yield running


def test_none_of_ten_thousand_tries_succeeds(process: Process) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", process.port, timeout=60)) as connection:
        none_succeeds(process, Line(connection), Who(process))


def none_succeeds(process: Process, line: Line, who: Who) -> None:
    other, mine = who.other, who.basic("Site 102", who.own.sent, "HW102")
    theirs = who.basic("Site 101", other.sent, "HW101")
    pull = Try("GET", "/sync/v5/queued_records", theirs)
    file = next(tries(who)["files"](0))
    content = file.body.replace(b"Site 102", b"Site 101").replace(b"HW102", b"HW101")
    content = content.replace(who.own.sent.encode(), other.sent.encode())
    its_file = Try(file.method, file.path, file.headers, content)
    # Each site binds its device; 101 can do all that is tried.
    assert line(Try("GET", "/sync/v5/site", mine))[0] == 200
    before = line(pull)
    assert before[0] == 200 and before[1].count(SECRET) == MORE
    assert line(its_file) == (200, '{"data":null}')
    was = standing(process.home)
    kinds, made = tries(who), dict.fromkeys(tries(who), 0)
    for at in itertools.count():
        for kind, told in kinds.items():
            for one in told(at):
                status, answer = line(one)
                made[kind] += 1
                assert SECRET not in answer and status < 500, (kind, one, answer)
                if one.headers.get("msupply-site-uuid") not in (None, "HW102") and "v5" in one.path:
                    assert status in (401, 404), (kind, one, answer)
                for limit in ("site_auth_timeout", "too_many_requests"):
                    assert limit not in answer, "no limit is what keeps it out"
        if sum(made.values()) >= TRIES:
            break
    assert all(count >= 30 for count in made.values()), made
    # Nothing of 101 has changed, and what was pushed is 102's: refused when it is judged.
    assert standing(process.home) == was and process.log() == ""
    assert line(pull) == before
    assert next(process.home.files.iterdir()).read_bytes() == b"0"
    assert run(process.home)["accepted"] == 0
    line.connection.close()  # the next call opens it again
    assert {(site, reason) for site, _, _, reason in held(process.home)} == {(102, "not_owner")}
    # The same calls, made by 101, succeed.
    body = {"queueLength": 0, "data": [{**item_line("S101", "AMOX", 7), "syncOutId": "1"}]}
    assert line(Try("POST", "/sync/v5/queued_records", theirs, body))[0] == 200
    claim = who.claim("Site 101", other.sent, "HW101")
    batch = {"records": [{"record": item_line("S101", "AMOX", 8)}], "is_last_batch": True}
    assert "error" not in line(Try("POST", "/central/sync/push", {}, {**claim, "batch": batch}))[1]
    assert len(standing(process.home)[1]) == 2
    assert run(process.home)["accepted"] == 2
    line.connection.close()
    ids = {"syncIDs": [f"101-{at}" for at in range(1, 500)]}
    assert line(Try("POST", "/sync/v5/acknowledged_records", theirs, ids))[0] == 204
    assert json.loads(line(pull)[1]) == {"queueLength": 0, "data": []}
