-- description: One row per store whose place in the system this cycle may have changed: its own record, a tie, a partner; every store when sites or what they hold of stores changed.
-- load: working
-- key: store_id
with changed as (
    select table_name, record_id
    from collector.record
    where cycle = getvariable('cycle') and table_name in ('store', 'site', 'store_site')
),
retied as (
    from untied
    union all
    select tie.store_id, tie.viewer_id
    from routing.tie as tie
    semi join touched_join on touched_join.join_id = tie.join_id
    union all
    select store_id, viewer_id from routing.tie
    where viewer_id in (select record_id from changed where table_name = 'store')
)
select record_id as store_id from changed where table_name = 'store'
union
select store_id from retied
union
select viewer_id from retied
union
select "ID" from records.store
where exists (from changed where table_name <> 'store')
union
select store_id from routing.store_at
where exists (from changed where table_name <> 'store')
