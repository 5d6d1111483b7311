-- description: One row per store and item whose ledger changes because movements of it did.
-- load: working
-- given: known_transaction
select distinct store_id, item_id
from marts.movement
where transaction_id in (from known_transaction)
