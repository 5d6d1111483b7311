"""The test interface (protocol v5, 13): a client's own integration tests make sites and records.

Served on loopback and only when asked for. What is put counts as an edit by whoever owns it: the
line comes to that site's inbox. To know who does, it looks into the warehouse between cycles, which
the gateway itself never does.
"""

import json
from pathlib import Path
from typing import Any

from anyio import to_thread

from pipelines import registry
from pipelines.admin import central, credentials, new_sites, new_stores
from pipelines.gateway import progress, wire
from pipelines.gateway.owners import Owners
from pipelines.gateway.pushed import Batch, Pushes
from pipelines.gateway.refused import Refused, malformed
from pipelines.home import Home

PATIENCE = 120.0  # seconds that a cycle may take
Lines = dict[int, list[dict[str, Any]]]  # by the site whose edit they are


class TestInterface:
    """The three calls; each answers when sites can pull what it did."""

    __test__ = False  # nothing for pytest

    def __init__(self, home: Home, pushes: Pushes) -> None:
        self._home, self._pushes = home, pushes

    async def upsert(self, site: int, body: bytes) -> None:
        """Put records, which may be partial: what a full one has besides is empty."""
        told = _by_table(body, dict)
        lines = [
            {
                "tableName": table,
                "recordId": record.get(_id_key(table)),
                "action": "update",
                "recordData": wire.formed(table, record),
            }
            for table, records in told.items()
            for record in records
        ]
        await self._put(site, sorted(lines, key=lambda line: registry.depth(line["tableName"])))

    async def delete(self, site: int, body: bytes) -> None:
        """Delete records by their ids; children first."""
        lines = [
            {"tableName": table, "recordId": id, "action": "delete", "recordData": None}
            for table, ids in _by_table(body, str).items()
            for id in ids
        ]
        await self._put(site, sorted(lines, key=lambda line: -registry.depth(line["tableName"])))

    async def create_site(self, _: int, body: bytes) -> dict[str, Any]:
        """Make a site with one active store, in which the named names are visible."""
        told = _object(body).get("visibleNameIds", [])
        if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
            raise malformed("visibleNameIds is no list of ids")
        made = await to_thread.run_sync(self._make, told)
        await self._published(self._home.inbox / str(self._home.settings().central))
        return made

    def _make(self, names: list[str]) -> dict[str, Any]:
        with central.editing(self._home) as edit:
            taken = [number for (number,) in edit.rows("select site_ID::integer from site")]
        number = max([*taken, self._home.settings().central]) + 1
        name, password = f"test-site-{number}", credentials.made()
        site = new_sites.Site(number, name, "open_msupply", password=password)
        new_sites.add(self._home, site)
        added = new_stores.add(
            self._home, new_stores.Store(f"T{number}", f"Test store {number}", number)
        )
        with central.editing(self._home) as edit:
            ((record_id,),) = edit.rows('select "ID" from site where site_ID = ?', number)
            for visible in names:
                record = {"ID": central.new_id(), "name_ID": visible, "store_ID": added.store_id}
                edit.put("name_store_join", record | {"inactive": False})
        return {
            "site": {
                "ID": record_id,
                "site_ID": number,
                "name": name,
                "password": credentials.sent(password),
            },
            "store": {"ID": added.store_id, "name_ID": added.name_id},
        }

    async def _put(self, site: int, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            if not isinstance(line["recordId"], str):
                raise malformed(f"A record of {line['tableName']} has no id")
        if not lines:
            return
        for path in await to_thread.run_sync(self._write, site, lines):
            await self._published(path)

    def _write(self, site: int, lines: list[dict[str, Any]]) -> list[Path]:
        by_site: Lines = {}
        with central.editing(self._home) as edit:
            owners = Owners(edit, site, lines)
            for line in lines:
                by_site.setdefault(owners.site(line), []).append(line)
        written = []
        for owner, own in by_site.items():
            batch = Batch(0, [json.dumps(line, ensure_ascii=False) for line in own], 0)
            if (path := self._pushes.take(owner, batch)) is not None:
                written.append(path)
        progress.wake(self._home)
        return written

    async def _published(self, path: Path) -> None:
        """Wait until the cycle that took a segment, or all of an inbox, has published."""

        def done() -> bool:
            paths = [*path.glob("*.ndjson")] if path.is_dir() else [path]
            return all(progress.done(self._home, one) for one in paths or [path / "taken"])

        progress.wake(self._home)
        if not await progress.wait(done, PATIENCE):
            raise Refused(503, "sync_is_running", "No cycle came: is the loop running?")


def _id_key(table: str) -> str:
    return registry.tables()[table][0].id_key


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body) if body.strip() else None
    except (ValueError, RecursionError) as error:
        raise malformed("The body is not JSON") from error
    if not isinstance(told, dict | None):
        raise malformed("The body is no JSON object")
    return told or {}


def _by_table(body: bytes, kind: type) -> dict[str, list[Any]]:
    told = _object(body)
    for table, records in told.items():
        if table not in registry.tables():
            raise malformed(f"There is no table {table[:100]}")
        if not isinstance(records, list) or not all(isinstance(one, kind) for one in records):
            raise malformed(f"What is given of {table} is no list as the interface has it")
    return told
