-- description: One row per cycle: its clock (UTC) and what it counted.
-- key: cycle
select
    cycle.cycle, cycle.clock,
    coalesce(max(tally.value) filter (tally.measure = 'segments'), 0)::bigint as segments,
    coalesce(max(tally.value) filter (tally.measure = 'changes'), 0)::bigint as changes,
    coalesce(max(tally.value) filter (tally.measure = 'accepted'), 0)::bigint as accepted,
    coalesce(max(tally.value) filter (tally.measure = 'deferred'), 0)::bigint as deferred,
    coalesce(max(tally.value) filter (tally.measure = 'quarantined'), 0)::bigint as quarantined,
    coalesce(max(tally.value) filter (tally.measure = 'routed'), 0)::bigint as routed
from warehouse.landing.cycle as cycle
left join warehouse.landing.tally as tally using (cycle)
group by cycle.cycle, cycle.clock
order by cycle.cycle
