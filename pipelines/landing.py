"""Ingest: the segments of a cycle into landing.change, in one dlt run and one transaction."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from pipelines import feed
from pipelines.envelope import MalformedError, take_apart
from pipelines.feed import Segment
from pipelines.hub import Hub

# A line's text ends with its line end. A line that SQL can take apart by itself: simple envelope members, each once, then recordData and
# the end. Everything else (and what DuckDB's JSON reader lets pass against RFC 8259: a trailing
# comma, NaN) is judged by envelope.take_apart.
TAKE_APART = r"""
create or replace table feed.taken as
with cut as (
    select
        segment, line, text, problem,
        strpos(text, '"recordData":') as place,
        substr(text, place + 13, 1) = ' ' as spaced,
        left(text, place - 1) as head,
        text[(place + 13 + spaced::bigint):-3] as data
    from feed.line
),
headed as (
    select
        *,
        place > 1 and text[-2] = '}' and problem is null
        and regexp_full_match(head, '\{(?:"[A-Za-z]+": ?"[^"\\\x00-\x1f]+", ?)+') as simple
    from cut
),
told as (
    select
        segment, line, text, problem, head, data, simple,
        case when simple then json_extract_string(
            head || '"":0}', ['$.tableName', '$.recordId', '$.action', '$.syncOutId']
        ) end as told
    from headed
),
judged as (
    select
        segment, line, problem, told[1] as table_name, told[2] as record_id,
        lower(told[3]) as action,
        simple
        and len(string_split(head, '":')) - 1 = len(list_filter(told, lambda x: x is not null))
        and told[1] is not null and told[2] is not null
        and lower(told[3]) in ('insert', 'update', 'merge')
        and data[1] = '{' and data[-1] = '}' and json_valid(data)
        and not regexp_matches(
            data, ',\s*[}\]]|[:,\[]\s*[-+]?(?:[nN][aA]|[iI][nN])'
        ) as sure,
        text, data
    from told
)
select
    segment, line, problem, sure,
    case when sure then table_name end as table_name,
    case when sure then record_id end as record_id,
    case when sure then action end as action,
    case when sure then data else text end as data
from judged
"""

LAND = """
insert into landing.change
select
    segment.first_cursor + line.line - 1, segment.cycle, segment.site, segment.segment, line.line,
    segment.received_at, line.table_name, line.record_id, line.action, line.data, line.problem
from memory.feed.taken as line
join landing.segment as segment using (segment)
where line.sure
"""


def ingest(hub: Hub, segments: list[Segment]) -> None:
    """Bring the lines of `segments`, in this order, into landing; count them.

    A segment whose content came from its site before is a duplicate as a whole, a compressed one
    that is cut is set aside as a whole (line 0); rules O14 and interface, 'A feed segment'.
    """
    numbered = _ledger(hub, segments)
    _load(hub, numbered)
    if numbered:
        staging = hub.warehouse.staging
        staging.execute(TAKE_APART)
        hub.con.execute(LAND)
        _land_unsure(hub)
        staging.execute("drop table feed.line")
        staging.execute("drop table feed.taken")
    hub.con.execute(
        """
        update landing.segment set lines = found.lines
        from (
            select segment.segment, count(change.cursor) as lines
            from landing.segment as segment
            left join landing.change as change using (segment)
            where segment.cycle = $1 and segment.outcome <> 'duplicate'
                and (change.cycle = $1 or change.cycle is null)
            group by all
        ) as found where segment.segment = found.segment;
        """,
        [hub.cycle],
    )
    # A duplicate has as many lines as the segment that it repeats: empty lines are nothing.
    hub.con.execute(
        """
        update landing.segment set lines = first.lines
        from (
            select site, sha256, any_value(lines) as lines from landing.segment
            where outcome <> 'duplicate' group by all
        ) as first
        where segment.cycle = $1 and segment.outcome = 'duplicate'
            and segment.site = first.site and segment.sha256 = first.sha256
        """,
        [hub.cycle],
    )
    taken, changes, duplicate = hub.one(
        """
        select count(*), coalesce(sum(lines), 0),
            coalesce(sum(lines) filter (outcome = 'duplicate'), 0)
        from landing.segment where cycle = ?
        """,
        hub.cycle,
    )
    hub.count("segments", taken)
    hub.count("changes", changes)
    hub.count("duplicate", duplicate)


def _ledger(hub: Hub, segments: list[Segment]) -> list[tuple[int, Segment]]:
    """Write the ledger of this cycle's segments; the ones whose lines are to be read."""
    number, cursor = hub.one(
        """
        select coalesce(max(segment), 0) + 1,
            (select coalesce(max(next_cursor), 1) from landing.cycle where cycle < ?)
        from landing.segment
        """,
        hub.cycle,
    )
    told = [feed.tell(segment) for segment in segments]
    came = _came_before(hub, [(s.site, t.sha256) for s, t in zip(segments, told, strict=True)])
    rows, numbered, damaged = [], [], []
    for position, (segment, content) in enumerate(zip(segments, told, strict=True)):
        outcome = "damaged" if content.damage else "ingested"
        if (segment.site, content.sha256) in came:
            outcome = "duplicate"
        came.add((segment.site, content.sha256))
        first = cursor if outcome != "duplicate" else None
        rows.append(
            (number, hub.cycle, position, segment.site, segment.name, content.sha256,
             content.bytes, content.lines, first, outcome, hub.clock)
        )
        if outcome == "ingested":
            numbered.append((number, segment))
        elif outcome == "damaged":
            damaged.append((cursor, number, segment, content.damage))
        cursor += content.lines if outcome != "duplicate" else 0
        number += 1
    if rows:
        names = ["segment", "cycle", "position", "site", "name", "sha256", "bytes", "lines",
                 "first_cursor", "outcome", "received_at"]
        ledger = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
        hub.con.register("ledger", ledger)
        hub.con.execute("insert into landing.segment by name select * from ledger")
        hub.con.unregister("ledger")
    for at, segment_number, segment, why in damaged:
        hub.con.execute(
            "insert into landing.change values (?, ?, ?, ?, 0, ?, null, null, null, '', ?)",
            [at, hub.cycle, segment.site, segment_number, hub.clock, why],
        )
    hub.con.execute(
        "update landing.cycle set next_cursor = ? where cycle = ?", [cursor, hub.cycle]
    )
    return numbered


