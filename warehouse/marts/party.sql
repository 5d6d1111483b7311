-- description: One row per name that makes a transaction an adjustment or a transfer between stores.
select distinct "ID" as name_id, 'adjustment' as kind from warehouse.records.name
where "type" in ('invad', 'repack', 'build') or lower(code) in ('invad', 'repack')
union
select distinct "name_ID", 'store' from warehouse.records.store where "name_ID" <> ''
