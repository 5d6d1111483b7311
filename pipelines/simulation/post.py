"""How what sites push and pull is carried: as files, as in the demo, or over HTTP."""

import json
import threading
import time
from collections.abc import Callable
from random import Random
from typing import Any, Protocol

from pipelines.home import Home
from pipelines.simulation.client import Client, SyncError
from pipelines.simulation.places import CENTRAL
from pipelines.simulation.site import Site, send

BATCH = 60  # lines of a push that go at once
TROUBLED, REPEATED = 0.02, 0.05  # before so many calls something happens; so many are repeated


class Post(Protocol):
    """Carries a site's lines to the hub and what it is owed to the site."""

    def push(self, site: Site, name: str, lines: list[str]) -> None:
        """Bring one segment."""

    def pull(self, site: Site) -> int:
        """Fetch and integrate; how many lines."""

    def ask(self, site: Site) -> bool:
        """Ask to be initialised after a loss, or acknowledge; whether anything was asked."""


class ByFiles:
    """Segments in the inbox, files of the outbox, requests."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def push(self, site: Site, name: str, lines: list[str]) -> None:
        send(self._home.inbox, site.number, name, lines)

    def pull(self, site: Site) -> int:
        return site.pull(self._home.outbox)

    def ask(self, site: Site) -> bool:
        return site.ask(self._home.requests)


class ByHttp:
    """Sync v5, on a line that loses answers; the central's own are files.

    Whoever plays runs the cycles. `mishap` is called now and then between two calls.
    """

    def __init__(
        self,
        home: Home,
        url: Callable[[], str],
        password: Callable[[int], str],
        seed: int,
        mishap: Callable[[], None] = lambda: None,
        troubled: float = TROUBLED,
    ) -> None:
        self._files, self._url, self._password = ByFiles(home), url, password
        self._rng, self._mishap, self._troubled = Random(f"{seed}/post"), mishap, troubled
        self._clients: dict[int, Client] = {}
        self._anew: dict[int, threading.Thread] = {}

    def push(self, site: Site, name: str, lines: list[str]) -> None:
        """In batches, and an empty one last; a line that is no JSON cannot be in any."""
        if site.number == CENTRAL:
            self._files.push(site, name, lines)
            return
        whole = [line for line in lines if _is_json(line)]
        for begin in range(0, len(whole), BATCH):
            told = ",".join(whole[begin : begin + BATCH])
            self._post(site, f'{{"queueLength":{len(whole) - begin},"data":[{told}]}}')
        if not self._post(site, '{"queueLength":0,"data":[]}')["integrationStarted"]:
            raise RuntimeError("the integration was not started")

    def pull(self, site: Site) -> int:
        """Acknowledging as it goes; after an initialisation from a reset on."""
        owed: list[tuple[int, str]] = []
        if site.lost:
            asked = self._anew.get(site.number)
            if asked is None or asked.is_alive():
                return 0
            del self._anew[site.number]
            owed = [(site.sequence, '{"action":"reset"}')]
        client = self._client(site)
        while data := self._call(client, "GET", "queued_records", limit=50)["data"]:
            owed += [(_number(one["syncOutId"]), _text(one)) for one in data]
            body = {"syncIDs": [one["syncOutId"] for one in data]}
            self._call(client, "POST", "acknowledged_records", body)
        return site.take(owed, lambda reached: self._central(client, reached))

    def ask(self, site: Site) -> bool:
        """A lost device is initialised by the next cycle, for which the call waits."""
        if not site.lost or site.number in self._anew:
            return False
        told = threading.Thread(target=self._initialise, args=(self._client(site),), daemon=True)
        self._anew[site.number] = told
        told.start()
        return True

    def _initialise(self, client: Client) -> None:
        while True:
            try:
                client.url = self._url()
                client.call("POST", "initialise", {})
            except SyncError:  # the gateway went while it was waited for
                time.sleep(0.2)
            else:
                return

    def _central(self, client: Client, reached: int) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        while True:
            told = self._call(client, "GET", "central_records", cursor=reached, limit=100)
            if told["maxCursor"] < reached:
                raise RuntimeError("the cursor went back")
            if not told["data"]:
                return found
            found += [(one["ID"], _text(one)) for one in told["data"]]
            reached = found[-1][0]

    def _post(self, site: Site, body: str) -> Any:
        client = self._client(site)
        if self._rng.random() < REPEATED:
            client.post("queued_records", body)  # the answer is lost
        self._trouble(client)
        return client.post("queued_records", body)

    def _call(self, client: Client, method: str, word: str, body: Any = None, **query: int) -> Any:
        self._trouble(client)
        return client.call(method, word, body, **query)

    def _trouble(self, client: Client) -> None:
        if self._rng.random() < self._troubled:
            self._mishap()
            client.url = self._url()

    def _client(self, site: Site) -> Client:
        client = self._clients.get(site.number)
        if client is None:
            number = site.number
            client = Client(self._url(), f"Site {number}", self._password(number), f"HW{number}")
            self._clients[number] = client
        client.url = self._url()
        return client


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _number(sync_out_id: str) -> int:
    return int(sync_out_id.rpartition("-")[2])


def _text(one: dict[str, Any]) -> str:
    """A record as a line of the outbox."""
    told = {key: one[key] for key in ("tableName", "recordId", "action")}
    told["recordData"] = one.get("recordData")
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
