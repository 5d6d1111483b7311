-- description: One row per stored record that this cycle's candidates are judged by: the record itself, what it is merged into, its owning parent, its party.
-- load: working
with wanted as (
    -- As a hash of its name, which is narrow: a record more than is wanted does no harm.
    select hash(table_name, record_id) as hash from candidate
    union all
    select hash(table_name, kept_id) from candidate where kept_id is not null
    union all
    select hash(kind.parent_table, candidate.parent_id)
    from candidate as candidate
    join (
        select distinct table_name, parent_table from kind
    ) as kind using (table_name)
    where candidate.parent_id is not null
    union all
    select hash('name', party_id) from candidate where party_id is not null
)
select
    record.table_name, record.record_id, record.record_kind, record.first, record.cursor,
    record.version,
    record.digest, record.deleted, record.store_id, record.parent_id, record.cycle
from collector.record as record
semi join wanted on wanted.hash = hash(record.table_name, record.record_id)
