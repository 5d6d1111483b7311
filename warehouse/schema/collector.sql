-- What the hub decided of every change, and the newest accepted version of every record.

-- One row per change: its outcome (accepted, deferred, superseded, or a reason of reason.csv).
create table if not exists collector.verdict (
    cursor bigint, cycle bigint, outcome varchar, record_kind varchar
);

-- One row per change that is deferred or in quarantine now. `waits_*` is the record it waits for.
create table if not exists collector.held (
    cursor bigint, site integer, table_name varchar, record_id varchar, reason varchar,
    detail varchar, waits_table varchar, waits_record varchar, since timestamp
);

-- One row per record: its newest accepted version. `first` is the first line accepted, `cursor` the
-- newest, `version` the line whose text stands, `digest` that text's hash (see
-- collector.hashing), `cycle` the last one that changed it. Ids of records are zstd here as in the
-- typed tables: written faster, read as fast.
create table if not exists collector.record (
    table_name varchar, record_id varchar using compression zstd, record_kind varchar,
    first bigint, cursor bigint, version bigint, digest ubigint, deleted boolean,
    store_id varchar, parent_id varchar using compression zstd, cycle bigint
);

-- One row: what the DuckDB that made the digests makes of a known text. A later one may hash
-- otherwise; then they are all made anew (pipelines/collector/digests.py).
create table if not exists collector.hashing as select hash('mainstem') as known;

-- One row per store and site where it is or was active (rule V4).
create table if not exists collector.store_activity (
    store_id varchar, site integer, cycle bigint
);

-- One row per site that was ever in contact (rules Y1-Y3); for a file site a contact is a segment's
-- arrival, `last_accepted` the newest one that brought an accepted change.
create table if not exists collector.contact (
    site integer, first_contact timestamp, last_contact timestamp, last_accepted timestamp
);

-- One row per record merged away (rules G): what it is now, chains resolved, the merge's line, and
-- the last cycle that changed it.
create table if not exists collector.merged (
    table_name varchar, record_id varchar, merged_into varchar, cursor bigint, cycle bigint
);
