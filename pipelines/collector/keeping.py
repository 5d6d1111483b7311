"""What the collector keeps of a cycle: verdicts, what is held, records, contacts, and how many."""

from pipelines.collector.judging import RECORD
from pipelines.hub import Hub

ORPHAN_DAYS = 30  # rule O13
RELEASED = "select count(*) from verdict where recalled and outcome in ('accepted', 'superseded')"
HELD_AGAIN = "select count(*) from asked semi join collector.held as held using (cursor)"
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


def keep(hub: Hub) -> None:
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
        -- Materialized, as DuckDB scans with one thread what this transaction has made.
        insert into collector.record by name
        with settled as materialized (select {RECORD} from settled)
        from settled;

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


def hear(hub: Hub) -> None:
    """Note each site's contact (rules Y1, Y3).

    Of a site that connects it is what the gateway told, of a file site the arrival of a segment.
    """
    hub.con.execute(
        """
        create or replace temp table heard as
        with told as (
            select site, getvariable('clock') as at from landing.segment
            where cycle = getvariable('cycle')
            union all
            select json_extract_string(request.value, '$.acknowledge.site')::integer,
                json_extract_string(request.value, '$.contact')::timestamp
            from request
            where json_extract_string(request.value, '$.contact') is not null
        )
        select
            told.site, min(told.at) as first, max(told.at) as last,
            bool_or(told.site in (
                select site from verdict where outcome = 'accepted' and not recalled
            )) as brought,
            any_value(contact.first_contact) as first_contact,
            any_value(contact.last_contact) as last_contact,
            any_value(contact.last_accepted) as last_accepted
        from told
        left join collector.contact as contact using (site)
        group by told.site;
        delete from collector.contact where site in (select site from heard);
        insert into collector.contact
        select site, coalesce(first_contact, first), greatest(last_contact, last),
            case when brought then getvariable('clock') else last_accepted end
        from heard;
        drop table heard
        """
    )


def age(hub: Hub) -> None:
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


def count(hub: Hub) -> None:
    """Count the outcomes of this cycle's lines, and what became of earlier ones."""
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
    (held_again,) = hub.one(HELD_AGAIN)
    hub.count("accepted", accepted)
    hub.count("deferred", deferred)
    hub.count("superseded", superseded)
    hub.count("quarantined", quarantined)
    hub.count("released", released)
    hub.count("held_again", held_again)
