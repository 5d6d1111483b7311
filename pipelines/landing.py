"""Ingest: the segments of a cycle into landing.change, in one dlt run and one transaction."""

import pyarrow as pa

from pipelines import contacts, load
from pipelines.envelope import MalformedError, take_apart
from pipelines.feed import Segment, Told
from pipelines.hub import Hub

# A line's text ends with its line end. A line that SQL can take apart by itself: simple envelope
# members in ASCII, each once, then recordData and the end. Everything else (and what DuckDB's JSON
# reader lets pass against RFC 8259: a trailing comma, NaN) is judged by envelope.take_apart.
# Bytes are cut, not characters: to count characters costs more than all the rest.
TAKE_APART = r"""
with placed as (
    select
        segment, line, text, problem, encode(text) as bytes,
        strpos(text, '"recordData":') as place, left(text, place - 1) as head
    from read_parquet($1)
),
headed as (
    select
        *,
        bytes[place + 13:place + 13] = ' '::blob as spaced,
        place > 1 and problem is null and suffix(text, '}' || chr(10))
        and strlen(head) = place - 1
        and regexp_full_match(
            head,
            '\{(?:"syncOutId": ?"[^"\\\x00-\x1f]*", ?)?"tableName": ?"[^"\\\x00-\x1f]+", ?'
            '"recordId": ?"[^"\\\x00-\x1f]+", ?"action": ?"[A-Za-z]+", ?'
        ) as simple
    from placed
),
told as (
    select
        *,
        case when simple then json_extract_string(
            head || '"":0}', ['$.tableName', '$.recordId', '$.action']
        ) end as told,
        case when simple then decode(bytes[place + 13 + spaced::bigint:-3]) end as data
    from headed
),
judged as (
    select
        *,
        simple
        and lower(told[3]) in ('insert', 'update', 'merge')
        and prefix(data, '{') and suffix(data, '}') and json_valid(data)
        -- Each with a literal first byte: three searches are faster than one of them all.
        and not regexp_matches(data, ',\s*(?:[}\]]|[-+]?(?:[nN][aA]|[iI][nN]))')
        and not regexp_matches(data, ':\s*[-+]?(?:[nN][aA]|[iI][nN])')
        and case when contains(data, '[')
            then not regexp_matches(data, '\[\s*[-+]?(?:[nN][aA]|[iI][nN])') else true end as sure
    from told
)
-- Filtered by unnest: a filter would be pushed down and everything worked out several times.
select unnest(
    case when sure then [{
        'position': segment, 'line': line, 'table_name': told[1], 'record_id': told[2],
        'action': lower(told[3]), 'data': data, 'problem': null::varchar
    }] else [] end,
    recursive := true
)
from judged
"""

LAND = """
insert into landing.change
select
    segment.first_cursor + line.line - 1, segment.cycle, segment.site, segment.segment, line.line,
    segment.received_at, line.table_name, line.record_id, line.action, line.data, line.problem
from line
join landing.segment as segment
    on segment.position = line.position and segment.cycle = getvariable('cycle')
where segment.outcome = 'ingested'
"""


