-- description: One row per store and item whose use is worked out again: units used in the 91 days up to today.
-- load: view
select touched_held.store_key, touched_held.item_key, sum(ledger.issued) as quantity
from marts.ledger as ledger
join touched_held using (store_id, item_id)
where ledger.day > getvariable('today') - 91 and ledger.day <= getvariable('today')
group by all