def _came_before(hub: Hub, contents: list[tuple[int, str]]) -> set[tuple[int, str]]:
    """Which of these (site, sha256) an earlier cycle has ingested."""
    if not contents:
        return set()
    sites, shas = zip(*contents, strict=True)
    hub.con.register("content", pa.table({"site": sites, "sha256": shas}))
    found = hub.con.execute(
        "select distinct site, sha256 from landing.segment semi join content using (site, sha256)"
    ).fetchall()
    hub.con.unregister("content")
    return set(found)


def _load(hub: Hub, numbered: list[tuple[int, Segment]]) -> None:
    """One dlt run: all lines, as Arrow, into the staging table memory.feed.line."""
    if not numbered:
        return
    import dlt
    from dlt.destinations import duckdb as destination

    # What an earlier, killed run left is dropped: nothing depends on dlt for once-only.
    for left in hub.home.dlt.glob("*"):
        shutil.rmtree(left, ignore_errors=True)

    @dlt.resource(name="line", write_disposition="replace")
    def line() -> Iterator[pa.Table]:
        yield from feed.tables(numbered)

    pipeline = dlt.pipeline(
        "mainstem",
        destination=destination(hub.warehouse.staging),
        dataset_name="feed",
        pipelines_dir=str(Path(hub.home.dlt).absolute()),
    )
    pipeline.run(line, loader_file_format="parquet")


def _land_unsure(hub: Hub) -> None:
    """Take apart, exactly, the lines that SQL was unsure of; what is no change gets its problem."""
    unsure = hub.warehouse.staging.execute(
        "select segment, line, data, problem from feed.taken where not sure order by all"
    )
    for batch in unsure.to_arrow_reader(20_000):
        rows = [
            (segment, line, *_exact(text[:-1], problem))
            for segment, line, text, problem in zip(
                *(column.to_pylist() for column in batch.columns), strict=True
            )
            if text.strip(" \t\r\n") or problem
        ]
        if not rows:
            continue
        names = ["segment", "line", "table_name", "record_id", "action", "data", "problem"]
        types = [pa.int64(), pa.int64(), *[pa.string()] * 5]
        columns = [pa.array(c, t) for c, t in zip(zip(*rows, strict=True), types, strict=True)]
        hub.con.register("exact", pa.table(columns, names=names))
        hub.con.execute(
            # DuckDB's reader refuses a little that RFC 8259 allows (half a surrogate pair).
            LAND.replace("memory.feed.taken", "exact")
            .replace("where line.sure", "")
            .replace(
                "line.problem",
                "case when line.problem is null and line.action <> 'delete' "
                "and not json_valid(line.data) then 'not JSON that can be read' "
                "else line.problem end",
            )
        )
        hub.con.unregister("exact")


def _exact(
    text: str, problem: str | None
) -> tuple[str | None, str | None, str | None, str | None, str | None]:
    """(table, record, action, data, problem) of one line; with a problem, data is the line."""
    if problem is None:
        try:
            told = take_apart(text)
            return told.table_name, told.record_id, told.action, told.data, None
        except MalformedError as error:
            problem = str(error)
    return None, None, None, text, problem


def requests_of(hub: Hub) -> list[dict]:
    """What this cycle was asked for, oldest first."""
    (told,) = hub.one("select requests from landing.cycle where cycle = ?", hub.cycle)
    return json.loads(told)
