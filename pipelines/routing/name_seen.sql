-- description: One row per name asked about and site where it is visible (rules R5, R7): by a join or its home store in an active or collector store, a store's name where the store is visible; of every site (`asking` 0) or of the one that asks.
-- load: working
-- given: about, fresh_name
-- given: due, fresh_name
with name as (
    select distinct about.name_id
    from about
    join due using (cursor)
    where due.asking = 0
),
held as (
    select store_id, site from routing.store_at where level in ('active', 'collector')
)
select joined."name_ID" as name_id, 0 as asking, held.site, false as whole
from records.name_store_join as joined
semi join name on name.name_id = joined."name_ID"
join held on held.store_id = joined."store_ID"
where not coalesce(joined.inactive, false)
union
select record.record_id, 0, held.site, false
from collector.record as record
semi join name on name.name_id = record.record_id
join held using (store_id)
where record.table_name = 'name'
union
select party.name_id, 0, store_at.site, false
from party
semi join name using (name_id)
join routing.store_at as store_at using (store_id)
where store_at.level <> 'transfer'
union
select name_id, site, site, whole from fresh_name
