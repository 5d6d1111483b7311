"""A client of sync v5 as an open mSupply site has it (protocol v5, sections 3 to 10).

It keeps to what the real one does: cursors are unsigned, every push ends with an empty one, the
pull waits until the push is integrated, what was pulled is acknowledged when it is stored.
"""

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import requests

VERSION = "14"
BATCH = {"push": 1024, "central": 500, "remote": 500}
TIMEOUT = 300.0  # seconds without a byte
CONNECT = (2.0, 5.0, 10.0)  # seconds, attempt by attempt
INTEGRATION = 30.0  # seconds that a push may take to be integrated
STATES = ("idle", "sync_is_running", "integration_in_progress", "initialisation_in_progress")


class SyncError(Exception):
    """A cycle that was broken off; `code` is the protocol's, if it has one for it."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Client:
    """One site's client: where it syncs, as whom, and how far it has pulled."""

    url: str
    name: str
    password: str
    hardware: str
    cursor: int = 0
    initialised: bool = False
    v6_cursor: int = 0
    v6_url: str = ""
    sent: str = ""  # what is sent for the password, its sha256
    poll: float = 1.0  # seconds between two looks at the status
    keep: Callable[[list[dict[str, Any]]], None] = field(default=lambda _: None)
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.sent = self.sent or hashlib.sha256(self.password.encode()).hexdigest()

    def headers(self) -> dict[str, str]:
        """What every call says of the site."""
        told = base64.b64encode(f"{self.name}:{self.sent}".encode()).decode()
        return {
            "Authorization": f"Basic {told}",
            "msupply-site-uuid": self.hardware,
            "app-version": "2.19.00",
            "app-name": "Open mSupply Desktop",
            "version": VERSION,
        }

    def call(self, method: str, word: str, body: Any = None, **query: int) -> Any:
        """One call; the parsed answer. SyncError on anything but success."""
        return _parsed(
            self._answer(method, word, None if body is None else json.dumps(body), query)
        )

    def post(self, word: str, body: str) -> Any:
        """One POST of a text as it is; the parsed answer."""
        return _parsed(self._answer("POST", word, body, {}))

    def _answer(
        self, method: str, word: str, body: str | None, query: dict[str, int]
    ) -> requests.Response:
        """The answer of the first of three attempts that gets one."""
        url, error = f"{self.url}/sync/v5/{word}", ""
        for connect in CONNECT:
            try:
                return self.session.request(
                    method,
                    url,
                    params=query,
                    data=None if body is None else body.encode(),
                    headers=self.headers(),
                    timeout=(connect, TIMEOUT),
                )
            except requests.RequestException as trouble:
                error = str(trouble)
        raise SyncError(f"no connection: {error}", "connection")

    def v6(self, word: str, **told: Any) -> Any:
        """One call of v6, whose body says who calls; SyncError on an error in its answer."""
        headers = self.headers()
        who = {
            "serverUrl": self.url,
            "username": self.name,
            "passwordSha256": self.sent,
            "siteUuid": self.hardware,
            "appVersion": headers["app-version"],
            "appName": headers["app-name"],
            "syncVersion": VERSION,
        }
        body = {**told, "syncV5Settings": who, "syncV6Version": 5}
        answer = self.session.post(f"{self.v6_url}central/sync/{word}", json=body, timeout=TIMEOUT)
        found = answer.json()
        if "error" in found:
            raise SyncError(str(found["error"]))
        return found["data"]

    def sync(self, changes: Iterable[dict[str, Any]] = ()) -> int:
        """A whole cycle: initialise or push, then pull; how many records came."""
        site = self.call("GET", "site")
        _check(site)
        self.v6_url = site["omSupplyCentralServerUrl"]
        if not self.initialised:
            self.initialise(site["initialisationStatus"])
        else:
            self.wait_v6()
            self.push(list(changes))
        came = self.pull_central() + self.pull_own() + self.pull_v6()
        self.initialised = True
        return came

    def initialise(self, status: str) -> None:
        """Have the central build the queue anew, or wait for it."""
        if status != "started":
            _unsigned(self.call("POST", "initialise", {})["queueLength"])
        self.wait(1800.0)

    def push(self, changes: list[dict[str, Any]]) -> None:
        """Push in batches and, last, an empty one; wait until it is integrated."""
        for begin in range(0, len(changes), BATCH["push"]):
            batch = changes[begin : begin + BATCH["push"]]
            told = {"queueLength": len(changes) - begin, "data": batch}
            self.call("POST", "queued_records", told)
        last = self.call("POST", "queued_records", {"queueLength": 0, "data": []})
        if not last["integrationStarted"]:
            raise SyncError("the integration was not started")
        self.wait(INTEGRATION)

    def wait(self, patience: float) -> None:
        """Ask for the status until it is idle."""
        begun = time.monotonic()
        while time.monotonic() - begun < patience:
            time.sleep(self.poll)
            told = self.call("GET", "site_status")
            if told["code"] not in STATES or not isinstance(told["message"], str):
                raise SyncError(f"no status: {told}")
            if told["code"] == "idle":
                return
        raise SyncError("integration timeout reached")

    def pull_central(self) -> int:
        """Pull the central log to its end; how many records came."""
        came = 0
        while True:
            told = self.call("GET", "central_records", cursor=self.cursor, limit=BATCH["central"])
            _unsigned(told["maxCursor"] - self.cursor)
            if not told["data"]:
                if self.cursor >= told["maxCursor"]:
                    return came
                self.cursor += 1
                continue
            self.keep(told["data"])
            came += len(told["data"])
            self.cursor = told["data"][-1]["ID"]
            if self.cursor >= 1 << 31:
                raise SyncError("the cursor is too large")

    def pull_own(self) -> int:
        """Pull the site's queue to its end, acknowledging what is stored; how many came."""
        came = 0
        while True:
            told = self.call("GET", "queued_records", limit=BATCH["remote"])
            _unsigned(told["queueLength"] - len(told["data"]))
            if not told["data"]:
                return came
            self.keep(told["data"])
            came += len(told["data"])
            ids = [one["syncOutId"] for one in told["data"]]
            self.call("POST", "acknowledged_records", {"syncIDs": ids})

    def wait_v6(self) -> None:
        """Ask until the central does not integrate what came over v6."""
        begun = time.monotonic()
        while self.v6("site_status")["is_integrating"]:
            if time.monotonic() - begun > INTEGRATION:
                raise SyncError("integration timeout reached")
            time.sleep(self.poll)

    def pull_v6(self) -> int:
        """Pull what comes over v6; how many records came."""
        came = 0
        while True:
            told = self.v6(
                "pull", cursor=self.v6_cursor, batchSize=500, isInitialised=self.initialised
            )
            self.keep([one["record"] for one in told["records"]])
            came += len(told["records"])
            self.v6_cursor = told["end_cursor"] + 1
            if told["is_last_batch"]:
                return came


def _parsed(answer: requests.Response) -> Any:
    if not answer.ok:
        try:
            told = answer.json()["error"]
            raise SyncError(told["message"], told["code"])
        except (ValueError, KeyError, TypeError) as error:
            raise SyncError(f"{answer.status_code}: {answer.text[:200]}") from error
    return answer.json() if answer.content else None


def _check(site: dict[str, Any]) -> None:
    kinds = {
        "id": str,
        "siteId": int,
        "code": str,
        "name": str,
        "initialisationStatus": str,
        "isOmSupplyCentralServer": bool,
        "omSupplyCentralServerUrl": str,
        "mSupplyCentralSiteId": int,
    }
    for key, kind in kinds.items():
        if not isinstance(site.get(key), kind):
            raise SyncError(f"the site's {key} is missing")


def _unsigned(value: int) -> None:
    if value < 0:
        raise SyncError("attempt to subtract with overflow")
