-- The facts: what came, from whom, in which cycle. Append-only.

-- One row per cycle. The clock is the time (UTC) it began; a rebuild repeats it.
create table if not exists landing.cycle (
    cycle bigint, clock timestamp, requests varchar, next_cursor bigint
);

-- One row per segment. `sha256` is of the content, uncompressed; `lines` counts all but empty ones.
-- `outcome` is ingested, duplicate or damaged. `bytes` is the file's size as it came.
create table if not exists landing.segment (
    segment bigint, cycle bigint, position integer, site integer, name varchar, sha256 varchar,
    bytes bigint, lines bigint, first_cursor bigint, outcome varchar, received_at timestamp
);

-- One row per line of a feed. `data` is recordData as the very text it came as; where `problem`
-- is set the line is malformed and `data` is the whole line.
create table if not exists landing.change (
    cursor bigint, cycle bigint, site integer, segment bigint, line bigint, received_at timestamp,
    table_name varchar, record_id varchar using compression zstd, action varchar, data varchar using compression zstd,
    problem varchar
);

-- One row per contact: a call of a site over HTTP that brought or fetched something, went wrong, or
-- is logged always; `id` is the gateway's number, no site is one that nobody knows. Kept for 90 days.
create table if not exists landing.contact (
    id bigint, cycle bigint, site integer, called_at timestamp, what varchar, records bigint,
    seconds double, app_name varchar, app_version varchar, version varchar, address varchar, error varchar
);

-- One row per stage: the last cycle that the stage has done, so that it can die and run again.
create table if not exists landing.mark (stage varchar, cycle bigint);

-- One row per cycle and measure: what the cycle did, for `mainstem sync` and the dashboard.
create table if not exists landing.tally (cycle bigint, measure varchar, value double);
