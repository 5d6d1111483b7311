-- description: One row per initiating half and what its rule decided; `is_new` where the responding half is made now.
-- load: working
-- key: table_name, record_id
-- given: initiating
with ruled as (
    from stock
    union all by name from returns
    union all by name from requisition
    union all by name from purchase_order
    union all by name from goods_received
)
select
    ruled.kind, ruled.responding_table, ruled.is_due, ruled.outcome,
    made_id(ruled.kind || '/' || ruled.record_id) as responding_id,
    half.standing is null and ruled.outcome = 'created' as is_new,
    half.* exclude (standing)
from ruled
join initiating as half
    on half.table_name = ruled.table_name and half.record_id = ruled.record_id
