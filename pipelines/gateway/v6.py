"""The v6 side: what open mSupply sites push there is kept; it goes out over v5 (protocol v5, 9).

Clients take a record of any table from either side, so what the registry routes is in the site's
queue or the central log already and a v6 pull has nothing to add.
"""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from anyio import to_thread

from pipelines.gateway.identity import Claim
from pipelines.gateway.pushed import MOST, Batch, Pushes
from pipelines.gateway.refused import Refused

OLDEST, NEWEST = 0, 5  # the versions of v6 that are spoken
Body = dict[str, Any]


class Trouble(Exception):
    """An error as v6 has it: a tag, and what it is about."""

    def __init__(self, tag: str, about: Any) -> None:
        super().__init__(tag)
        self.told = {"error": {tag: about}}


def parsed(body: bytes) -> Body:
    """A body of a v6 call; Trouble when it is none."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Trouble("parsingSyncRecordError", "the body is not JSON") from error
    if not isinstance(told, dict):
        raise Trouble("parsingSyncRecordError", "the body is no JSON object")
    return told


def claimed(body: Body, address: str) -> Claim:
    """The claim in the body of a call; Trouble when there is none, or of a version not spoken."""
    told = body.get("syncV5Settings")
    version = body.get("syncV6Version", NEWEST)
    if not isinstance(told, dict):
        raise Trouble("parsingSyncRecordError", "syncV5Settings is missing")
    if not isinstance(version, int) or not OLDEST <= version <= NEWEST:
        raise Trouble("syncVersionMismatch", [OLDEST, NEWEST, version])
    keys = ("username", "passwordSha256", "siteUuid", "syncVersion", "appName", "appVersion")
    said = [str(told.get(key) or "") for key in keys]
    try:
        "".join(said).encode()
    except UnicodeEncodeError as error:
        raise Trouble("parsingSyncRecordError", "syncV5Settings is not Unicode") from error
    name, sent, hardware, spoken, app, app_version = said
    return Claim(name, sent, hardware, spoken, app[:100], app_version[:100], address)


class V6:
    """The calls, for a site that is known to be who it says it is."""

    def __init__(self, pushes: Pushes, complete: Callable[[int, Path], object]) -> None:
        self._pushes, self._complete = pushes, complete

    async def push(self, site: int, body: Body) -> tuple[Any, int]:
        """Keep a batch as lines of a segment, complete with the last one: (answer, records)."""
        batch = body.get("batch")
        told = batch.get("records") if isinstance(batch, dict) else None
        if not isinstance(batch, dict) or not isinstance(told, list):
            raise Trouble("parsingSyncRecordError", "batch.records is missing")
        if len(told) > MOST:
            raise Trouble("parsingSyncRecordError", f"a batch has more than {MOST:,} records")
        records = [one.get("record") if isinstance(one, dict) else one for one in told]
        lines = [json.dumps(one) for one in records]
        rest = 0 if batch.get("is_last_batch") is True else 1
        if lines or (rest == 0 and self._pushes.begun(site)):
            taken = Batch(rest, lines, 0)
            if (segment := await to_thread.run_sync(self._pushes.take, site, taken)) is not None:
                self._complete(site, segment)
        return {"records_pushed": len(lines)}, len(lines)

    async def site_status(self, site: int, _: Body) -> tuple[Any, int]:
        """Nothing is waited for: a push is taken up by the next cycle."""
        return {"is_integrating": False}, 0

    async def pull(self, site: int, body: Body) -> tuple[Any, int]:
        """Nothing: all comes over v5. The cursor does not move."""
        cursor = body.get("cursor")
        if not isinstance(cursor, int) or isinstance(cursor, bool) or cursor < 0:
            raise Trouble("parsingSyncRecordError", "cursor is no whole number")
        end = max(cursor, 1) - 1
        batch = {"end_cursor": end, "total_records": 0, "records": [], "is_last_batch": True}
        return batch, 0


Handler = Callable[[int, Body], Awaitable[tuple[Any, int]]]


def legacy(refused: Refused) -> dict[str, Any]:
    """A refusal as v6 has it, so that a client shows the same as over v5."""
    return {"error": {"legacyServerError": refused.body()["error"]}}
