-- description: One row per initiating half of a transfer between two stores: what became of it, how long it took, units sent and received.
select
    transfer.kind, coalesce(sender.store_code, '') as from_store,
    coalesce(receiver.store_code, '') as to_store, transfer.number, transfer.status,
    transfer.outcome, transfer.initiated, transfer.received,
    datediff('day', transfer.initiated, transfer.received) as days, transfer.lines,
    round(transfer.quantity_sent, 6) as quantity_sent,
    round(transfer.quantity_received, 6) as quantity_received
from marts.transfer as transfer
left join marts.store as sender on sender.store_id = transfer.from_store
left join marts.store as receiver on receiver.store_id = transfer.to_store
where (
        transfer.from_store in (select store_id from store)
        or transfer.to_store in (select store_id from store)
    )
    and transfer.initiated between getvariable('from') and getvariable('to')
    and transfer.initiated <= getvariable('as_of')
order by transfer.initiated, transfer.kind, from_store, to_store, transfer.number,
    transfer.initiating_id
