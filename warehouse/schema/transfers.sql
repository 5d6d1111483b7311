-- The two halves of every transfer between stores (rules T).

-- One row per initiating half: kind (stock, returns, requisition, purchase_order, goods_received),
-- both halves, both stores and the sites where they were active, what the hub decided (`outcome`:
-- created, or why not), who made the responding half (hub or site; empty: nobody yet), the
-- initiating half's number and status, and the clocks of the cycles in which it was initiated and
-- its responding half stood first. `tried` is the cycle that decided last.
create table if not exists transfers.transfer (
    kind varchar, initiating_table varchar, initiating_id varchar, responding_table varchar,
    responding_id varchar, from_store varchar, to_store varchar, from_site integer,
    to_site integer, outcome varchar, made_by varchar, number bigint, status varchar,
    initiated timestamp, made timestamp, tried bigint
);

-- One row per line of an initiating half that was transferred or came too late: `outcome` is
-- created or late_line.
create table if not exists transfers.line (
    initiating_id varchar, initiating_line varchar, responding_line varchar, outcome varchar,
    cycle bigint
);
