-- description: One row per month, store and item with use: what customer invoices took, reversals taken back, in units.
select
    strftime(ledger.day, '%Y-%m') as month, store.store_code, item.item_code,
    round(sum(ledger.issued), 6) as quantity
from marts.ledger as ledger
join store using (store_id)
join item using (item_id)
where ledger.day between getvariable('from') and getvariable('to')
    and ledger.day <= getvariable('as_of')
group by strftime(ledger.day, '%Y-%m'), store.store_code, item.item_code, store_id, item_id
having round(sum(ledger.issued), 6) <> 0
order by month, store.store_code, item.item_code, store_id, item_id
