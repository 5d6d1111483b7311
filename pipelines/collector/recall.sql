-- description: One row per line held from earlier cycles that this cycle judges again, at its own place in the feed (rule O13): what it waits for has come, a request asks for it, its site or its table is known now.
-- load: working
with recursive fresh as (
    select table_name, record_id, cursor
    from landing.change
    where cycle = getvariable('cycle') and cursor >= getvariable('from_cursor')
        and problem is null
),
woken as (
    select held.cursor, held.table_name, held.record_id
    from collector.held as held
    where exists (
        from fresh
        where fresh.table_name = held.waits_table and fresh.record_id = held.waits_record
    )
    or held.cursor in (from asked)
    or (held.reason in ('unknown_site', 'site_disabled') and held.site in (
        select try_cast(json_extract_string(change.data, '$.site_ID') as integer)
        from landing.change as change
        where change.cycle = getvariable('cycle') and change.table_name = 'site'
            and change.problem is null
    ))
    or (held.reason = 'unknown_table' and held.table_name in (select table_name from kind))
    union
    select held.cursor, held.table_name, held.record_id
    from collector.held as held
    join woken on held.waits_table = woken.table_name and held.waits_record = woken.record_id
)
select distinct cursor from woken
