-- description: One row per name that stands for a store: the store whose own name it is, else the first whose name was merged into it (rules T, G5).
-- load: working
-- key: name_id
select
    coalesce(merged.merged_into, store."name_ID") as name_id,
    arg_min(store."ID", (merged.record_id is not null, coalesce(store.code, ''), store."ID"))
        as store_id
from records.store as store
left join collector.merged as merged
    on merged.table_name = 'name' and merged.record_id = store."name_ID"
where store."name_ID" <> ''
group by all
