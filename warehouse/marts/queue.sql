-- description: One row per site and table: how many records the site is owed (rule R12).
-- key: site, table_name
select site, table_name, count(*) as queued
from warehouse.outbox.owed
group by site, table_name
order by site, table_name
