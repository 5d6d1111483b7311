-- description: One row per transfer that this cycle changed, as it stands now.
-- load: working
-- key: initiating_table, initiating_id
with stood as (
    select transfer.*
    from transfers.transfer as transfer
    where (transfer.initiating_table, transfer.initiating_id) in (
            select (table_name, record_id) from decided
            union all select (initiating_table, initiating_id) from gone
        )
        or transfer.initiating_id in (select initiating_id from answer)
        or transfer.responding_id in (select responding_id from answer)
),
now as (
    select
        coalesce(stood.initiating_table, half.table_name) as initiating_table,
        coalesce(stood.initiating_id, half.record_id) as initiating_id,
        -- What has been decided for good keeps its kind and its stores.
        stood.responding_id is null and half.record_id is not null as is_open,
        case when is_open then half.kind else stood.kind end as kind,
        case when is_open then half.responding_table else stood.responding_table end as responding_table,
        case when is_open then half.from_store else stood.from_store end as from_store,
        case when is_open then half.from_site else stood.from_site end as from_site,
        case when is_open then half.to_store else stood.to_store end as to_store,
        case when is_open then half.to_site else stood.to_site end as to_site,
        coalesce(half.outcome, stood.outcome) as outcome,
        coalesce(half.is_new, false) as is_new, half.responding_id as new_id,
        stood.responding_id, stood.made_by, coalesce(half.number, stood.number) as number,
        coalesce(half.status, stood.status) as status, half.is_due, stood.initiated, stood.made,
        stood.received, stood.version
    from stood
    full join decided as half
        on half.table_name = stood.initiating_table and half.record_id = stood.initiating_id
),
-- The first record that a site made itself for the store that should.
own as (
    select
        now.initiating_table, now.initiating_id,
        arg_min(answer.responding_id, answer.responding_id) as responding_id
    from now
    join answer as answer
        on answer.initiating_id = now.initiating_id
        and answer.responding_table = now.responding_table and answer.store_id = now.to_store
    where now.responding_id is null and not now.is_new
    group by all
),
landed as (
    select record.table_name, record.record_id, record.version
    from collector.record as record
    semi join made as made
        on made.table_name = record.table_name and made.record_id = record.record_id
    where record.cycle = getvariable('cycle')
),
answered as (
    select
        now.*, own.responding_id is not null as is_own,
        case when now.is_new then now.new_id
            else coalesce(now.responding_id, own.responding_id) end as answer_id
    from now
    left join own
        on own.initiating_table = now.initiating_table and own.initiating_id = now.initiating_id
)
select
    answered.kind, answered.initiating_table, answered.initiating_id, answered.responding_table,
    answered.answer_id as responding_id, answered.from_store, answered.to_store,
    answered.from_site, answered.to_site,
    case
        when gone.initiating_id is null then answered.outcome
        when gone.is_answered and gone.responding_id not in (select responding_id from touched)
            then 'withdrawn'
        else 'deleted'
    end as outcome,
    case
        when answered.is_new then 'hub'
        when answered.is_own then 'site'
        else answered.made_by
    end as made_by,
    answered.number,
    case when gone.initiating_id is null then answered.status else 'deleted' end as status,
    case
        when answered.initiated is not null then answered.initiated
        when answered.is_due or answered.is_own then getvariable('clock')
    end as initiated,
    case when answered.is_new or answered.is_own then getvariable('clock') else answered.made end
        as made,
    coalesce(answered.received, case when answer.is_received then getvariable('clock') end)
        as received,
    getvariable('cycle')::bigint as cycle,
    coalesce(landed.version, answered.version) as version
from answered
left join gone as gone
    on gone.initiating_table = answered.initiating_table
    and gone.initiating_id = answered.initiating_id
left join answer as answer
    on answer.responding_table = answered.responding_table
    and answer.responding_id = answered.answer_id
left join landed
    on landed.table_name = answered.responding_table and landed.record_id = answered.answer_id
union all by name
select
    *, null as responding_id, null as made_by, null as initiated, null as made, null as received,
    getvariable('cycle')::bigint as cycle, null as version
from passed_on
