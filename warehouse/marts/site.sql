-- description: One row per site: its contacts and how much it is owed.
-- key: site
with queued as (
    select site, count(*) as queue_length
    from warehouse.outbox.owed as owed
    left join warehouse.outbox.acknowledged as done using (site)
    where owed.sequence > coalesce(done.sequence, 0)
    group by site
)
select
    site."ID" as site_id, site."site_ID"::integer as site, coalesce(site.name, '') as site_name,
    site.kind,
    coalesce(site.transfers, case when site.kind = 'open_msupply' then 'site' else 'central' end)
        as transfers,
    coalesce(site.disabled, false) as disabled,
    site."site_ID" = getvariable('central') as is_central,
    contact.first_contact, contact.last_contact, contact.last_accepted,
    coalesce(queued.queue_length, 0) as queue_length
from warehouse.records.site as site
left join warehouse.collector.contact as contact on contact.site = site."site_ID"
left join queued on queued.site = site."site_ID"
where site."site_ID" is not null
-- A number that was given twice is the first record's.
qualify row_number() over (partition by site."site_ID" order by site."ID") = 1
order by site
