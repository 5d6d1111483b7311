-- description: One row per queue: the last number that was ever given in it; site 0 is the central log.
-- load: working
-- key: site
select site, max(last) as last
from (
    select site, last from outbox.file
    union all
    select site, last from outbox.mark
    union all
    select site, last from marked
)
group by site
