-- description: One row per name that stands for a store, as this cycle found it.
-- load: replace
-- scope: turned(name_id)
-- key: name_id
-- given: turned
select
    partner.name_id, partner.party_id, partner.store_id, partner.site, partner.makes_own,
    partner.is_disabled
from partner as partner
semi join turned as turned using (name_id)
