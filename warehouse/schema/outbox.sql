-- The queues: the truth from which outbox files are made.

-- One row per line of a site's own queue, numbered without gaps from 1.
create table if not exists outbox.queue (
    site integer, sequence bigint, cycle bigint, cursor bigint, table_name varchar,
    record_id varchar, action varchar
);

-- One row per line of the central log, numbered without gaps from 1.
create table if not exists outbox.central (
    id bigint, cycle bigint, cursor bigint, table_name varchar, record_id varchar, action varchar
);

-- One row per site and record: the newest line of its queue (rule R12).
create table if not exists outbox.owed (
    site integer, table_name varchar, record_id varchar, sequence bigint
);

-- One row per published file; site 0 is the central log.
create table if not exists outbox.file (
    site integer, first bigint, last bigint, bytes bigint, cycle bigint
);

-- One row per site that has acknowledged anything: the last line of its queue, and of the central
-- log, that it has taken in.
create table if not exists outbox.acknowledged (
    site integer, sequence bigint, central_id bigint
);

-- One row per queue and restore: the last number known to have been given in it before, above which
-- it goes on (rule I5); site 0 is the central log.
create table if not exists outbox.mark (site integer, last bigint, cycle bigint);
