"""The outbox's files: written beside and then renamed, and again where missing or cut."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import ahead
from pipelines.hub import Hub

CENTRAL_LOG = 0  # the central log's place in outbox.file, where a site's number stands
CHECKED = 50_000  # published files that one cycle looks at; of more, it takes turns

# Of the table `owing`, in order, each line with the number of its file, its line end with it.
QUEUE_LINES = """
select owing.file,
    case when queue.action = 'reset' then '{"sequence":' || queue.sequence || ',"action":"reset"}'
    else
        '{"sequence":' || queue.sequence || ',"syncOutId":"' || queue.site || '-' || queue.sequence
        || '","tableName":' || to_json(queue.table_name) || ',"recordId":'
        || to_json(queue.record_id) || ',"action":"' || queue.action || '","recordData":'
        || case when queue.action = 'delete' then 'null' else change.data end || '}'
    end || chr(10)
from outbox.queue as queue
join owing on owing.site = queue.site and owing.cycle = queue.cycle
left join landing.change as change on change.cursor = queue.cursor
order by queue.site, queue.sequence
"""

CENTRAL_LINES = """
select owing.file,
    '{"ID":' || log.id || ',"tableName":' || to_json(log.table_name)
    || ',"recordId":' || to_json(log.record_id)
    || ',"action":"' || log.action || '","recordData":'
    || case when log.action = 'delete' then 'null' else change.data end || '}' || chr(10)
from outbox.central as log
join owing on owing.cycle = log.cycle
join landing.change as change on change.cursor = log.cursor
where owing.site = 0
order by log.id
"""


@dataclass(frozen=True)
class File:
    """One file of the outbox: whose, its first and last line, its size when published, its cycle.

    Site 0 is the central log.
    """

    site: int
    first: int
    last: int
    bytes: int | None
    cycle: int

    @property
    def name(self) -> str:
        """Its path in the outbox."""
        folder = "central" if self.site == CENTRAL_LOG else str(self.site)
        return f"{folder}/{self.first:012d}-{self.last:012d}.ndjson"


def publish(hub: Hub) -> int:
    """Write every file that is owed, and what is missing or cut of those looked at; how many."""
    files = _files(hub, "bytes is null")
    (published,) = hub.one("select count(*) from outbox.file where bytes is not null")
    turns = published // CHECKED + 1
    files += _damaged(hub, f"site % {turns} = {hub.cycle % turns}")
    if files:
        _write(hub, files)
    ahead.note(hub)
    return len(files)


def missing(hub: Hub) -> list[tuple[int, int, int]]:
    """The (site, first, last) of published files that are missing or cut; site 0 is central."""
    files = _files(hub, "bytes is null") + _damaged(hub, "true")
    return [(file.site, file.first, file.last) for file in files]


def _files(hub: Hub, condition: str) -> list[File]:
    rows = hub.con.execute(
        f"select site, first, last, bytes, cycle from outbox.file where {condition}"
    )
    return [File(*row) for row in rows.fetchall()]


def _damaged(hub: Hub, condition: str) -> list[File]:
    """The published files, of some, that are not there or not of their size."""
    outbox = str(hub.home.outbox)

    def size(file: File) -> int:
        try:  # a Path for each of 50,000 files costs more than looking at it
            return os.stat(f"{outbox}/{file.name}").st_size  # noqa: PTH116
        except OSError:
            return -1

    files = _files(hub, f"bytes is not null and {condition}")
    return [file for file in files if size(file) != file.bytes]


def _write(hub: Hub, files: list[File]) -> None:
    files.sort(key=lambda file: (file.site, file.first))
    columns = {
        "file": range(len(files)),
        "site": [file.site for file in files],
        "cycle": [file.cycle for file in files],
    }
    hub.con.register(
        "owing", pa.table({key: pa.array(c, pa.int64()) for key, c in columns.items()})
    )
    sizes = [0] * len(files)
    for query in (CENTRAL_LINES, QUEUE_LINES):
        for number, size in _written(hub, query, files):
            sizes[number] = size
    hub.con.register("written", pa.table({**columns, "bytes": sizes}))
    hub.con.execute(
        "update outbox.file set bytes = written.bytes from written "
        "where written.site = file.site and written.cycle = file.cycle"
    )
    hub.con.unregister("owing")
    hub.con.unregister("written")


def _written(hub: Hub, query: str, files: list[File]) -> Iterator[tuple[int, int]]:
    """Write the files of a query's lines, one after the other; their numbers and sizes."""
    part: Path | None = None
    handle: BinaryIO | None = None
    current = -1
    for number, content in _pieces(hub, query):
        if number != current:
            if handle and part:
                yield current, _finish(handle, part, hub.home.outbox / files[current].name)
            current = number
            path = hub.home.outbox / files[number].name
            part = path.with_name(f".{path.name}.part")
            handle = _opened(part)
        if handle:
            handle.write(content)
    if handle and part:
        yield current, _finish(handle, part, hub.home.outbox / files[current].name)


def _pieces(hub: Hub, query: str) -> Iterator[tuple[int, memoryview]]:
    """Runs of lines of one file, as the bytes they stand in: no line is touched on its own."""
    hub.con.execute("set arrow_large_buffer_size = true")
    for batch in hub.con.execute(query).to_arrow_reader(100_000):
        runs = pc.call_function("run_end_encode", [batch.column(0)])
        _, offsets, data = batch.column(1).buffers()
        ends = memoryview(offsets).cast("q")
        text = memoryview(data)
        start = batch.column(1).offset
        for number, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
            yield number, text[ends[start] : ends[batch.column(1).offset + end]]
            start = batch.column(1).offset + end
    hub.con.execute("reset arrow_large_buffer_size")


def _opened(part: Path) -> BinaryIO:
    try:
        return part.open("wb")
    except FileNotFoundError:
        part.parent.mkdir(parents=True, exist_ok=True)
        return part.open("wb")


def _finish(handle: BinaryIO, part: Path, path: Path) -> int:
    size = handle.tell()
    handle.close()
    part.rename(path)
    return size
