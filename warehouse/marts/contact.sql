-- description: One row per contact of late over HTTP: when, what, how many records, with what software, what went wrong; the newest 200 of each site, 0 for whoever was nobody's.
-- load: replace
-- scope: touched_contact(site)
-- given: touched_contact
select
    coalesce(contact.site, 0) as site, contact.called_at, contact.what, contact.records, contact.seconds,
    contact.app_name, contact.app_version, contact.version, contact.address, contact.error
from warehouse.landing.contact as contact
semi join touched_contact as touched on touched.site = coalesce(contact.site, 0)
qualify row_number() over (
    partition by coalesce(contact.site, 0) order by contact.called_at desc, contact.id desc
) <= 200
