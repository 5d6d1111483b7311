-- description: A site of which lines are in quarantine; told again whenever their number doubles.
with refused as (
    select site, reason, count(*) as lines
    from marts.quarantine
    where reason <> 'deferred'
    group by all
)
select
    site::varchar as key, floor(log2(sum(lines)))::varchar as state,
    'Of site ' || site || coalesce(', ' || any_value(site_name) || ',', '') || ' '
        || format('{:,}', sum(lines)::bigint)
        || case when sum(lines) = 1 then ' line is' else ' lines are' end
        || ' in quarantine, most as ' || replace(arg_max(reason, lines), '_', ' ') || '.' as text
from refused
left join site using (site)
group by site
order by site
