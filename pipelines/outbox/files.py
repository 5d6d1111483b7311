"""The outbox's files: written beside and then renamed, and again where missing or cut."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import ahead
from pipelines.hub import Hub

CENTRAL_LOG = 0  # the central log's place in outbox.file, where a site's number stands
BATCH = 20_000  # lines that are in memory at a time
CHECKED = 50_000  # published files that one cycle looks at; of more, it takes turns

# The lines of the files in `owing`, each with the number of its file.
NUMBERED = """
create or replace temp table numbered as
select owing.file, queue.site, queue.sequence as number, queue.cursor, queue.table_name,
    queue.record_id, queue.action
from outbox.queue as queue
join owing on owing.site = queue.site and owing.cycle = queue.cycle
union all
select owing.file, 0, central.id, central.cursor, central.table_name, central.record_id,
    central.action
from outbox.central as central
join (from owing where site = 0) as owing on owing.cycle = central.cycle
"""
# Their texts in order, a line end with each. The texts of this cycle stand together, so they are
# looked up apart from older ones, which as a rule are few.
LINES = """
with told as not materialized (
    select numbered.*, change.data
    from numbered join landing.change as change using (cursor)
    where numbered.cursor >= $first and change.cursor >= $first
    union all
    select numbered.*, change.data
    from numbered join landing.change as change using (cursor)
    where numbered.cursor < $first and change.cursor < $first
    union all
    select *, null from numbered where cursor is null
)
select file,
    case when site = 0 then '{"ID":' || number else '{"sequence":' || number end
    || case when action = 'reset' then ',"action":"reset"}' else
        case when site = 0 then '' else ',"syncOutId":"' || site || '-' || number || '"' end
        || ',"tableName":' || to_json(table_name) || ',"recordId":' || to_json(record_id)
        || ',"action":"' || action || '","recordData":'
        || case when action = 'delete' then 'null' else data end || '}'
    end || chr(10) as text
from told
order by file, number
"""

# Of each of those files, the lines of its queue that its own lines supersede.
SUPERSEDED = """
select owing.file, list(queue.supersedes order by queue.supersedes)
from outbox.queue as queue
join owing on owing.site = queue.site and owing.cycle = queue.cycle
where queue.supersedes is not null
group by owing.file
"""

# Of the central log's, which runs of lines came from one remote site.
ORIGIN = """
with line as (
    select owing.file, central.id, change.site,
        central.id - row_number() over (
            partition by owing.file, change.site order by central.id
        ) as run
    from outbox.central as central
    join (from owing where site = 0) as owing on owing.cycle = central.cycle
    join landing.change as change using (cursor)
    where change.site <> getvariable('central')
)
select file, min(id) as first, max(id) as last, site
from line group by file, site, run order by file, first
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
    def folder(self) -> str:
        """Where it stands in the outbox."""
        return "central" if self.site == CENTRAL_LOG else str(self.site)

    @property
    def name(self) -> str:
        """Its name there."""
        return f"{self.first:012d}-{self.last:012d}.ndjson"


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
        try:
            # A Path for each of 50,000 files costs more than looking at it.
            return os.stat(f"{outbox}/{file.folder}/{file.name}").st_size  # noqa: PTH116
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
    owing = pa.table({key: pa.array(values, pa.int64()) for key, values in columns.items()})
    hub.con.register("owing_files", owing)
    hub.con.execute("create or replace temp table owing as from owing_files")
    hub.con.execute(NUMBERED)
    _write_beside(hub, files)
    sizes = [0] * len(files)
    for number, size in _written(hub, files):
        sizes[number] = size
    hub.con.register("owing_files", owing.append_column("bytes", pa.array(sizes, pa.int64())))
    hub.con.execute(
        "update outbox.file set bytes = owing.bytes from owing_files as owing "
        "where owing.site = file.site and owing.cycle = file.cycle"
    )
    hub.con.unregister("owing_files")


def _write_beside(hub: Hub, files: list[File]) -> None:
    """Before a file is there, beside the outbox, what a gateway need not serve of it.

    In `superseded`, a folder a site, numbers that its lines supersede, one a line; in `origin`
    runs of the central log's lines (first, last, site). Each is named as the outbox's file.
    Without them nothing is lost: sites get older versions, and their own changes, too.
    """
    superseded = hub.con.execute(SUPERSEDED).fetchall()
    for number, numbers in superseded:
        file = files[number]
        lines = (f"{one}\n".encode() for one in numbers)
        _put(f"{hub.home.superseded}/{file.folder}", file.name, lines)
    runs = hub.con.execute(ORIGIN).fetchall()
    for number, told in groupby(runs, key=itemgetter(0)):
        lines = (f"{first} {last} {site}\n".encode() for _, first, last, site in told)
        _put(str(hub.home.origin), files[number].name, lines)


def _written(hub: Hub, files: list[File]) -> Iterator[tuple[int, int]]:
    """Write the files of `owing`, one after the other; their numbers and sizes."""
    outbox = str(hub.home.outbox)
    for number, pieces in groupby(_pieces(hub), key=itemgetter(0)):
        file = files[number]
        contents = (content for _, content in pieces)
        yield number, _put(f"{outbox}/{file.folder}", file.name, contents)


def _pieces(hub: Hub) -> Iterator[tuple[int, memoryview]]:
    """Runs of lines of one file, as the bytes they stand in: no line is touched on its own."""
    (first,) = hub.one(
        "select coalesce(max(next_cursor), 1) from landing.cycle where cycle < ?", hub.cycle
    )
    hub.con.execute("set arrow_large_buffer_size = true")
    try:
        for batch in hub.con.execute(LINES, {"first": first}).to_arrow_reader(BATCH):
            runs = pc.call_function("run_end_encode", [batch["file"]])
            _, offsets, data = batch["text"].buffers()
            places = memoryview(offsets).cast("q")
            content = memoryview(data)
            start = 0
            for number, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
                yield number, content[places[start] : places[end]]
                start = end
    finally:
        hub.con.execute("reset arrow_large_buffer_size")


def _put(folder: str, name: str, contents: Iterable[bytes | memoryview]) -> int:
    """Write a file beside its place and rename it there; its size."""
    with _opened(folder, f".{name}.part") as handle:
        size = sum(handle.write(content) for content in contents)
    os.rename(f"{folder}/.{name}.part", f"{folder}/{name}")  # noqa: PTH104
    return size


def _opened(folder: str, name: str) -> BinaryIO:
    """A new file; paths are plain text here, there can be tens of thousands in a cycle."""
    try:
        return open(f"{folder}/{name}", "wb")  # noqa: PTH123
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        return open(f"{folder}/{name}", "wb")  # noqa: PTH123
