-- The queues: the truth from which outbox files are made.

-- One row per line of a site's own queue, numbered without gaps from 1; `rule` sent it; of the
-- same record, the line that the site is owed no more (rule R12) is the one that it `supersedes`.
create table if not exists outbox.queue (
    site integer, sequence bigint, cycle bigint, cursor bigint, table_name varchar,
    record_id varchar, action varchar, rule varchar, supersedes bigint
);
alter table outbox.queue add column if not exists supersedes bigint;

-- One row per line of the central log, numbered without gaps from 1.
create table if not exists outbox.central (
    id bigint, cycle bigint, cursor bigint, table_name varchar, record_id varchar, action varchar
);

-- One row per queue that has lines, and the number of its last; site 0 is the central log.
create table if not exists outbox.head (site integer, last bigint);

-- One row per site and record (and its merge, which is a line of its own): the newest line of its
-- queue since it last began anew (rule R12), and the landing line whose text that is.
create table if not exists outbox.owed (
    site integer, table_name varchar, record_id varchar, merge boolean, sequence bigint,
    cursor bigint
);

-- One row per site that acknowledged: up to which line of its queue, of the central log.
create table if not exists outbox.acknowledged (site integer, sequence bigint, central_id bigint);

-- One row per site and day on which its queue grew or was acknowledged: how many records the site was
-- owed and had not acknowledged after the day's last cycle.
create table if not exists outbox.length (site integer, day date, cycle bigint, length bigint);

-- One row per published file; site 0 is the central log.
create table if not exists outbox.file (
    site integer, first bigint, last bigint, bytes bigint, cycle bigint
);

-- One row per queue and restore: the last number known to have been given in it before, above which
-- it goes on (rule I5); site 0 is the central log.
create table if not exists outbox.mark (site integer, last bigint, cycle bigint);
