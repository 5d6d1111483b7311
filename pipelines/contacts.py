"""Contacts: what sites called over HTTP, as the gateway keeps it; a cycle's second feed."""

import sqlite3
from contextlib import closing, suppress

import pyarrow as pa

from pipelines.home import Home
from pipelines.hub import Hub

MOST = 100_000  # contacts that one cycle takes; the next one takes the rest
DAYS = 90  # for so long they are kept
COLUMNS = pa.schema(
    [("id", pa.int64()), ("site", pa.int32()), ("called_at", pa.string()), ("what", pa.string())]
    + [("records", pa.int64()), ("seconds", pa.float64())]
    + [(name, pa.string()) for name in ("app_name", "app_version", "version", "address", "error")]
)
LAND = """
insert into landing.contact by name
select
    * replace (called_at::timestamptz at time zone 'UTC' as called_at),
    getvariable('cycle') as cycle
from read_parquet(?)
"""
FORGET = f"delete from landing.contact where called_at < getvariable('clock') - interval {DAYS} day"


def new(hub: Hub) -> pa.Table:
    """The contacts that the warehouse does not know, oldest first: a table of COLUMNS.

    A database that is damaged or not there tells nothing, and holds no cycle up.
    """
    last = hub.con.execute(
        "select id, strftime(called_at, '%Y-%m-%dT%H:%M:%S.%g') from landing.contact "
        "order by cycle desc, id desc limit 1"
    ).fetchone()
    return pa.Table.from_pylist(_read(hub.home, last or (0, "")), COLUMNS)


def land(hub: Hub, files: str) -> None:
    """Bring contacts into landing, drop those of long ago."""
    hub.con.execute(LAND, [files])
    hub.con.execute(FORGET)


def _read(home: Home, last: tuple[int, str]) -> list[dict[str, object]]:
    """After the last known one by its number, or by its time where that is another's."""
    if not home.gateway.exists():
        return []
    with suppress(sqlite3.Error), closing(sqlite3.connect(home.gateway, timeout=10)) as con:
        con.row_factory = sqlite3.Row
        (same,) = con.execute(
            "select count(*) from contact where id = ? and at like ? || '%'", (last[0], last[1])
        ).fetchone()
        after = ("id > ?", last[0]) if same else ("at > ?", last[1])
        names = ", ".join(COLUMNS.names).replace("called_at", "at as called_at")
        query = f"select {names} from contact where {after[0]} order by id limit {MOST}"
        return [dict(row) for row in con.execute(query, (after[1],))]
    return []
