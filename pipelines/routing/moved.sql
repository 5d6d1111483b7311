-- description: One row per record that this cycle changed and that may go somewhere. Most are store data of stores that nobody has a copy of and that trade with none: they stay at the hub.
-- load: working
with told as not materialized (
    select
        record.table_name, record.record_id, record.deleted,
        case when record.deleted then record.cursor else record.version end as cursor,
        record.store_id, record.parent_id, routed.parent_table,
        routed.route, routed.depth
    from collector.record as record
    join routed
        on routed.record_kind = record.record_kind and routed.table_name = record.table_name
        and coalesce(routed.store_set = (record.store_id is not null), true)
    where record.cycle = getvariable('cycle')
)
select * from told
where route not in ('store', 'prescription')
    or deleted
    or table_name in ('Goods_received', 'Goods_received_line', 'indicator_value')
    or store_id in (select store_id from routing.store_at where level = 'collector')
    or store_id in (select from_store from transfers.transfer)
    or store_id in (select to_store from transfers.transfer)
    or (getvariable('prescriptions_follow_patient') and store_id in (
        select store_id from routing.store_at where dispensary
    ))
