-- description: One row per line that a rule decides on: of every site (`asking` 0) what this cycle changed, of one site what it newly asks for and lacks; `origin` is the site that made it.
-- load: working
with made as (
    select wanted.*, change.site as origin
    from wanted
    join landing.change as change on change.cursor = wanted.newest
    where not wanted.again and change.site <> wanted.asking
),
-- Of what it made itself, a site that was ahead of a restored hub may hold newer (rule I5).
own as (
    select wanted.asking, wanted.cursor
    from wanted
    join landing.change as change on change.cursor = wanted.newest
    where wanted.again and change.site = wanted.asking and wanted.asking in (from spared)
),
has as (
    select owed.site as asking, owed.cursor
    from outbox.owed as owed
    join made
        on made.asking = owed.site and made.table_name = owed.table_name
        and made.record_id = owed.record_id and (made.action = 'merge') = owed.merge
        and made.cursor = owed.cursor
)
select *, 0 as asking from changed where route <> 'central'
union all by name
select * exclude (again) from made anti join has using (asking, cursor)
union all by name
select * exclude (again), 0 as origin from wanted anti join own using (asking, cursor) where again
