-- description: One row per site's table: how many records the site is owed (records with --site).
select table_name as "table", sum(queued)::bigint as queued
from marts.queue
semi join site using (site)
group by table_name
order by "table"
