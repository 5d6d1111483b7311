-- description: One row per record that this pass's accepted lines touch: its newest version after them, and whether that differs (rule O14).
-- load: more
-- joins: as written
with taken as not materialized (
    select * from judged
    where pass = getvariable('pass') and outcome = 'accepted' and action <> 'merge'
),
stored as (
    select known.* from known
    semi join (
        select distinct table_name from candidate where pass = getvariable('pass')
    ) as mine on mine.table_name = known.table_name
),
-- Few records have more than one line in a cycle, or a delete; only they need what follows. As a rule
-- there are none, as the variable says.
line as (
    select
        taken.*, stored.first as stored_first, stored.cursor as stored_cursor,
        stored.version as stored_version,
        stored.digest as stored_digest, stored.deleted as stored_deleted,
        stored.store_id as stored_store, stored.parent_id as stored_parent,
        stored.cycle as stored_cycle
    from taken
    semi join several on several.hash = hash(taken.table_name, taken.record_id)
    left join stored
        on stored.table_name = taken.table_name and stored.record_id = taken.record_id
    where getvariable('several')
),
-- A delete that came before its record was ever seen takes effect right after the first version.
first_version as (
    select table_name, record_id, min(cursor) as cursor
    from line
    where stored_cursor is null and action <> 'delete'
    group by all
),
removed as (
    select
        line.table_name, line.record_id,
        max(greatest(2 * line.cursor, 2 * first_version.cursor + 1)) as place
    from line
    left join first_version
        on first_version.table_name = line.table_name
        and first_version.record_id = line.record_id
    where line.action = 'delete'
    group by all
),
removed_version as (
    select line.table_name, line.record_id, arg_max(line.digest, line.cursor) as digest
    from line
    join removed on removed.table_name = line.table_name and removed.record_id = line.record_id
    where line.action <> 'delete' and 2 * line.cursor < removed.place
    group by all
),
placed as (
    select
        line.*, removed.place,
        coalesce(removed_version.digest, line.stored_digest) as removed_digest
    from line
    left join removed
        on removed.table_name = line.table_name and removed.record_id = line.record_id
    left join removed_version
        on removed_version.table_name = line.table_name
        and removed_version.record_id = line.record_id
),
-- A line that repeats the one before it changes nothing: the version is the first that says it.
turned as (
    select
        *, action <> 'delete' and digest is distinct from lag(digest) over (
            partition by table_name, record_id, action = 'delete' order by cursor
        ) as turns
    from placed
),
newest as (
    select
        table_name, record_id,
        min(cursor) as first, max(cursor) as cursor,
        max(cursor) filter (turns) as version,
        arg_max(digest, cursor) filter (action <> 'delete') as digest,
        arg_max(store_id, cursor) as store_id,
        arg_max(parent_id, cursor) as parent_id,
        arg_max(kind, cursor) as kind,
        -- Two sites bring the same new record in one cycle: see contested in judging.py.
        any_value(stored_cursor) is null and bool_or(owned) and min(site) <> max(site) as contested,
        any_value(place) is not null as is_removed,
        bool_or(2 * cursor > coalesce(place, 0) and digest is distinct from removed_digest)
            as is_new,
        any_value(stored_first) as stored_first, any_value(stored_cursor) as stored_cursor,
        any_value(stored_version) as stored_version,
        any_value(stored_digest) as stored_digest,
        any_value(stored_deleted) as stored_deleted,
        any_value(stored_store) as stored_store,
        any_value(stored_parent) as stored_parent,
        any_value(stored_cycle) as stored_cycle
    from turned
    group by all
),
single as (
    select
        taken.table_name, taken.record_id, taken.cursor as first, taken.cursor,
        taken.cursor as version, taken.digest,
        taken.store_id, taken.parent_id, taken.kind, false as contested, false as is_removed,
        taken.digest is distinct from stored.digest as is_new, stored.first as stored_first,
        stored.cursor as stored_cursor,
        stored.version as stored_version, stored.digest as stored_digest,
        stored.deleted as stored_deleted, stored.store_id as stored_store,
        stored.parent_id as stored_parent, stored.cycle as stored_cycle
    from taken
    anti join several on several.hash = hash(taken.table_name, taken.record_id)
    left join stored
        on stored.table_name = taken.table_name and stored.record_id = taken.record_id
),
told as (
    select
        newest.*, kind.record_kind,
        (newest.is_removed or newest.stored_deleted) and not newest.is_new as deleted
    from (from newest union all by name from single) as newest
    join kind as kind on kind.kind = newest.kind
)
select
    table_name, record_id, record_kind,
    least(first, stored_first) as first,
    greatest(cursor, stored_cursor) as cursor,
    case
        when digest is distinct from stored_digest then coalesce(version, stored_version)
        else coalesce(stored_version, version)
    end as version,
    coalesce(digest, stored_digest) as digest,
    deleted,
    coalesce(case when deleted then stored_store end, store_id, stored_store) as store_id,
    coalesce(parent_id, stored_parent) as parent_id,
    case
        when stored_cursor is null and not deleted then true
        when stored_cursor is null then false
        else deleted <> stored_deleted
            or (not deleted and digest is not null and digest is distinct from stored_digest)
    end as changed,
    case when changed then getvariable('cycle')::bigint else coalesce(stored_cycle, 0) end as cycle,
    stored_cursor is not null as existed,
    contested, stored_store, getvariable('pass') as pass
from told
