-- description: One row per patient that this pass's lines are about and site where it is visible in an active dispensary: by a join, in its home store, or by a join of the central's that this cycle brings (rule O4).
-- load: working
with asked as (
    select record_id as name_id from candidate
    where pass = getvariable('pass') and table_name = 'name'
    union all
    select party_id from candidate where pass = getvariable('pass')
    union all
    select parent_id from candidate where pass = getvariable('pass')
    union all
    select parent.parent_id from candidate
    join known as parent on parent.record_id = candidate.parent_id
    where candidate.pass = getvariable('pass')
),
dispensary as (
    select "ID" as store_id, sync_id_remote_site::integer as site
    from records.store
    where lower(store_mode) = 'dispensary' and not coalesce(disabled, false)
        and sync_id_remote_site is not null
)
select joined."name_ID" as name_id, dispensary.site
from records.name_store_join as joined
semi join asked on asked.name_id = joined."name_ID"
join dispensary on dispensary.store_id = joined."store_ID"
where not coalesce(joined.inactive, false)
union
select candidate.party_id, dispensary.site
from candidate
semi join asked on asked.name_id = candidate.party_id
join dispensary on dispensary.store_id = candidate.owner_id
where candidate.table_name = 'name_store_join' and candidate.site = getvariable('central')
    and candidate.refusal is null
union
select known.record_id, dispensary.site
from known
semi join asked on asked.name_id = known.record_id
join dispensary on dispensary.store_id = known.store_id
where known.table_name = 'name'
