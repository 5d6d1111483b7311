"""The collector: a verdict for every change, and the newest accepted version of every record."""

from pipelines import records, sql
from pipelines.collector import merges
from pipelines.hub import Hub

MODELS = sql.models("pipelines/collector")
VIEWS = ("in_force", "ordering", "changing_home")
ORPHAN_DAYS = 30  # rule O13
RELEASED = "select count(*) from verdict where recalled and outcome in ('accepted', 'superseded')"
# A child's store is its owning parent's: it moves along, and its own children after it.
REHOME = """
create or replace temp table followed as
select distinct record.table_name, record.record_id, rehomed.store_id
from collector.record as record
join kind as kind
    on kind.record_kind = record.record_kind and kind.table_name = record.table_name
join rehomed
    on rehomed.table_name = kind.parent_table and rehomed.record_id = record.parent_id
where record.store_id is distinct from rehomed.store_id;
update collector.record as record set store_id = followed.store_id
from followed
where followed.table_name = record.table_name and followed.record_id = record.record_id;
create or replace temp table rehomed as from followed
"""
RECORD = (
    "table_name, record_id, record_kind, first, cursor, version, digest, deleted, store_id, "
    "parent_id, cycle"
)


def collect(hub: Hub) -> None:
    """Judge this cycle's lines and what they wake, pass by pass; settle records; count outcomes."""
    (first,) = hub.one(
        "select coalesce(max(next_cursor), 1) from landing.cycle where cycle < ?", hub.cycle
    )
    _judge(hub, first)
    _keep(hub)
    _hear(hub)
    _age(hub)
    _count(hub)


def settle_made(hub: Hub, first: int) -> None:
    """Settle what the hub itself made, from cursor `first` on, and what that wakes."""
    _judge(hub, first)
    _keep(hub)
    (released,) = hub.one(RELEASED)
    hub.count("released", hub.tally.get("released", 0) + released)


def stand(hub: Hub) -> None:
    """Make what the stages after the collector's read besides tables: its views, and `party`."""
    _run(hub, *VIEWS, "party")


def _run(hub: Hub, *names: str) -> None:
    for name in names:
        sql.run(hub.con, MODELS[f"collector.{name}"])


def _judge(hub: Hub, first: int) -> None:
    """Judge the lines from cursor `first` on (`judged`, `refused`) and settle them (`settled`)."""
    con = hub.con
    con.execute(f"set variable from_cursor = {first}")
    tables = [
        table
        for (table,) in con.execute(
            "select distinct table_name from landing.change "
            "where cycle = ? and table_name is not null "
            "union select table_name from collector.held where table_name is not null",
            [hub.cycle],
        ).fetchall()
    ]
    records.make_typed(con)
    records.define(con, sorted(tables))
    _run(hub, *VIEWS, "asked", "recall", "candidate", "stored", "refused")
    con.execute("drop table if exists judged; drop table if exists settled")
    con.execute(f"create or replace temp view known as select {RECORD} from stored")
    con.execute("set variable pass = -1")
    _run(hub, "home", "sees")
    for number in _passes(hub):
        con.execute(f"set variable pass = {number}")
        _look(hub)
        _run(hub, "judged")
        _refuse(hub)
        _run(hub, "settled")
        _settle_contested(hub)
        # What a pass settled stands before what was stored, for the passes after it.
        con.execute(
            f"""
            delete from stored where (table_name, record_id) in (
                select (table_name, record_id) from settled
                where existed and pass = getvariable('pass')
            );
            create or replace temp view known as
            select {RECORD} from stored union all select {RECORD} from settled
            """
        )
        records.apply(con, number)
        merges.apply(con)


def _look(hub: Hub) -> None:
    """Work out homes of newcomers and who sees whom, in the passes where that decides (rule O4)."""
    homes, seen = hub.one(
        """
        select
            coalesce(bool_or(table_name in ('name', 'clinician') and owner_id is null), false),
            coalesce(bool_or(
                dispensed
                or table_name in (select table_name from kind where record_kind = 'Repeats')
                or getvariable('patients_edited_where_visible')
            ), false)
        from candidate where pass = getvariable('pass') and refusal is null
        """
    )
    if homes:
        _run(hub, "home")
    if seen:
        _run(hub, "sees")


def _refuse(hub: Hub) -> None:
    """Refuse what this pass accepted but other records forbid (rules O8, O14, V5)."""
    deletes, messages, stores = hub.one(
        """
        select
            coalesce(bool_or(action = 'delete'), false),
            coalesce(bool_or(table_name = 'message'), false),
            coalesce(bool_or(table_name = 'store'), false)
        from judged
        where pass = getvariable('pass') and outcome = 'accepted'
            and (table_name in ('message', 'store') or action = 'delete')
        """
    )
    for name in ["bereft"] * deletes + ["final"] * messages + ["crowded"] * stores:
        _run(hub, name)
        hub.con.execute(
            f"""
            update judged set
                outcome = {name}.outcome, detail = {name}.detail,
                waits_table = case {name}.outcome when 'deferred' then judged.table_name end,
                waits_record = case {name}.outcome when 'deferred' then judged.record_id end
            from {name} where judged.cursor = {name}.cursor
            """
        )


