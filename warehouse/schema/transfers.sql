-- The two halves of every transfer between stores (rules T).

-- One row per initiating half: kind (stock, returns, requisition, purchase_order, goods_received),
-- both halves, both stores and the sites where they were active, what the hub decided (`outcome`:
-- created, or why not), who made the responding half (hub or site; empty: nobody yet), the
-- initiating half's number and status, and the clocks of the cycles in which it was initiated, its
-- responding half stood first and was received. `cycle` is the last one that changed the row,
-- `version` the hub's newest line of the responding half.
create table if not exists transfers.transfer (
    kind varchar, initiating_table varchar, initiating_id varchar, responding_table varchar,
    responding_id varchar, from_store varchar, to_store varchar, from_site integer,
    to_site integer, outcome varchar, made_by varchar, number bigint, status varchar,
    initiated timestamp, made timestamp, received timestamp, cycle bigint, version bigint
);

-- One row per line of an initiating half that was transferred or came too late: `outcome` is
-- created or late_line; `version` is the hub's line that made the responding one.
create table if not exists transfers.line (
    kind varchar, initiating_id varchar, initiating_line varchar, responding_line varchar,
    outcome varchar, cycle bigint, version bigint
);

-- One row per name that stands for a store, as the last cycle found it: what has changed since
-- tells which halves are tried again.
create table if not exists transfers.known_partner (
    name_id varchar, party_id varchar, store_id varchar, site integer, makes_own boolean,
    is_disabled boolean
);
