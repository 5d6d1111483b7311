-- description: One row per record that hangs on one that a site newly asks for, child or grandchild.
-- load: working
-- given: whole_record
with hangs as (
    select distinct table_name, record_kind, parent_table from routed where parent_table <> ''
),
child as (
    select record.table_name, record.record_id, above.asking, above.again, above.anew
    from collector.record as record
    join (
        select hangs.table_name, hangs.record_kind, whole_record.record_id as parent_id,
            whole_record.asking, whole_record.again, whole_record.anew
        from whole_record
        join hangs on hangs.parent_table = whole_record.table_name
    ) as above
        on above.table_name = record.table_name and above.record_kind = record.record_kind
        and above.parent_id = record.parent_id
)
from child
union all
select record.table_name, record.record_id, above.asking, above.again, above.anew
from collector.record as record
join (
    select hangs.table_name, hangs.record_kind, child.record_id as parent_id, child.asking,
        child.again, child.anew
    from child
    join hangs on hangs.parent_table = child.table_name
) as above
    on above.table_name = record.table_name and above.record_kind = record.record_kind
    and above.parent_id = record.parent_id
