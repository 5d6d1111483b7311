-- description: One row per name and site where it is visible for the first time, maybe, or that is initialised (rules R5, R7, R13, I1); `whole` where its prescriptions go along whatever the preference says (P3).
-- load: working
-- key: name_id, site
with
-- Only the hub changes a home store, so of a patient's edits only its own are looked at (rule P3),
-- and the first: what is said of a name may have come before it.
rehomed as (
    select
        touched.record_id as name_id, touched.store_id,
        change.site = getvariable('central') as moved
    from touched
    join landing.change as change using (cursor)
    where touched.table_name = 'name' and touched.store_id is not null
        and (
            change.site = getvariable('central') or getvariable('prescriptions_follow_patient')
            or touched.is_new
        )
),
merged as (
    select distinct merged_into as name_id
    from collector.merged
    where table_name = 'name' and cycle = getvariable('cycle')
),
held as (
    select store_id, site, level from routing.store_at where level in ('active', 'collector')
),
opened as (
    from fresh_store where level in ('active', 'collector')
),
told as (
    select joined."name_ID" as name_id, held.site, false as again, false as initialised,
        false as whole
    from records.name_store_join as joined
    join held on held.store_id = joined."store_ID"
    semi join (from touched where table_name = 'name_store_join') as touched
        on touched.record_id = joined."ID"
    where not coalesce(joined.inactive, false)
    union all
    select joined."name_ID", held.site, false, false, false
    from records.name_store_join as joined
    join held on held.store_id = joined."store_ID"
    semi join merged on merged.name_id = joined."name_ID"
    where not coalesce(joined.inactive, false)
    union all
    select rehomed.name_id, held.site, false, false, rehomed.moved and held.level = 'active'
    from rehomed join held using (store_id)
    union all
    select record.record_id, held.site, false, false, false
    from collector.record as record
    join held on held.store_id = record.store_id
    semi join merged on merged.name_id = record.record_id
    where record.table_name = 'name'
    union all
    select joined."name_ID", opened.site, opened.again, opened.initialised, false
    from records.name_store_join as joined
    join opened on opened.store_id = joined."store_ID"
    where not coalesce(joined.inactive, false)
    union all
    select record.record_id, opened.site, opened.again, opened.initialised, false
    from collector.record as record
    join opened on opened.store_id = record.store_id
    where record.table_name = 'name'
    union all
    select party.name_id, fresh_store.site, fresh_store.again, fresh_store.initialised, false
    from fresh_store
    join party using (store_id)
    where fresh_store.level <> 'transfer'
)
select
    coalesce(merged.merged_into, told.name_id) as name_id, told.site,
    bool_or(told.again) as again, bool_or(told.initialised) as initialised,
    bool_or(told.whole) as whole
from told
left join collector.merged as merged
    on merged.table_name = 'name' and merged.record_id = told.name_id
where told.name_id is not null
group by all
