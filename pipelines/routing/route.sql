-- description: One row per line and site whose queue it enters: never the site that made it, a disabled one, or the hub itself (rule R11); and one row `reset` per queue that begins anew (I1).
-- key: site, cursor, action
-- given: due, initialised
with told as (
    from central_dispensary
    union all by name from central_store
    union all by name from store
    union all by name from patient
    union all by name from prescription
    union all by name from prescriber
    union all by name from name
    union all by name from message
    union all by name from merge
    union all by name from deleted
    union all by name from transfer
    union all by name from introduced
),
owed as (
    select told.cursor, told.site, min(told.rule) as rule
    from told
    semi join open_site using (site)
    where told.site <> told.origin
    group by told.cursor, told.site
),
line as (
    select distinct on (cursor) cursor, table_name, record_id, action, depth from due
)
select line.*, owed.site, owed.rule
from owed
join line using (cursor)
-- A site that begins anew has nothing to delete.
where line.action <> 'delete' or owed.site not in (from initialised)
union all by name
select 'reset' as action, site, 'I1' as rule from initialised
