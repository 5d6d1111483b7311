-- description: One row per line that one site newly asks for and did not make itself.
-- load: working
-- given: wanted, wanted_merge
with line as not materialized (
    from (from wanted where not again)
    union all by name
    from (from wanted_merge where not again)
)
select line.* exclude (again), change.site as origin
from line
join landing.change as change on change.cursor = line.cursor
where change.site <> line.asking
