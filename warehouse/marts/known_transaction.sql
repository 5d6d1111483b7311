-- description: One row per touched transaction that was there before, and may have movements.
-- load: working
-- given: touched_transaction
select transaction_id from touched_transaction where is_known
