"""The outbox: each site's queue and the central log, numbered in the warehouse, then published."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from pipelines import ahead, sql
from pipelines.hub import Hub

MODELS = sql.models("pipelines/outbox")
CENTRAL_LOG = 0  # the central log's place in outbox.file, where a site's number stands

QUEUE_LINES = """
select queue.site, queue.sequence,
    '{"sequence":' || queue.sequence || ',"syncOutId":"' || queue.site || '-' || queue.sequence
    || '","tableName":' || to_json(queue.table_name) || ',"recordId":' || to_json(queue.record_id)
    || ',"action":"' || queue.action || '","recordData":'
    || case when queue.action = 'delete' then 'null' else change.data end || '}'
from outbox.queue as queue
join landing.change as change using (cursor)
where queue.cycle = $1
order by queue.site, queue.sequence
"""

CENTRAL_LINES = """
select 0, log.id,
    '{"ID":' || log.id || ',"tableName":' || to_json(log.table_name)
    || ',"recordId":' || to_json(log.record_id)
    || ',"action":"' || log.action || '","recordData":'
    || case when log.action = 'delete' then 'null' else change.data end || '}'
from outbox.central as log
join landing.change as change using (cursor)
where log.cycle = $1
order by log.id
"""


def queue(hub: Hub) -> None:
    """Number what was routed and add it to the queues; a file is owed for each queue it grew."""
    for name in ("marked", "reached", "repeated", "queued", "logged"):
        sql.run(hub.con, MODELS[f"outbox.{name}"])
    hub.con.execute(
        """
        insert into outbox.mark select site, last, getvariable('cycle') from marked;
        insert into outbox.queue by name from outbox.queued;
        insert into outbox.central by name from outbox.logged;

        delete from outbox.owed where (site, table_name, record_id) in (
            select (site, table_name, record_id) from outbox.queued
        );
        insert into outbox.owed
        select site, table_name, record_id, max(sequence) from outbox.queued group by all;

        insert into outbox.file
        select site, min(sequence), max(sequence), null, getvariable('cycle')
        from outbox.queued group by all
        union all
        select 0, min(id), max(id), null, getvariable('cycle')
        from outbox.logged having count(*) > 0
        """
    )
    sites, central = hub.one(
        "select (select count(*) from outbox.queued), (select count(*) from outbox.logged)"
    )
    hub.count("published_sites", sites)
    hub.count("published_central", central)


def publish(hub: Hub) -> int:
    """Write every file that is owed, missing or cut, beside and then renamed; how many."""
    owed = _owed(hub)
    for cycle, cycle_files in groupby(owed, key=lambda file: file[4]):
        wanted = {site: (first, last) for site, first, last, _, _ in cycle_files}
        written = [
            (_write(hub.home.outbox, site, *wanted[site], lines), site, cycle)
            for site, lines in _lines(hub, cycle)
            if site in wanted
        ]
        if written:
            hub.con.executemany(
                "update outbox.file set bytes = ? where site = ? and cycle = ?", written
            )
    ahead.note(hub)
    return len(owed)


def missing(hub: Hub) -> list[tuple[int, int, int]]:
    """The (site, first, last) of published files that are missing or cut; site 0 is central."""
    return [(site, first, last) for site, first, last, _, _ in _owed(hub)]


def _owed(hub: Hub) -> list[tuple[int, int, int, int | None, int]]:
    sizes = _sizes(hub.home.outbox)
    return [
        file
        for file in hub.con.execute(
            "select site, first, last, bytes, cycle from outbox.file order by cycle, site"
        ).fetchall()
        if file[3] is None or sizes.get((_folder(file[0]), _name(*file[1:3]))) != file[3]
    ]


def _lines(hub: Hub, cycle: int) -> Iterator[tuple[int, Iterator[str]]]:
    """The lines of one cycle's files, a site at a time."""
    for query in (CENTRAL_LINES, QUEUE_LINES):
        cursor = hub.con.execute(query, [cycle])
        rows = iter(lambda c=cursor: c.fetchmany(10_000), [])
        flat = (row for batch in rows for row in batch)
        for site, lines in groupby(flat, key=lambda row: row[0]):
            yield site, (line[2] for line in lines)


def _folder(site: int) -> str:
    return "central" if site == CENTRAL_LOG else str(site)


def _name(first: int, last: int) -> str:
    return f"{first:012d}-{last:012d}.ndjson"


def _write(outbox: Path, site: int, first: int, last: int, lines: Iterator[str]) -> int:
    path = outbox / _folder(site) / _name(first, last)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as handle:
        for line in lines:
            handle.write(line.encode() + b"\n")
        size = handle.tell()
    part.rename(path)
    return size


def _sizes(outbox: Path) -> dict[tuple[str, str], int]:
    """The sizes of the files that are published."""
    if not outbox.is_dir():
        return {}
    return {
        (folder.name, file.name): file.stat().st_size
        for folder in outbox.iterdir()
        if folder.is_dir()
        for file in folder.iterdir()
    }