def _settle_contested(hub: Hub) -> None:
    """A new record that two sites bring in one cycle is the first one's (rule O3); as a rule none.

    Each of them named a store of its own, so each line alone was right.
    """
    (contested,) = hub.one(
        "select count(*) from settled where contested and pass = getvariable('pass')"
    )
    if not contested:
        return
    hub.con.execute(
        """
        create or replace temp table contested as
        select judged.table_name, judged.record_id, arg_min(judged.site, judged.cursor) as site,
            arg_min(judged.kind, judged.cursor) as kind
        from judged
        semi join (from settled where contested and pass = getvariable('pass')) as settled
            on settled.table_name = judged.table_name and settled.record_id = judged.record_id
        where judged.outcome = 'accepted' and judged.action <> 'delete'
        group by all;
        update judged set
            outcome = case kind.editable_at
                when 'home' then 'not_home_site' when 'central' then 'central_only'
                when 'primary' then 'primary_only' else 'not_owner'
            end,
            detail = 'the record belongs to a store at site ' || contested.site
        from contested, kind
        where kind.kind = contested.kind and judged.table_name = contested.table_name
            and judged.record_id = contested.record_id
            and judged.site <> contested.site and judged.outcome = 'accepted';
        delete from settled where pass = getvariable('pass');
        drop table contested
        """
    )
    _run(hub, "settled")


def _passes(hub: Hub) -> list[int]:
    """The passes that have candidates; at least one, so that the tables of a pass are there."""
    found = hub.con.execute("select distinct pass from candidate where refusal is null").fetchall()
    return sorted(number for (number,) in found) or [0]


def _keep(hub: Hub) -> None:
    """Write what this cycle decided into the tables that last."""
    hub.con.execute(
        f"""
        create or replace temp view verdict as
        from judged union all by name from refused;

        delete from collector.verdict where cursor in (from recall);
        insert into collector.verdict
        select verdict.cursor, getvariable('cycle'), verdict.outcome, kind.record_kind
        from verdict left join kind as kind using (kind);

        create or replace temp table since as
        select cursor, since from collector.held where cursor in (from recall);
        delete from collector.held where cursor in (from recall);
        insert into collector.held
        select verdict.cursor, verdict.site, verdict.table_name, verdict.record_id,
            verdict.outcome, verdict.detail, verdict.waits_table, verdict.waits_record,
            coalesce(since.since, getvariable('clock'))
        from verdict left join since using (cursor)
        where verdict.outcome not in ('accepted', 'superseded');
        drop table since;

        create or replace temp table rehomed as
        select table_name, record_id, store_id from settled
        where existed and stored_store is not null and store_id is distinct from stored_store
            and table_name in (select parent_table from kind);

        delete from collector.record where (table_name, record_id) in (
            select (table_name, record_id) from settled where existed
        );
        insert into collector.record by name
        select {RECORD} from settled;

        insert into collector.store_activity
        select "ID", sync_id_remote_site::integer, getvariable('cycle')
        from records.store
        where sync_id_remote_site is not null
            and ("ID", sync_id_remote_site) not in (
                select (store_id, site) from collector.store_activity
            );
        """
    )
    while hub.one("select count(*) from rehomed")[0]:
        hub.con.execute(REHOME)


def _hear(hub: Hub) -> None:
    """Note each site's contact: of a file site the arrival of a segment (rules Y1, Y3)."""
    hub.con.execute(
        """
        create or replace temp table heard as
        select
            segment.site, getvariable('clock') as now,
            bool_or(segment.site in (
                select site from verdict where outcome = 'accepted' and not recalled
            )) as brought,
            any_value(contact.first_contact) as first_contact,
            any_value(contact.last_accepted) as last_accepted
        from landing.segment as segment
        left join collector.contact as contact using (site)
        where segment.cycle = getvariable('cycle')
        group by segment.site;
        delete from collector.contact where site in (select site from heard);
        insert into collector.contact
        select site, coalesce(first_contact, now), now,
            case when brought then now else last_accepted end
        from heard;
        drop table heard
        """
    )


def _age(hub: Hub) -> None:
    """Make orphans of what has waited long; the line still waits (rule O13).

    Only the clock does, so an idle cycle does too.
    """
    hub.con.execute(
        f"""
        create or replace temp table orphan as
        select cursor from collector.held
        where reason = 'deferred' and since <= getvariable('clock') - interval {ORPHAN_DAYS} day;
        update collector.held set reason = 'orphan' where cursor in (from orphan);
        update collector.verdict set outcome = 'orphan', cycle = getvariable('cycle')
        where cursor in (from orphan);
        drop table orphan;
        """
    )


def _count(hub: Hub) -> None:
    accepted, deferred, superseded, quarantined = hub.one(
        """
        select
            count(*) filter (outcome = 'accepted'), count(*) filter (outcome = 'deferred'),
            count(*) filter (outcome = 'superseded'),
            count(*) filter (outcome not in ('accepted', 'deferred', 'superseded'))
        from verdict where not recalled
        """
    )
    (released,) = hub.one(RELEASED)
    hub.count("accepted", accepted)
    hub.count("deferred", deferred)
    hub.count("superseded", superseded)
    hub.count("quarantined", quarantined)
    hub.count("released", released)
