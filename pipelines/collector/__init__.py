"""The collector: a verdict for every change, and the newest accepted version of every record."""

from pipelines import records, sql
from pipelines.hub import Hub

MODELS = sql.models("pipelines/collector")
ORPHAN_DAYS = 30  # rule O13


def collect(hub: Hub) -> None:
    """Judge this cycle's lines and what they wake, pass by pass; settle records; count outcomes."""
    con = hub.con
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
    con.execute("drop table if exists collector.judged")
    con.execute("drop table if exists collector.settled")
    for name in ("asked", "recall", "candidate", "known", "refused"):
        sql.run(con, MODELS[f"collector.{name}"])
    for number in _passes(hub):
        con.execute(f"set variable pass = {number}")
        sql.run(con, MODELS["collector.judged"])
        sql.run(con, MODELS["collector.settled"])
        con.execute(
            """
            delete from collector.known where (table_name, record_id) in (
                select (table_name, record_id) from collector.settled
                where existed and pass = getvariable('pass')
            )
            """
        )
        con.execute(
            """
            insert into collector.known by name
            select table_name, record_id, record_kind, cursor, version, digest, deleted, store_id,
                parent_id, cycle
            from collector.settled where pass = getvariable('pass')
            """
        )
        records.apply(con, number)
    _keep(hub)
    _count(hub)


def _passes(hub: Hub) -> list[int]:
    """The passes that have candidates; always 0, so that the tables of a pass are there."""
    found = hub.con.execute(
        "select distinct pass from collector.candidate where refusal is null"
    ).fetchall()
    return sorted({0} | {number for (number,) in found})


def _keep(hub: Hub) -> None:
    """Write what this cycle decided into the tables that last."""
    hub.con.execute(
        """
        create or replace temp table verdict as
        from collector.judged union all by name from collector.refused;

        delete from collector.verdict where cursor in (from collector.recall);
        insert into collector.verdict
        select verdict.cursor, getvariable('cycle'), verdict.outcome, kind.record_kind
        from verdict left join collector.kind as kind using (kind);

        create or replace temp table since as
        select cursor, since from collector.held where cursor in (from collector.recall);
        delete from collector.held where cursor in (from collector.recall);
        insert into collector.held
        select verdict.cursor, verdict.site, verdict.table_name, verdict.record_id,
            verdict.outcome, verdict.detail, verdict.waits_table, verdict.waits_record,
            coalesce(since.since, getvariable('clock'))
        from verdict left join since using (cursor)
        where verdict.outcome not in ('accepted', 'superseded');
        drop table since;

        delete from collector.record where (table_name, record_id) in (
            select (table_name, record_id) from collector.settled where existed
        );
        insert into collector.record by name
        select table_name, record_id, record_kind, cursor, version, digest, deleted, store_id,
            parent_id, cycle
        from collector.settled;

        insert into collector.store_activity
        select "ID", sync_id_remote_site::integer, getvariable('cycle')
        from records.store
        where sync_id_remote_site is not null
            and ("ID", sync_id_remote_site) not in (
                select (store_id, site) from collector.store_activity
            );
        """
    )
    # Only the clock makes an orphan, so an idle cycle does too; the line still waits (rule O13).
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
    (released,) = hub.one(
        "select count(*) from verdict where recalled and outcome in ('accepted', 'superseded')"
    )
    hub.con.execute("drop table verdict")
    hub.count("accepted", accepted)
    hub.count("deferred", deferred)
    hub.count("superseded", superseded)
    hub.count("quarantined", quarantined)
    hub.count("released", released)
    hub.count("made", 0)
