-- description: One row per store and site other than its own that holds something of it: a transfer or a collector copy.
select distinct
    copy."store_ID" as store_id, copy."site_ID"::integer as site, copy.sync_type
from warehouse.records.store_site as copy
where copy.sync_type in ('transfer', 'collector') and copy."site_ID" is not null
order by site, store_id
