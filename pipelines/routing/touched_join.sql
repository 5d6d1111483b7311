-- description: One row per join of a name whose tie between two stores may have changed: it changed itself, or whom its name stands for did.
-- load: working
with changed as (
    select table_name, record_id
    from collector.record
    where cycle = getvariable('cycle') and table_name in ('store', 'name_store_join')
),
renamed as (
    select merged_into as name_id
    from collector.merged
    where cycle = getvariable('cycle') and table_name = 'name'
    union
    select name_id from party where store_id in (select record_id from changed)
),
known as (
    select join_id from routing.tie
    where store_id in (select record_id from changed where table_name = 'store')
        or store_id in (select store_id from party semi join renamed using (name_id))
)
select record_id as join_id from changed where table_name = 'name_store_join'
union
select join_id from known
union
select joined."ID"
from records.name_store_join as joined
semi join renamed on renamed.name_id = joined."name_ID"
