-- description: One row per site and day on which its queue changed: how many records it was owed after the day's last cycle; until the next such day it was owed as many.
-- load: replace
-- scope: touched_queue(site, day)
-- key: site, day
-- given: touched_queue
select length.site, length.day, length.length
from warehouse.outbox.length as length
semi join touched_queue using (site, day)
