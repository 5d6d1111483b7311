-- description: One row per line that a rule decides on: of every site (`asking` 0) what this cycle changed, of one site what it newly asks for and lacks; `origin` is the site that made it.
-- load: working
select *, 0 as asking from changed where route <> 'central'
union all by name
from (from offered anti join has using (asking, cursor))
union all by name
select * exclude (again), 0 as origin from wanted where again
union all by name
select * exclude (again), 0 as origin from wanted_merge where again
