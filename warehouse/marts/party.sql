-- description: One row per name that makes a transaction an adjustment or a transfer between stores.
select distinct "ID" as name_id, 'adjustment' as kind from warehouse.records.name
where "type" in ('invad', 'repack', 'build') or lower(code) in ('invad', 'repack')
union
select distinct coalesce(merged.merged_into, store."name_ID"), 'store'
from warehouse.records.store as store
left join warehouse.collector.merged as merged
    on merged.table_name = 'name' and merged.record_id = store."name_ID"
where store."name_ID" <> ''
