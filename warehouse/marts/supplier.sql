-- description: One row per name that is ordered from: its store's code, else its own, else its name.
-- key: name_id
with asked as (
    select distinct name_id
    from marts.order_paper
    where kind in ('request', 'purchase_order') and name_id <> ''
),
party as (
    select
        coalesce(merged.merged_into, store."name_ID") as name_id, min(store.code) as store_code,
        min(store."ID") as store_id
    from warehouse.records.store as store
    left join warehouse.collector.merged as merged
        on merged.table_name = 'name' and merged.record_id = store."name_ID"
    where store."name_ID" <> ''
    group by all
)
select
    asked.name_id, party.store_id,
    coalesce(nullif(party.store_code, ''), nullif(name.code, ''), name.name, '') as supplier
from asked
left join party using (name_id)
left join warehouse.records.name as name on name."ID" = asked.name_id
order by name_id
