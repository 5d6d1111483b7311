-- description: One row per name that has become a store's since the last cycle, is no more, or whose store, site or merge changed; `party_id` is the name it is now.
-- load: working
-- key: name_id
with differing as (
    (from partner except from transfers.known_partner)
    union all
    (from transfers.known_partner except from partner)
)
select distinct differing.name_id, partner.party_id
from differing
left join partner as partner using (name_id)
