-- description: One row per line of a prescriber's data and site whose dispensary sees the prescriber (rule R6).
-- load: working
-- given: due
-- given: prescriber_seen
select due.cursor, due.origin, prescriber_seen.site, 'R6' as rule
from due
join prescriber_seen using (cursor, asking)
where due.route = 'prescriber'
