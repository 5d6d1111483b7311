-- description: One row per half of a transfer between two sites that concerns this cycle: it or a line of it changed, or one of the two stores is newly active at a site. Its own and the other store, the sites where they are active, and whether the responding site makes its halves itself (rules T).
-- load: working
with half as (
    select
        kind, initiating_table as half_table, initiating_id as half_id, from_store as own_store,
        to_store as other_store, to_store as responding_store, responding_id, true as initiates
    from transfers.transfer
    union all
    select
        kind, responding_table, responding_id, to_store, from_store, to_store, responding_id, false
    from transfers.transfer
    where responding_id is not null
),
tables as (
    select distinct half_table from half
),
concerned as (
    select record.table_name as half_table, record.record_id as half_id
    from collector.record as record
    where record.cycle = getvariable('cycle')
        and record.table_name in (from tables)
    union all
    select routed.parent_table, record.parent_id
    from collector.record as record
    join routed
        on routed.record_kind = record.record_kind and routed.table_name = record.table_name
    where record.cycle = getvariable('cycle') and routed.parent_table in (from tables)
    union all
    select routed.parent_table, parent.parent_id
    from collector.record as record
    join collector.record as parent on parent.record_id = record.parent_id
    join routed
        on routed.record_kind = parent.record_kind and routed.table_name = parent.table_name
    where record.cycle = getvariable('cycle') and routed.parent_table in (from tables)
        and record.table_name in (select table_name from routed where depth > 1)
    union all
    -- The figures of its period go with a requisition (see half_seen).
    select 'requisition', requisition."ID"
    from collector.record as record
    join records.indicator_value as value on value."ID" = record.record_id
    join records.requisition as requisition
        on requisition."store_ID" = value."store_ID" and requisition."periodID" = value."period_ID"
    where record.cycle = getvariable('cycle') and record.table_name = 'indicator_value'
),
picked as (
    select half.* from half semi join concerned using (half_table, half_id)
    union
    select half.* from half
    where own_store in (select store_id from fresh_store where level = 'active')
        or other_store in (select store_id from fresh_store where level = 'active')
)
select
    picked.* exclude (responding_store, responding_id),
    own.sync_id_remote_site::integer as own_site,
    other.sync_id_remote_site::integer as other_site,
    coalesce(
        site.transfers, case when site.kind = 'open_msupply' then 'site' end
    ) is not distinct from 'site' as site_makes
from picked
join records.store as own on own."ID" = picked.own_store
join records.store as other on other."ID" = picked.other_store
join records.store as responding on responding."ID" = picked.responding_store
left join records.site as site on site.site_ID = responding.sync_id_remote_site
where own.sync_id_remote_site <> other.sync_id_remote_site
    and (picked.responding_id is not null or site_makes)
