"""What holds of a home after every cycle, whatever was sent."""

import json

from scene import Scene

from pipelines import records

# Each is a query for the rows that break it.
BROKEN = {
    "every line has one verdict": """
        select cursor from landing.change full join collector.verdict using (cursor)
        group by cursor having count(*) <> 1 or count(outcome) <> 1
    """,
    "what is held is what was neither accepted nor superseded": """
        select cursor, outcome, reason
        from collector.verdict full join collector.held using (cursor)
        where coalesce(outcome in ('accepted', 'superseded'), false) = (reason is not null)
            or outcome <> reason
    """,
    "a record stands once": """
        select table_name, record_id from collector.record group by all having count(*) > 1
    """,
    "a record's newest line and its version were accepted": """
        select record.table_name, record.record_id from collector.record as record
        where (
            select count(*) from collector.verdict as verdict
            where verdict.cursor in (record.cursor, record.version) and outcome = 'accepted'
        ) <> len(list_distinct([record.cursor, record.version]))
    """,
    "owed is the newest line of every record in a queue since it last began anew": """
        select site, table_name, record_id, merge
        from (
            select site, table_name, record_id, action = 'merge' as merge,
                max(sequence) as sequence, max_by(cursor, sequence) as cursor
            from outbox.queue
            where action <> 'reset' and sequence > coalesce((
                select max(sequence) from outbox.queue as before
                where before.action = 'reset' and before.site = queue.site
            ), 0)
            group by all
        ) as newest
        full join outbox.owed as owed using (site, table_name, record_id, merge, sequence, cursor)
        group by all having count(newest.sequence) <> 1 or count(owed.sequence) <> 1
    """,
    "what of a queue is neither owed nor acknowledged is superseded, and nothing else": """
        select queue.site, queue.sequence from outbox.queue as queue
        left join outbox.acknowledged as acknowledged using (site)
        left join outbox.queue as later
            on later.site = queue.site and later.supersedes = queue.sequence
        left join outbox.owed as owed
            on owed.site = queue.site and owed.sequence = queue.sequence
        where queue.sequence > coalesce(acknowledged.sequence, 0)
            and queue.sequence > coalesce((
                select max(sequence) from outbox.queue as before
                where before.action = 'reset' and before.site = queue.site
            ), 0)
        group by all having count(owed.sequence) + count(later.sequence) <> 1
    """,
    "the last length of a queue is what it is owed and has not acknowledged": """
        select site, arg_max(length, day), max(length.day) from outbox.length as length
        group by site having arg_max(length, day) <> (
            select count(*) from outbox.owed as owed
            left join outbox.acknowledged as done on done.site = owed.site
            where owed.site = length.site and owed.sequence > coalesce(done.sequence, 0)
        )
        union all
        select site, last, null from outbox.head
        where site <> 0 and site not in (select site from outbox.length)
    """,
    "only a queue that begins anew, or a store that moved, brings a site what it made": """
        select queue.site, queue.sequence from outbox.queue as queue
        join landing.change as change using (cursor)
        where queue.site = 1 or (
            change.site = queue.site
            and (queue.site, queue.cycle) not in (
                select (site, cycle) from outbox.queue where action = 'reset'
            )
            and (queue.table_name, queue.record_id) not in (
                select (table_name, record_id) from collector.record where store_id in (
                    select store_id from collector.store_activity
                    group by store_id having count(*) > 1
                )
            )
        )
    """,
    "a queue's lines are numbered without gaps but for a restore's, to where its head is": """
        with line as (
            select site, sequence, action, lag(sequence, 1, 0) over (
                partition by site order by sequence
            ) as before
            from outbox.queue
        )
        select site from line
        where sequence <> before + 1 and (
            action <> 'reset' or (site, sequence - 1) not in (select (site, last) from outbox.mark)
        )
        union all
        select site from outbox.queue group by site
        having max(sequence) <> (select last from outbox.head as head where head.site = queue.site)
    """,
    "store_at is what follows from stores, copies and ties": """
        with shown as (
            select party.store_id, joined."store_ID" as viewer_id
            from records.name_store_join as joined
            join party on party.name_id = joined."name_ID"
            where not coalesce(joined.inactive, false)
        ),
        told as (
            select "ID" as store_id, sync_id_remote_site::integer as site, 'active' as level
            from records.store
            union
            select "store_ID", "site_ID"::integer, sync_type from records.store_site
            where sync_type in ('collector', 'transfer')
            union
            select shown.store_id, store.sync_id_remote_site::integer, 'visible'
            from shown join records.store as store on store."ID" = shown.viewer_id
            union
            select shown.viewer_id, store.sync_id_remote_site::integer, 'visible'
            from shown join records.store as store on store."ID" = shown.store_id
            union
            select "ID", getvariable('primary'), 'visible' from records.store
        ),
        first as (
            select store_id, site, levels[min(list_position(levels, level))] as level
            from told, (select ['active', 'collector', 'visible', 'transfer'] as levels)
            where store_id in (select "ID" from records.store) and site in (
                select site_ID from records.site
                where site_ID <> 1 and not coalesce(disabled, false)
                union all select getvariable('primary') where getvariable('primary') <> 1
                    and not exists (
                        from records.site where disabled and site_ID = getvariable('primary')
                    )
            )
            group by store_id, site, levels
        )
        (select store_id, site, level from routing.store_at except all from first)
        union all
        (from first except all select store_id, site, level from routing.store_at)
    """,
    "an initiating half is answered once, and by one record": """
        select initiating_table || initiating_id from transfers.transfer
        group by all having count(*) > 1
        union all
        select responding_table || responding_id from transfers.transfer
        where responding_id is not null group by all having count(*) > 1
        union all
        select "linked_transaction_id" from records.transact as answer
        where "ID" in (select responding_id from transfers.transfer where made_by = 'hub')
            and "linked_transaction_id" <> ''
        group by all having count(*) > 1
    """,
    "what the hub makes of a half has the id that follows from it": """
        select responding_id from transfers.transfer
        where made_by = 'hub' and responding_id <> made_id(kind || '/' || initiating_id)
        union all
        select responding_line from transfers.line
        where responding_line <> made_id(
            kind || '/' || initiating_id || '/' || initiating_line
        )
    """,
    "every half that the hub made stands in the ledger": """
        select change.record_id from landing.change as change
        where change.segment is null and change.table_name in (
            'transact', 'trans_line', 'requisition', 'requisition_line', 'Goods_received',
            'Goods_received_line'
        ) and change.record_id not in (
            select responding_id from transfers.transfer where responding_id is not null
            union all
            select responding_line from transfers.line where responding_line is not null
        )
    """,
    "what the hub makes is an update, a delete or a merge of a table it knows": """
        select action, table_name from landing.change
        where segment is null and (
            action not in ('update', 'delete', 'merge')
            or table_name not in (select table_name from kind)
        )
    """,
    "local and sync data go to no one": """
        select table_name from outbox.queue where table_name in ('site', 'store_site', 'his_ward')
        union select table_name from outbox.central where table_name in ('site', 'store_site')
    """,
}


