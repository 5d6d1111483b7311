"""Sync v5: the calls of open mSupply's remote sites (protocol v5, sections 3 to 7)."""

import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, to_thread

from pipelines.admin import requests
from pipelines.gateway import progress, pushed
from pipelines.gateway.batch import limit, record
from pipelines.gateway.central import Central
from pipelines.gateway.log import Queue
from pipelines.gateway.pushed import Pushes
from pipelines.gateway.refused import Refused, malformed
from pipelines.gateway.state import Standing, State
from pipelines.home import Home
from pipelines.settings import LAST_SITE

LARGE = 1 << 20  # bytes of a body from which it is large
WAITED = 25.0  # seconds after which a site need not wait for its push
PATIENCE = 240.0  # seconds that initialise waits: a client gives up after 300
_OWN = re.compile(r"([1-9][0-9]{0,8})-([1-9][0-9]{0,11})")


class V5:
    """The calls, for a site that is known to be who it says it is."""

    def __init__(self, home: Home, state: State) -> None:
        self.home, self.state = home, state
        self.settings = home.settings()
        self.pushes = Pushes(home)
        self._large = CapacityLimiter(1)  # large bodies one after another: they take much memory
        self.central = Central(home, state)
        self._queues: dict[int, Queue] = {}
        self._asked: dict[int, Path] = {}  # the request that a site's initialisation waits for
        self._pushed: dict[int, tuple[Path, float]] = {}  # a site's last segment, and since when

    def queue(self, site: int) -> Queue:
        """A site's own queue, as it is published now."""
        if (queue := self._queues.get(site)) is None:
            folders = self.home.outbox / str(site), self.home.superseded / str(site)
            queue = self._queues[site] = Queue(*folders)
        queue.refresh()
        return queue

    def site(self, site: int, name: str, address: str) -> dict[str, Any]:
        """`GET site`: who the site is, and how its initialisation stands."""
        standing = self.state.standing(site)
        return {
            "id": standing.uuid,
            "siteId": site,
            "code": name,
            "name": name,
            "initialisationStatus": standing.status,
            "isOmSupplyCentralServer": False,
            "omSupplyCentralServerUrl": address,
            "mSupplyCentralSiteId": self.settings.central,
        }

    async def initialise(self, site: int) -> dict[str, Any]:
        """`POST initialise`: the next cycle builds the site's queue anew (rules I1, I2).

        Answers when it is built. A second one while it is being built waits for the same.
        """
        if self.state.standing(site).status != "started":
            await to_thread.run_sync(self._begin, site)
        if not await progress.wait(lambda: self._is_initialised(site), PATIENCE):
            raise Refused(503, "sync_is_running", "Initialisation goes on: ask site_status")
        return {"queueLength": self._length(site, self.state.standing(site)), "data": []}

    def _begin(self, site: int) -> None:
        self.pushes.complete(site)  # what the device before this one had begun to push
        self.state.change(site, status="started", pushed=0, own=self.central.begun_anew(site))
        self._asked[site] = requests.ask(self.home, "initialise", site)
        progress.wake(self.home)

    def _is_initialised(self, site: int) -> bool:
        """Whether no initialisation of a site is under way; notes when one is completed."""
        if self.state.standing(site).status != "started":
            return True
        if site not in self._asked:  # the gateway was started since
            asked = self.home.requests.glob("*-initialise.json")
            found = next((path for path in asked if _asks(path) == site), None)
            self._asked[site] = found or self.home.requests / "taken"
        if not progress.done(self.home, self._asked[site]):
            return False
        del self._asked[site]
        self.state.change(site, status="completed")
        return True

    def site_status(self, site: int) -> dict[str, Any]:
        """`GET site_status`: whether what the site pushed, or its initialisation, is done.

        A client waits for its push some 30 seconds, then gives up before it pulls: after 25 it is
        told to go on.
        """
        if not self._is_initialised(site):
            return _status("initialisation_in_progress")
        segment, since = self._pushed.get(site, (None, 0.0))
        if segment is None:
            return _status("idle")
        if time.monotonic() - since < WAITED and not progress.done(self.home, segment):
            return _status("integration_in_progress")
        self._pushed.pop(site, None)
        return _status("idle")

    async def push(self, site: int, body: bytes) -> tuple[dict[str, Any], int, str]:
        """`POST queued_records`: (answer, records, what is strange about it)."""
        if not self.home.settings().enabled:
            raise Refused(503, "sync_is_disabled", "Synchronisation is disabled at the central")
        limiter = self._large if len(body) > LARGE else None
        batch = await to_thread.run_sync(pushed.parsed, body, limiter=limiter)
        strange = ""
        if batch.lines:
            standing = self.state.standing(site)
            if 0 < batch.highest < standing.pushed:
                strange = f"went back from change {standing.pushed} to {batch.highest}"
            if batch.highest and batch.highest != standing.pushed:
                self.state.change(site, pushed=batch.highest)
        if batch.lines or (self.pushes.begun(site) and not batch.queue_length):
            segment = await to_thread.run_sync(self.pushes.take, site, batch)
            if segment is not None:
                self.waits_for(site, segment)
        return {"integrationStarted": batch.queue_length == 0}, len(batch.lines), strange

    def waits_for(self, site: int, segment: Path) -> None:
        """A push is complete: the loop is told, and the site waits for the cycle that takes it."""
        self._pushed[site] = segment, time.monotonic()
        progress.wake(self.home)

    def pull(self, site: int, query: Mapping[str, str]) -> dict[str, Any]:
        """`GET queued_records`: what of the site's queue it has not acknowledged."""
        most = limit(query)
        standing = self.state.standing(site)
        queue = self.queue(site)
        at = max(standing.acknowledged, queue.begin)
        records: list[dict[str, Any]] = []
        unsent: set[int] = set()
        while len(records) < most and (lines := queue.after(at, most - len(records))):
            for at, line in lines:
                if at in standing.beyond or at in queue.superseded:
                    continue
                if (told := record(line)) is None:
                    unsent.add(at)
                else:
                    records.append({"syncOutId": f"{site}-{at}", **told})
        if unsent:
            self._acknowledge(site, unsent)
        return {"queueLength": self._length(site, self.state.standing(site)), "data": records}

    def acknowledge(self, site: int, body: bytes) -> int:
        """`POST acknowledged_records`; how many. What is not the site's is passed over."""
        try:
            told = json.loads(body)["syncIDs"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise malformed("The body is no JSON object with syncIDs") from error
        if not isinstance(told, list) or len(told) > pushed.MOST:
            raise malformed("syncIDs is no list, or too long a one")
        last = self.queue(site).last
        found = [_OWN.fullmatch(one) for one in told if isinstance(one, str)]
        numbers = {int(m[2]) for m in found if m and int(m[1]) == site and int(m[2]) <= last}
        self._acknowledge(site, numbers)
        return len(numbers)

    def _acknowledge(self, site: int, numbers: set[int]) -> None:
        standing = self.state.standing(site)
        queue = self.queue(site)
        through = max(standing.acknowledged, queue.begin)
        beyond = {at for at in standing.beyond | numbers if at > through}
        while through + 1 in beyond or through + 1 in queue.superseded:
            through += 1
            beyond.discard(through)
        if (through, beyond) != (standing.acknowledged, standing.beyond):
            self.state.change(site, acknowledged=through, beyond=beyond)

    def _length(self, site: int, standing: Standing) -> int:
        """How many lines of its queue a site is owed: not acknowledged, not superseded."""
        queue = self.queue(site)
        start = max(standing.acknowledged, queue.begin)
        beyond = sum(at > start and at not in queue.superseded for at in standing.beyond)
        return queue.last - start - queue.superseded.after(start) - beyond


def _asks(path: Path) -> int | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8")).get("initialise")
    except (OSError, ValueError):
        return None
    return told if isinstance(told, int) and told <= LAST_SITE else None


def _status(code: str) -> dict[str, Any]:
    return {"code": code, "message": code.replace("_", " "), "data": None}
