"""Verdicts that need more than a line and its record: messages (O8), mobile sites (V5)."""

from pipelines.hub import Hub

# A message is what its first version says; only its processing status may follow, from the site
# that processes it: the receiving store's; the hub, when only a sending store is set; else any
# remote site. `standing` is the newest version before each line.
MESSAGES = """
create or replace temp table final as
with line as (
    select
        judged.cursor, judged.site, judged.record_id, judged.action, judged.digest,
        change.data, stored.cursor is not null as came, stored.digest as stored_digest,
        stored_change.data as stored_data
    from judged
    join landing.change as change using (cursor)
    left join known as stored
        on stored.table_name = 'message' and stored.record_id = judged.record_id
    left join landing.change as stored_change on stored_change.cursor = stored.version
    where judged.table_name = 'message' and judged.pass = getvariable('pass')
        and judged.outcome = 'accepted' and not judged.made
),
told as (
    select
        *, row_number() over turn = 1 and not came as is_first,
        coalesce(stored_data, first_value(data) over turn) as first_data
    from line
    window turn as (partition by record_id order by action = 'delete', cursor)
),
said as (
    select
        told.* exclude (data, stored_data, first_data),
        message_said(data) is not distinct from message_said(first_data) as is_same,
        coalesce(
            receiver.sync_id_remote_site = site,
            case
                when json_extract_string(first_data, '$.fromStoreID') <> ''
                    then site = getvariable('central')
                else site <> getvariable('central')
            end
        ) as processes
    from told
    left join records.store as receiver
        on receiver."ID" = json_extract_string(first_data, '$.toStoreID')
),
ordered as (
    select
        *,
        coalesce(
            arg_max(digest, cursor) filter (action <> 'delete' and is_same
                and (is_first or processes)) over (
                partition by record_id order by cursor
                rows between unbounded preceding and 1 preceding
            ),
            stored_digest
        ) as standing
    from said
)
select cursor from ordered
where action = 'delete'
    or not (is_first or (is_same and (processes or digest is not distinct from standing)));
update judged set outcome = 'message_is_final', detail = case
    when action = 'delete' then 'a message is never deleted'
    else 'it says something else than its first version' end
where cursor in (from final);
drop table final
"""
SAID = """
create or replace temp macro message_said(data) as json_extract(
    data, ['$.toStoreID', '$.fromStoreID', '$.body', '$.type', '$.createdDate', '$.createdTime']
)
"""

# A mobile site has one active store; the store that stood there, or came first, stays.
MOBILE = """
update judged set outcome = 'mobile_site_full', detail = 'site ' || full_site.site
    || ' is mobile and has store ' || full_site.store_id
from (
    with line as (
        select judged.cursor, judged.record_id, site.site_ID::integer as site
        from judged
        join landing.change as change using (cursor)
        join records.site as site
            on site.site_ID = try_cast(
                json_extract_string(change.data, '$.sync_id_remote_site') as double
            )
        where judged.table_name = 'store' and judged.pass = getvariable('pass')
            and judged.outcome = 'accepted' and site.kind = 'mobile'
            and judged.action in ('insert', 'update')
    ),
    active as (
        select "ID" as store_id, sync_id_remote_site::integer as site, 0 as cursor
        from records.store
        where "ID" not in (select record_id from judged where table_name = 'store')
        union all
        select record_id, site, cursor from line
    )
    select line.cursor, line.site, arg_min(active.store_id, active.cursor) as store_id
    from line
    join active on active.site = line.site and active.store_id <> line.record_id
        and active.cursor < line.cursor
    group by all
) as full_site
where judged.cursor = full_site.cursor
"""


def judge(hub: Hub) -> None:
    """Refuse, of the lines this pass accepted, what a rule on messages or on mobile sites does."""
    messages, stores = hub.one(
        """
        select count(*) filter (table_name = 'message'), count(*) filter (table_name = 'store')
        from judged
        where pass = getvariable('pass') and table_name in ('message', 'store')
            and outcome = 'accepted'
        """
    )
    if messages:
        hub.con.execute(SAID)
        hub.con.execute(MESSAGES)
    if stores:
        hub.con.execute(MOBILE)
