-- description: One row per candidate of this pass: its verdict, the first outcome that holds (rules O1-O6, O13, O14), and the store that owns its record.
-- load: more
with line as (
    select candidate.*, stored.record_kind as stored_kind, stored.store_id as stored_store,
        stored.cursor as stored_cursor, parent.record_id as parent_known,
        parent.store_id as parent_store, parent.record_kind as parent_kind,
        coalesce(party.record_kind in ('Patients and prescribers'), false) as party_patient
    from candidate as candidate
    left join known as stored
        on stored.table_name = candidate.table_name and stored.record_id = candidate.record_id
    left join (
        select distinct table_name, parent_table from kind where parent_table <> ''
    ) as owning on owning.table_name = candidate.table_name
    left join known as parent
        on parent.table_name = owning.parent_table and parent.record_id = candidate.parent_id
    left join known as party
        on party.table_name = 'name' and party.record_id = candidate.party_id
    where candidate.pass = getvariable('pass') and candidate.refusal is null
),
-- A delete or a merge names no kind: it is of the stored record's, or of what this cycle brings.
brought as (
    select
        upsert.table_name, upsert.record_id, any_value(upsert.is_patient) as is_patient,
        bool_or(upsert.owner_id is not null) as is_owned
    from candidate as upsert
    semi join (
        select table_name, record_id from candidate
        where action in ('delete', 'merge') and pass = getvariable('pass') and refusal is null
    ) as ended
        on ended.table_name = upsert.table_name and ended.record_id = upsert.record_id
    where upsert.action in ('insert', 'update') and upsert.refusal is null
    group by all
),
kinded as (
    select
        line.*, brought.record_id is not null as is_brought,
        kind_of(
            line.table_name,
            line.action = 'merge',
            coalesce(line.is_patient, brought.is_patient,
                line.stored_kind = 'Patients and prescribers', line.party_patient, false)
                or line.party_patient,
            coalesce(line.dispensed and line.party_patient, false)
                or coalesce(line.parent_kind, line.stored_kind, '') = 'Prescriptions',
            line.site = getvariable('central'),
            line.owner_id is not null or (
                line.action in ('delete', 'merge')
                and (line.stored_store is not null or coalesce(brought.is_owned, false))
            )
        ) as kind
    from line
    left join brought
        on brought.table_name = line.table_name and brought.record_id = line.record_id
),
-- The first active dispensary of a site, home of the patients it makes (rule O4).
dispensary as (
    select sync_id_remote_site as site, arg_min("ID", "code") as store_id
    from records.store
    where store_mode = 'dispensary' and not coalesce(disabled, false)
    group by all
),
owned as (
    select
        line.* exclude (store_id), kind.editable_at, kind.parent_table,
        case
            when kind.editable_at = 'home' and kind.parent_table = ''
                then coalesce(line.stored_store, line.owner_id, line.store_id)
            when kind.parent_table <> '' then
                case when line.parent_id is null then line.stored_store else line.parent_store end
            else coalesce(line.owner_id, line.stored_store)
        end as store_id
    from (
        select kinded.*, dispensary.store_id
        from kinded left join dispensary on dispensary.site = kinded.site
    ) as line
    join kind as kind on kind.kind = line.kind
),
placed as (
    select
        owned.*,
        -- The owner of a preference of procurement is a site's number (rule O12).
        case when owned.table_name = 'hub_preference' then try_cast(owned.store_id as double)
            else own.sync_id_remote_site end as store_site,
        case when owned.table_name = 'hub_preference' then try_cast(owned.stored_store as double)
            else former.sync_id_remote_site end as stored_site,
        coalesce(stored_kind.editable_at, owned.editable_at) as stored_editable_at
    from owned
    left join records.store as own on own."ID" = owned.store_id
    left join records.store as former on former."ID" = owned.stored_store
    left join (
        select record_kind, table_name, store_set, any_value(editable_at) as editable_at
        from kind group by all
    ) as stored_kind
        on stored_kind.record_kind = owned.stored_kind
        and stored_kind.table_name = owned.table_name
        and coalesce(stored_kind.store_set = (owned.stored_store is not null), true)
),
told as not materialized (
    select
        *,
        case
            when site not in (getvariable('central'), getvariable('primary'))
                and site not in (select site_ID from records.site) then 'unknown_site'
            when site in (select site_ID from records.site where disabled) then 'site_disabled'
            when editable_at = 'none' then 'local_only'
            when 'central' in (editable_at, stored_editable_at)
                and site <> getvariable('central') then 'central_only'
            when 'primary' in (editable_at, stored_editable_at)
                and site <> getvariable('primary') then 'primary_only'
            when action in ('delete', 'merge') and stored_cursor is null and not is_brought
                then 'deferred'
            when editable_at in ('store', 'home') and action not in ('delete', 'merge')
                and parent_table <> '' and parent_id is not null and parent_known is null
                then 'deferred'
            when editable_at in ('store', 'home') and store_id is not null and store_site is null
                then 'deferred'
            when stored_cursor > cursor then 'superseded'
            when editable_at not in ('store', 'home')
                and not (editable_at = 'primary' and stored_editable_at in ('store', 'home'))
                then 'accepted'
            when action in ('delete', 'merge') and stored_cursor is null then 'accepted'
            when store_id is null then 'not_owner'
            when store_site = site and coalesce(stored_site, site) = site then 'accepted'
            when (
                store_site <> site
                and (site, store_id) in (select (site, store_id) from collector.store_activity)
            ) or (
                stored_site <> site
                and (site, stored_store) in (select (site, store_id) from collector.store_activity)
            ) then 'store_inactive_here'
            else 'not_owner'
        end as outcome
    from placed
),
-- The versions of a record that its delete may follow: one that is refused or waits is none.
came as (
    select distinct table_name, record_id
    from told
    where is_brought and action in ('insert', 'update') and outcome = 'accepted'
),
decided as (
    select
        told.* exclude (outcome),
        case
            when told.outcome = 'accepted' and told.action in ('delete', 'merge')
                and told.stored_cursor is null and came.record_id is null then 'deferred'
            else told.outcome
        end as outcome
    from told
    left join came on came.table_name = told.table_name and came.record_id = told.record_id
)
select
    cursor, site, table_name, record_id, action, recalled, pass, digest, kind,
    case
        when outcome = 'not_owner' and 'home' in (editable_at, stored_editable_at)
            then 'not_home_site'
        else outcome
    end as outcome,
    case outcome
        when 'deferred' then case
            when action in ('delete', 'merge') then 'the record has not come'
            when parent_table <> '' and parent_known is null
                then 'its ' || parent_table || ' has not come'
            else 'its store is not known'
        end
        when 'not_owner' then case
            when store_id is null then 'the record names no store'
            when store_site <> site then 'its store is active at site ' || store_site::bigint
            else 'the record belongs to a store at site ' || coalesce(stored_site, 0)::bigint
        end
        when 'store_inactive_here' then 'its store is active at site '
            || (case when store_site <> site then store_site else stored_site end)::bigint
        when 'unknown_site' then 'site ' || site || ' is not set up'
        when 'site_disabled' then 'site ' || site || ' is disabled'
    end as detail,
    case
        when outcome <> 'deferred' then null
        when action in ('delete', 'merge') then table_name
        when parent_table <> '' and parent_known is null then parent_table
        else 'store'
    end as waits_table,
    case
        when outcome <> 'deferred' then null
        when action in ('delete', 'merge') then record_id
        when parent_table <> '' and parent_known is null then parent_id
        else store_id
    end as waits_record,
    store_id, parent_id, editable_at in ('store', 'home') as owned
from decided
