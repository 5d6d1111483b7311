-- description: One row per goods-received record and site that counts what an order received: of every site (`asking` 0) where it changed, or of a primary that asks for all that an order received (rule T6).
-- load: working
with goods as (
    select
        goods."ID" as half_id, ordered."ID" as order_id, store.sync_id_remote_site::integer as site
    from records."Goods_received" as goods
    join records.purchase_order as ordered on ordered."ID" = goods."purchase_order_ID"
    join records.store as store on store."ID" = ordered."store_ID"
),
touched as (
    select case when table_name = 'Goods_received' then record_id else parent_id end as half_id
    from changed
    where table_name in ('Goods_received', 'Goods_received_line')
),
counted as (
    select goods.half_id, 0 as asking, goods.site from goods semi join touched using (half_id)
    union all
    -- Under centralised procurement the primary counts for all: a sum is of all lines, of what came
    -- before the preference was in force, too.
    select goods.half_id, getvariable('primary'), getvariable('primary')
    from goods
    semi join (from in_force where centralised_procurement) as ordering using (site)
    where getvariable('primary') <> getvariable('central') and (
        goods.order_id in (select goods.order_id from goods semi join touched using (half_id))
        or getvariable('primary') in (from initialised)
    )
)
select 'Goods_received' as half_table, half_id, asking, site from counted
