-- description: One row per line that a rule decides on: of every site (`asking` 0) what this cycle changed, of one site what it newly asks for and lacks; `origin` is the site that made it.
-- load: working
-- given: changed, offered, wanted, wanted_merge
with own as (
    -- Of what it made itself, a site that was ahead of a restored hub may hold newer (rule I5).
    select wanted.asking, wanted.cursor
    from wanted
    join landing.change as change on change.cursor = wanted.newest
    where wanted.again and change.site = wanted.asking and wanted.asking in (from spared)
)
select *, 0 as asking from changed where route <> 'central'
union all by name
select * from (from offered anti join has using (asking, cursor))
union all by name
select * exclude (again), 0 as origin from wanted anti join own using (asking, cursor) where again
union all by name
select * exclude (again), 0 as origin from wanted_merge where again
