"""A load of HTTP calls on a gateway, in a process of its own: calls at a rate, their times.

Times count from when a call was due, so a gateway that falls behind shows it.
"""

import asyncio
import base64
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

LINES = b"\r\n\r\n"


def headers(name: str, sent: str, hardware: str, host: str) -> str:
    """The headers of a v5 call."""
    told = base64.b64encode(f"{name}:{sent}".encode()).decode()
    return (
        f"Host: {host}\r\nAuthorization: Basic {told}\r\nmsupply-site-uuid: {hardware}\r\n"
        "app-version: 2.19.00\r\napp-name: Open mSupply Desktop\r\nversion: 14\r\n"
        "Accept-Encoding: gzip\r\n"
    )


def request(method: str, path: str, more: str, body: str | None = None) -> bytes:
    """A request as it goes over the wire."""
    length = "" if body is None else f"Content-Length: {len(body.encode())}\r\n"
    return f"{method} {path} HTTP/1.1\r\n{more}{length}\r\n{body or ''}".encode()


def idle_cycle(number: int, told: dict[str, Any]) -> list[bytes]:
    """The calls of a site that has nothing to push and gets nothing (protocol v5, 10.2)."""
    name, host = f"site-{number}", f"{told['host']}:{told['port']}"
    more = headers(name, told["sent"], f"HW{number}", host)
    who = {"username": name, "passwordSha256": told["sent"], "siteUuid": f"HW{number}"}
    who |= {"syncVersion": "14", "appName": "x", "appVersion": "2.19.00"}
    v6 = {"syncV5Settings": who, "syncV6Version": 5}
    central = f"/sync/v5/central_records?cursor={told['cursor']}&limit=500"
    return [
        request("GET", "/sync/v5/site", more),
        request("POST", "/central/sync/site_status", f"Host: {host}\r\n", json.dumps(v6)),
        request("POST", "/sync/v5/queued_records", more, '{"queueLength":0,"data":[]}'),
        request("GET", "/sync/v5/site_status", more),
        request("GET", central, more),
        request("GET", "/sync/v5/queued_records?limit=500", more),
        request("POST", "/central/sync/pull", f"Host: {host}\r\n", json.dumps(v6 | {"cursor": 0})),
    ]


def push(number: int, told: dict[str, Any], times: int) -> bytes:
    """A batch of 500 records, different each time."""
    more = headers(f"site-{number}", told["sent"], f"HW{number}", f"{told['host']}:{told['port']}")
    filler = "x" * 400
    data = [
        {
            "syncOutId": str(at),
            "tableName": "item_line",
            "recordId": f"{number}-{times}-{at}",
            "action": "Update",
            "recordData": {"ID": f"{number}-{times}-{at}", "note": filler, "quantity": at},
        }
        for at in range(500)
    ]
    return request(
        "POST", "/sync/v5/queued_records", more, json.dumps({"queueLength": 900, "data": data})
    )


def wanted(told: dict[str, Any]) -> Iterator[bytes]:
    """The calls in their order."""
    calls = int(told["rate"] * told["seconds"])
    if told["what"] == "push":
        yield from (push(1 + at % told["sites"], told, at) for at in range(calls))
        return
    at = 0
    while at < calls:
        for call in idle_cycle(1 + (at // 7) % told["sites"], told):
            yield call
            at += 1


async def run(told: dict[str, Any]) -> dict[str, Any]:
    """Make the calls over some connections; seconds and errors."""
    due: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()
    seconds: list[float] = []
    errors: list[str] = []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection(told["host"], told["port"])
        while (call := await due.get()) is not None:
            at, content = call
            writer.write(content)
            head = (await reader.readuntil(LINES)).decode().lower()
            if "content-length: " in head:
                await reader.readexactly(int(head.split("content-length: ")[1].split("\r")[0]))
            seconds.append(time.perf_counter() - at)
            if not head.startswith("http/1.1 2"):
                errors.append(head.split("\r")[0])
        writer.close()

    calls = list(wanted(told)) if told["what"] == "push" else wanted(told)
    started = time.perf_counter() + 0.5
    workers = [asyncio.create_task(connection()) for _ in range(told["connections"])]
    for number, call in enumerate(calls):
        at = started + number / told["rate"]
        if (wait := at - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        due.put_nowait((at, call))
    for _ in workers:
        due.put_nowait(None)
    await asyncio.gather(*workers)
    taken = time.perf_counter() - started
    return {"taken": taken, "seconds": seconds, "errors": errors}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.loads(sys.argv[1])))))
