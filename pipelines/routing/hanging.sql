-- description: One row per record that hangs on one that a site newly asks for, child or grandchild.
-- load: working
with owned as (
    select
        record.table_name, record.record_id, routed.parent_table, record.parent_id,
        routed.depth
    from collector.record as record
    join routed
        on routed.record_kind = record.record_kind and routed.table_name = record.table_name
    where routed.parent_table <> '' and not record.deleted
        and exists (from whole_record)
),
child as (
    select owned.table_name, owned.record_id, due.asking, due.again, due.anew
    from owned
    join whole_record as due
        on due.table_name = owned.parent_table and due.record_id = owned.parent_id
)
from child
union all
select owned.table_name, owned.record_id, child.asking, child.again, child.anew
from owned
join child on child.table_name = owned.parent_table and child.record_id = owned.parent_id
where owned.depth > 1
