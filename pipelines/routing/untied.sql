-- description: One row per tie between stores as it was before this cycle, where it may have changed.
-- load: working
-- given: touched_join
select tie.store_id, tie.viewer_id
from routing.tie as tie
semi join touched_join on touched_join.join_id = tie.join_id
