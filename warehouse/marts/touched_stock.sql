-- description: One row per store and item whose ledger changes because movements of it did.
-- load: working
-- given: touched_transaction
select distinct store_id, item_id
from marts.movement
where transaction_id in (select transaction_id from touched_transaction)