def whole(scene: Scene) -> None:
    """Fail for what does not hold."""
    for name, query in BROKEN.items():
        assert scene.rows(query) == [], name
    stored = {table for (table,) in scene.rows("select distinct table_name from collector.record")}
    for table in records.typed():
        if table not in stored and not scene.rows(f'select 1 from records."{table}" limit 1'):
            continue
        alive = (
            'select record_id as "ID" from collector.record where not deleted and table_name = ?'
        )
        differing = f'({alive} except all select "ID" from records."{table}") union all '
        differing += f'(select "ID" from records."{table}" except all {alive})'
        assert scene.rows(differing, table, table) == [], f"records.{table} is what is alive"
    published(scene)


def published(scene: Scene) -> None:
    """The outbox files are numbered without gaps from 1 and named for what they hold.

    After a restore a file goes on above a mark.
    """
    marks = set(scene.rows("select site, last from outbox.mark"))
    for folder in scene.hub.home.outbox.iterdir():
        key = "ID" if folder.name == "central" else "sequence"
        site = 0 if key == "ID" else int(folder.name)
        last = 0
        for file in sorted(folder.iterdir()):
            if (site, int(file.name[:12]) - 1) in marks:
                last = int(file.name[:12]) - 1
            lines = [json.loads(line) for line in file.read_bytes().splitlines()]
            assert file.name == f"{last + 1:012d}-{last + len(lines):012d}.ndjson"
            assert [line[key] for line in lines] == list(range(last + 1, last + len(lines) + 1))
            last += len(lines)
