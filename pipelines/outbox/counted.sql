-- description: One row per site whose queue this cycle added to, began anew or has acknowledged, and its day; the first time, of every queue.
-- load: working
-- key: site
with concerned as (
    select site from queued
    union
    select site from reached
    union
    select site from outbox.head where site <> 0 and not exists (from outbox.length)
)
select site, getvariable('today')::date as day from concerned
