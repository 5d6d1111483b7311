-- description: One row per candidate of this pass: its verdict, the first outcome that holds (rules O1-O6, O8-O14, G1-G3, P3), and the store that owns its record.
-- load: more
-- joins: as written
-- What a pass has none of is not joined: the variables say so (judging.py), and DuckDB then leaves
-- the join out.
with mine as (
    select distinct table_name from candidate where pass = getvariable('pass')
),
-- What is joined is first cut down to what can be met: to build a hash table costs more than to scan.
stored as (
    select known.* from known semi join mine on mine.table_name = known.table_name
),
kept as (
    select known.* from known
    semi join (
        select table_name, kept_id from candidate
        where pass = getvariable('pass')
    ) as merge on merge.table_name = known.table_name and merge.kept_id = known.record_id
),
owning as (
    select distinct mine.table_name, kind.parent_table
    from mine join kind as kind on kind.table_name = mine.table_name
    where kind.parent_table <> ''
),
parent as (
    select known.* from known semi join owning on owning.parent_table = known.table_name
),
line as (
    select candidate.*, stored.record_kind as stored_kind, stored.store_id as stored_store,
        stored.cursor as stored_cursor, kept.cursor as kept_cursor, kept.store_id as kept_store,
        kept.record_kind as kept_kind,
        parent.record_id as parent_known, parent.store_id as parent_store,
        parent.record_kind as parent_kind, party.cursor as party_cursor,
        coalesce(party.record_kind in ('Patients and prescribers'), false) as party_patient,
        -- Whom patient data are about: the record, its party, its parent or that one's parent.
        case
            when candidate.table_name in ('name', 'clinician') then candidate.record_id
            else coalesce(candidate.party_id, parent.parent_id, candidate.parent_id)
        end as patient_id
    from candidate as candidate
    left join stored
        on stored.table_name = candidate.table_name and stored.record_id = candidate.record_id
    left join kept
        on getvariable('merging') and kept.table_name = candidate.table_name
        and kept.record_id = candidate.kept_id
    left join owning
        on getvariable('owning') and owning.table_name = candidate.table_name
    left join parent
        on getvariable('owning') and parent.table_name = owning.parent_table
        and parent.record_id = candidate.parent_id
    left join known as party
        on getvariable('partying') and party.table_name = 'name'
        and party.record_id = candidate.party_id
    where candidate.pass = getvariable('pass') and candidate.refusal is null
),
-- A delete names no kind: it is of the stored record's, or of what this cycle brings.
brought as (
    select
        upsert.table_name, upsert.record_id, any_value(upsert.is_patient) as is_patient,
        bool_or(upsert.owner_id is not null) as is_owned,
        coalesce(bool_or(party.record_kind = 'Patients and prescribers'), false) as party_patient
    from candidate as upsert
    left join known as party
        on party.table_name = 'name' and party.record_id = upsert.party_id
    semi join (
        select table_name, record_id from candidate
        where action = 'delete' and pass = getvariable('pass') and refusal is null
    ) as ended
        on ended.table_name = upsert.table_name and ended.record_id = upsert.record_id
    where upsert.action in ('insert', 'update') and upsert.refusal is null
    group by all
),
kinded as (
    select
        line.*, brought.record_id is not null as is_brought, preferred.table_name is not null
            as by_preference,
        kind_of(
            line.table_name,
            line.action = 'merge',
            coalesce(line.is_patient, brought.is_patient,
                coalesce(line.stored_kind, line.kept_kind) = 'Patients and prescribers',
                false)
                or line.party_patient or coalesce(brought.party_patient, false),
            coalesce(line.dispensed and line.party_patient, false)
                or coalesce(line.parent_kind, line.stored_kind) is not distinct from 'Prescriptions',
            line.site = getvariable('central'),
            line.owner_id is not null or (
                line.action = 'delete'
                and (line.stored_store is not null or coalesce(brought.is_owned, false))
            ),
            coalesce(ordering.centralised_procurement, false),
            coalesce(ordering.centralised_payments, false),
            coalesce(ordering.supervisor_ordering, false)
        ) as kind
    from line
    left join brought
        on getvariable('deleting') and line.action = 'delete'
        and brought.table_name = line.table_name and brought.record_id = line.record_id
    -- Which preferences of procurement are in force at the site of the record's store (rule O12).
    left join (
        select distinct table_name from kind where by_preference
    ) as preferred on getvariable('preferring') and preferred.table_name = line.table_name
    left join ordering on getvariable('preferring') and ordering.store_id = case
        when preferred.table_name is not null
            then coalesce(line.owner_id, line.parent_store, line.stored_store)
    end
),
owned as (
    select
        kinded.*, kind.editable_at, kind.parent_table, kind.by_party,
        kind.record_kind in ('Prescriptions') and kinded.table_name = 'transact' as is_prescription,
        kind.record_kind in ('Repeats') as is_repeat,
        case
            when kind.editable_at = 'home' and kind.parent_table = '' then case
                when kinded.made then coalesce(kinded.owner_id, kinded.stored_store)
                else coalesce(kinded.stored_store, kinded.owner_id, home.store_id)
            end
            when kind.parent_table <> '' then case
                when kinded.parent_id is null then kinded.stored_store else kinded.parent_store
            end
            else coalesce(kinded.owner_id, kinded.stored_store)
        end as store_id
    from kinded
    join kind as kind on kind.kind = kinded.kind
    left join home
        on getvariable('homing') and home.site = kinded.site and home.table_name = kinded.table_name
        and home.record_id = kinded.record_id
),
moving as (
    select distinct record_id from changing_home
),
placed as (
    select
        owned.*,
        -- The owner of a preference of procurement is a site's number (rule O12).
        case when owned.table_name = 'hub_preference' then try_cast(owned.store_id as double)
            else own.sync_id_remote_site end as store_site,
        case when owned.table_name = 'hub_preference' then try_cast(owned.stored_store as double)
            else former.sync_id_remote_site end as stored_site,
        merging.sync_id_remote_site as kept_site,
        patient.record_id is not null as patient_changes_home,
        other.record_id is not null as kept_changes_home, seen.site is not null as is_seen,
        named.sync_id_remote_site as named_site,
        -- Who may edit it depends on whether its name is a patient, and that is not known yet.
        owned.by_party and owned.party_id is not null and owned.party_cursor is null
            and owned.stored_cursor is null and owned.site <> getvariable('central') as lacks_party,
        owned.editable_at in ('store', 'home') and owned.parent_table <> ''
            and owned.parent_id is not null and owned.parent_known is null as lacks_parent,
        -- Whether it names another site's store as its home is not known yet.
        owned.editable_at = 'home' and owned.owner_id <> owned.stored_store
            and named.sync_id_remote_site is null as lacks_home,
        case when owned.by_preference then owned.editable_at
            else coalesce(stored_kind.editable_at, owned.editable_at) end as stored_editable_at
    from owned
    left join records.store as own on own."ID" = owned.store_id
    left join records.store as former on former."ID" = owned.stored_store
    left join records.store as merging
        on getvariable('merging') and merging."ID" = owned.kept_store
    -- The home that a patient or prescriber who has one names all the same.
    left join records.store as named on getvariable('homing') and named."ID" = case
        when owned.editable_at = 'home' and owned.owner_id <> owned.stored_store
            then owned.owner_id
    end
    left join (
        select record_kind, table_name, has.store, any_value(editable_at) as editable_at
        from kind, (values (true), (false)) as has (store)
        where coalesce(store_set = has.store, true)
        group by all
    ) as stored_kind
        on stored_kind.record_kind = owned.stored_kind
        and stored_kind.table_name = owned.table_name
        and stored_kind.store = (owned.stored_store is not null)
    left join moving as patient
        on getvariable('homing') and patient.record_id = owned.patient_id
    left join moving as other
        on getvariable('homing') and getvariable('merging') and other.record_id = owned.kept_id
    left join (select distinct name_id, site from sees) as seen
        on getvariable('seeing') and seen.name_id = owned.patient_id and seen.site = owned.site
),
-- Who may edit a record of a table, whatever it turns out to be.
edited as (
    select table_name, list(distinct editable_at) as editors from kind group by table_name
),
told as (
    select
        placed.*,
        case
            when made then 'accepted'
            when site not in (getvariable('central'), getvariable('primary'))
                and site not in (select site_ID from records.site) then 'unknown_site'
            when site in (select site_ID from records.site where disabled) then 'site_disabled'
            when editable_at = 'none' then 'local_only'
            -- Who may delete what was never seen depends on what it will turn out to be.
            when action = 'delete' and stored_cursor is null and not is_brought
                and list_has_any(edited.editors, [
                    'store', 'home', 'any',
                    case site when getvariable('central') then 'central' end,
                    case site when getvariable('primary') then 'primary' end
                ]) then 'deferred'
            when action = 'merge' and placed.table_name = 'name' and site <> getvariable('primary')
                and stored_cursor is null and kept_cursor is null then 'deferred'
            when lacks_party then 'deferred'
            when 'central' in (editable_at, stored_editable_at)
                and site <> getvariable('central') then 'central_only'
            when 'primary' in (editable_at, stored_editable_at)
                and site <> getvariable('primary') then 'primary_only'
            when action = 'merge' and (stored_cursor is null or kept_cursor is null)
                then 'deferred'
            when lacks_parent then 'deferred'
            when editable_at in ('store', 'home') and store_id is not null and store_site is null
                then 'deferred'
            when lacks_home then 'deferred'
            when stored_cursor > cursor and action <> 'merge' then 'superseded'
            when editable_at not in ('store', 'home')
                and not (editable_at = 'primary' and stored_editable_at in ('store', 'home'))
                then 'accepted'
            when action = 'delete' and stored_cursor is null then 'accepted'
            when store_id is null then 'not_owner'
            when editable_at = 'home' and (
                (
                    patient_changes_home
                    and (patient_id <> record_id or stored_cursor is not null)
                )
                or kept_changes_home
            ) then 'not_home_site'
            when named_site <> site then 'not_home_site'
            when editable_at = 'home' and action = 'merge'
                and kept_store is distinct from stored_store then 'different_home_stores'
            when action = 'merge' and kept_site is distinct from site then 'not_owner'
            when (
                (is_repeat and getvariable('repeats_everywhere'))
                or (
                    editable_at = 'home' and stored_editable_at = 'home'
                    and getvariable('patients_edited_where_visible')
                )
            ) and is_seen then 'accepted'
            when store_site = site and coalesce(stored_site, site) = site then case
                when is_prescription and stored_cursor is null and not is_seen then 'not_home_site'
                else 'accepted'
            end
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
    left join edited
        on getvariable('deleting') and edited.table_name = case
            when placed.action = 'delete' then placed.table_name
        end
),
decided as (
    select
        told.*,
        -- What a deferred line waits for.
        case
            when told.outcome <> 'deferred' then null
            when told.action in ('delete', 'merge') then told.table_name
            when told.lacks_party then 'name'
            when told.lacks_parent then told.parent_table
            else 'store'
        end as awaited_table,
        case
            when told.action = 'delete' or told.action = 'merge' and told.stored_cursor is null
                then told.record_id
            when told.action = 'merge' then told.kept_id
            when told.lacks_party then told.party_id
            when told.lacks_parent then told.parent_id
            when told.lacks_home then told.owner_id
            else told.store_id
        end as awaited_record
    from told
)
select
    cursor, site, table_name, record_id, kept_id, action, made, recalled, pass, digest, kind,
    case
        when outcome = 'not_owner' and 'home' in (editable_at, stored_editable_at)
            then 'not_home_site'
        else outcome
    end as outcome,
    case outcome
        when 'deferred' then case
            when action = 'delete' then 'the record has not come'
            when action = 'merge' then 'the records to merge have not come'
            when awaited_table = 'store' then 'its store is not known'
            else 'its ' || awaited_table || ' has not come'
        end
        when 'not_home_site' then case
            when is_prescription then 'the patient is not visible in a dispensary of the site'
            when named_site <> site then 'the home store it names is active at site '
                || named_site::bigint
            else 'its home store is being changed'
        end
        when 'different_home_stores' then 'the home stores are ' || coalesce(kept_store, 'unknown')
            || ' and ' || coalesce(stored_store, 'unknown')
        when 'not_owner' then case
            when store_id is null then 'the record names no store'
            when store_site <> site then 'its store is active at site ' || store_site::bigint
            when action = 'merge' then 'the record to keep belongs to another site'
            else 'the record belongs to a store at site ' || coalesce(stored_site, 0)::bigint
        end
        when 'store_inactive_here' then 'its store is active at site '
            || (case when store_site <> site then store_site else stored_site end)::bigint
        when 'unknown_site' then 'site ' || site || ' is not set up'
        when 'site_disabled' then 'site ' || site || ' is disabled'
    end as detail,
    case when outcome = 'deferred' then awaited_table end as waits_table,
    case when outcome = 'deferred' then awaited_record end as waits_record,
    store_id, parent_id, editable_at in ('store', 'home') as owned
from decided
