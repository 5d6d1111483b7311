"""The v4 calls about patients: looking one up, and having it at a store (protocol v5, 8.3)."""

import hashlib
import json
import time
from collections import deque
from typing import Any

import duckdb
from anyio import to_thread

from pipelines import patients
from pipelines.gateway import progress
from pipelines.gateway.calls import Call
from pipelines.gateway.pushed import Batch, Pushes
from pipelines.gateway.refused import Refused, malformed
from pipelines.home import Home
from warehouse import report

A_MINUTE = 60  # look-ups that a site may make
PATIENCE = 25.0  # seconds that a site waits for a patient; then it comes with a later sync


class Lookup:
    """The calls, for a site that is known to be who it says it is; each look-up is logged."""

    def __init__(self, home: Home, pushes: Pushes) -> None:
        self._home, self._pushes = home, pushes
        self._made: dict[int, deque[float]] = {}

    async def patient(self, call: Call) -> Any:
        """`GET patient`: the patients that fit what is asked."""
        made = self._made.setdefault(call.site, deque(maxlen=A_MINUTE))
        now = time.monotonic()
        if len(made) == A_MINUTE and now - made[0] < 60:
            raise Refused(429, "too_many_requests", "Too many look-ups: wait a minute")
        made.append(now)
        asked = dict(call.request.query_params)
        found = await to_thread.run_sync(patients.found, self._home, asked)
        call.records = len(found)
        return found

    async def name_store_join(self, call: Call) -> Any:
        """`POST name_store_join`: make a patient visible in a store of the site (rules O2, P2).

        Answers when all that is the patient's is in the site's queue, or after a while.
        """
        try:
            told = json.loads(await call.body())
            patient, store = told["name_ID"], told["store_ID"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise malformed("name_ID and store_ID are needed") from error
        if not isinstance(patient, str) or not isinstance(store, str):
            raise malformed("name_ID and store_ID are texts")
        f"{patient}{store}".encode()  # half a character is no text either
        if not await to_thread.run_sync(self._is_at, store, call.site):
            raise Refused(403, "store_not_at_site", "The store is not active at this site")
        if not await to_thread.run_sync(patients.is_known, self._home, patient):
            raise Refused(404, "patient_not_found", "There is no such patient")
        # The same patient and store are the same join, however often it is asked for.
        made = hashlib.sha256(f"{patient}\0{store}".encode()).hexdigest()[:32].upper()
        join = {"ID": made, "name_ID": patient, "store_ID": store, "inactive": False}
        line = {"tableName": "name_store_join", "recordId": made, "action": "update"}
        central = self._home.settings().central
        batch = Batch(0, [json.dumps(line | {"recordData": join})], 0)
        segment = await to_thread.run_sync(self._pushes.take, central, batch)
        progress.wake(self._home)
        if segment is not None:
            await progress.wait(lambda: progress.done(self._home, segment), PATIENCE)
        call.records = 1
        return join

    def _is_at(self, store: str, site: int) -> bool:
        """Whether a store is active at a site, by the published reports."""
        query = "select 1 from marts.store where store_id = ? and site = ?"
        try:
            with report.opened(self._home.reports) as con:
                return con.execute(query, [store, site]).fetchone() is not None
        except (duckdb.Error, OSError):
            return False
