-- description: One row per transaction that a confirmed or finalised reversal gives back.
select distinct "linked_transaction_id" as transaction_id
from warehouse.records.transact
where is_cancellation and "linked_transaction_id" <> '' and lower("status") in ('cn', 'fn')
    and coalesce(confirm_date, finalised_date) is not null
