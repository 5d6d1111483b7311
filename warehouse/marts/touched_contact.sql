-- description: One row per site in contact since the marts were last made; 0 is whoever was nobody's.
-- load: working
select distinct coalesce(site, 0) as site
from warehouse.landing.contact
where cycle > getvariable('since')
