-- description: One row per line of a patient's data and site where the patient is visible in an active or collector store (rule R5).
-- load: working
-- given: about
-- given: due
select due.cursor, due.origin, name_seen.site, 'R5' as rule
from due
join about using (cursor)
join name_seen using (name_id, asking)
where due.route = 'patient'
