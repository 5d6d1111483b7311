-- description: One row per visible join of a store's name (rule R3): the store shown, the store it is shown in.
-- load: replace
-- scope: touched_join(join_id)
-- key: join_id
-- given: touched_join
select joined."ID" as join_id, party.store_id, joined."store_ID" as viewer_id
from records.name_store_join as joined
join party on party.name_id = joined."name_ID"
semi join touched_join on touched_join.join_id = joined."ID"
where not coalesce(joined.inactive, false)
