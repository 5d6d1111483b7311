-- description: One row per prescriber and site whose dispensary sees it for the first time, maybe, or that is initialised (rules R6, R13, I1, P4).
-- load: working
-- key: clinician_id, site
with merged as (
    select distinct merged_into as clinician_id
    from collector.merged
    where table_name = 'clinician' and cycle = getvariable('cycle')
),
dispensary as (
    select store_id, site from routing.store_at where level = 'active' and dispensary
),
-- A store that is newly active, or newly a dispensary, opens its site to all its prescribers.
opened as (
    select store_id, site, again, initialised
    from fresh_store where level = 'active' and dispensary
    union all
    select store_id, site, false, false
    from dispensary
    anti join was_at as was
        on was.store_id = dispensary.store_id and was.site = dispensary.site and was.dispensary
    where store_id in (from touched_store) and site not in (from initialised)
),
shown as not materialized (
    select "prescriber_ID" as clinician_id, "store_ID" as store_id, "ID" as record_id
    from records.clinician_store_join
),
prescribed as not materialized (
    select "prescriber_ID" as clinician_id, "store_ID" as store_id, "ID" as record_id
    from records.transact
    where "prescriber_ID" <> ''
),
home as not materialized (
    select record_id as clinician_id, store_id
    from collector.record
    where table_name = 'clinician' and not deleted
),
seen as (
    select clinician_id, store_id from shown
    semi join (from touched where table_name = 'clinician_store_join') as touched using (record_id)
    union all
    select clinician_id, store_id from prescribed
    semi join (from touched where table_name = 'transact') as touched using (record_id)
    union all
    -- Only the hub changes a home store (rule P4); what shows a prescriber may have come before it.
    select touched.record_id, touched.store_id
    from touched
    join landing.change as change using (cursor)
    where touched.table_name = 'clinician'
        and (change.site = getvariable('central') or touched.is_new)
    union all
    select clinician_id, store_id from shown semi join merged using (clinician_id)
    union all
    select clinician_id, store_id from prescribed semi join merged using (clinician_id)
    union all
    select clinician_id, store_id from home semi join merged using (clinician_id)
),
told as (
    select seen.clinician_id, dispensary.site, false as again, false as initialised
    from seen
    join dispensary using (store_id)
    union all
    select shown.clinician_id, opened.site, opened.again, opened.initialised
    from shown join opened using (store_id)
    union all
    select prescribed.clinician_id, opened.site, opened.again, opened.initialised
    from prescribed join opened using (store_id)
    union all
    select home.clinician_id, opened.site, opened.again, opened.initialised
    from home join opened using (store_id)
)
select
    coalesce(merged.merged_into, told.clinician_id) as clinician_id, told.site,
    bool_or(told.again) as again, bool_or(told.initialised) as initialised
from told
left join collector.merged as merged
    on merged.table_name = 'clinician' and merged.record_id = told.clinician_id
where told.clinician_id is not null
group by all
