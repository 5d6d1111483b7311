-- description: One row per site that acknowledges in this cycle: how far it then is, in its queue and in the central log; never back, never beyond what was published before.
-- load: working
-- key: site
-- given: request
with told as (
    select
        try_cast(json_extract_string(request.value, '$.acknowledge.site') as integer) as site,
        try_cast(json_extract_string(request.value, '$.acknowledge.sequence') as bigint)
            as sequence,
        try_cast(json_extract_string(request.value, '$.acknowledge.central') as bigint)
            as central_id
    from request
)
select
    told.site,
    greatest(
        coalesce(any_value(before.sequence), 0),
        least(coalesce(max(told.sequence), 0), coalesce(any_value(head.last), 0))
    ) as sequence,
    greatest(
        coalesce(any_value(before.central_id), 0),
        least(
            coalesce(max(told.central_id), 0),
            coalesce((select last from outbox.head where site = 0), 0)
        )
    ) as central_id
from told
left join outbox.acknowledged as before using (site)
left join outbox.head as head using (site)
where told.site in (select site_ID::integer from records.site)
group by told.site