def ingest(hub: Hub) -> None:
    """Bring the lines of the cycle's segments, in their order, into landing; count them.

    Contacts that are new come along.

    A segment whose content came from its site before is a duplicate as a whole, a compressed one
    that is cut is set aside as a whole (line 0); rules O14 and interface, 'A feed segment'.
    """
    segments, told = hub.segments, list[Told]()
    called = contacts.new(hub)
    some = bool(segments or called.num_rows)
    loaded = load.load(hub.home, segments, told, called) if some else load.Loaded()
    if loaded.contacts:
        contacts.land(hub, loaded.contacts)
    ingested = _ledger(hub, segments, told)
    if ingested:
        (landed,) = hub.one(LAND.replace("from line", f"from ({TAKE_APART}) as line"), loaded.lines)
        if landed < ingested:
            _land_unsure(hub, loaded.lines)
    hub.con.execute(
        """
        update landing.segment set lines = found.lines
        from (
            select segment.segment, count(change.cursor) as lines
            from landing.segment as segment
            left join (from landing.change where cycle = $1) as change using (segment)
            where segment.cycle = $1 and segment.outcome <> 'duplicate'
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
            where outcome <> 'duplicate' and (site, sha256) in (
                select (site, sha256) from landing.segment
                where cycle = $1 and outcome = 'duplicate'
            )
            group by all
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
    hub.count("contacts", called.num_rows)


def _ledger(hub: Hub, segments: list[Segment], told: list[Told]) -> int:
    """Write the ledger of this cycle's segments; how many lines are ingested."""
    number, cursor = hub.one(
        """
        select coalesce(max(segment), 0) + 1,
            (select coalesce(max(next_cursor), 1) from landing.cycle where cycle <= ?)
        from landing.segment
        """,
        hub.cycle,
    )
    came = _came_before(hub, [(s.site, t.sha256) for s, t in zip(segments, told, strict=True)])
    rows, damaged = [], []
    for position, (segment, content) in enumerate(zip(segments, told, strict=True)):
        outcome = "damaged" if content.damage else "ingested"
        if (segment.site, content.sha256) in came:
            outcome = "duplicate"
        came.add((segment.site, content.sha256))
        first = cursor if outcome != "duplicate" else None
        rows.append(
            (
                number + position,
                hub.cycle,
                position,
                segment.site,
                segment.name,
                content.sha256,
                content.bytes,
                content.lines,
                first,
                outcome,
                hub.clock,
            )
        )
        if outcome == "damaged":
            damaged.append((cursor, number + position, segment, content.damage))
        cursor += content.lines if outcome != "duplicate" else 0
    if rows:
        names = [
            "segment",
            "cycle",
            "position",
            "site",
            "name",
            "sha256",
            "bytes",
            "lines",
            "first_cursor",
            "outcome",
            "received_at",
        ]
        ledger = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
        hub.con.register("ledger", ledger)
        hub.con.execute("insert into landing.segment by name select * from ledger")
        hub.con.unregister("ledger")
    for at, segment_number, segment, why in damaged:
        hub.con.execute(
            "insert into landing.change values (?, ?, ?, ?, 0, ?, null, null, null, '', ?)",
            [at, hub.cycle, segment.site, segment_number, hub.clock, why],
        )
    hub.con.execute("update landing.cycle set next_cursor = ? where cycle = ?", [cursor, hub.cycle])
    return sum(row[7] for row in rows if row[9] == "ingested")


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


def _land_unsure(hub: Hub, lines: str) -> None:
    """Take apart, exactly, the lines that SQL was unsure of; what is no change gets its problem."""
    unsure = hub.con.execute(
        """
        select line.segment, line.line, line.text, line.problem
        from read_parquet($1) as line
        join landing.segment as segment
            on segment.position = line.segment and segment.cycle = getvariable('cycle')
        anti join (from landing.change where cycle = getvariable('cycle')) as landed
            on landed.segment = segment.segment and landed.line = line.line
        where segment.outcome = 'ingested'
        order by line.segment, line.line
        """,
        [lines],
    ).to_arrow_table()
    for batch in unsure.to_batches(20_000):
        rows = [
            (position, line, *_exact(text[:-1], problem))
            for position, line, text, problem in zip(
                *(column.to_pylist() for column in batch.columns), strict=True
            )
            if text.strip(" \t\r\n") or problem
        ]
        if not rows:
            continue
        names = ["position", "line", "table_name", "record_id", "action", "data", "problem"]
        types = [pa.int64(), pa.int64(), *[pa.string()] * 5]
        made = [pa.array(c, t) for c, t in zip(zip(*rows, strict=True), types, strict=True)]
        hub.con.register("exact", pa.table(made, names=names))
        hub.con.execute(
            # DuckDB's reader refuses a little that RFC 8259 allows (half a surrogate pair).
            LAND.replace("from line", "from exact as line").replace(
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
    if not problem:
        try:
            told = take_apart(text)
            return told.table_name, told.record_id, told.action, told.data, None
        except MalformedError as error:
            problem = str(error)
    return None, None, None, text, problem
