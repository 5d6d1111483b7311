-- One row per name that makes a transaction something else than trade: `kind` is adjustment
-- (inventory adjustments, repacks) or store (a transfer).
create table if not exists marts.party (name_id varchar, kind varchar);

-- One row per transaction that a confirmed or finalised reversal gives back.
create table if not exists marts.reversed (transaction_id varchar);

-- One row per stock movement: a line of a confirmed or finalised transaction. Quantities in units;
-- `cycle` worked it out.
create table if not exists marts.movement (
    movement_id varchar using compression zstd, transaction_id varchar using compression zstd,
    store_id varchar, item_id varchar, stock_line_id varchar, day date, kind varchar, is_transfer boolean, number bigint,
    packs double, pack_size double, quantity double, cost_price double, batch varchar,
    expiry_date date, cycle bigint
);

-- One row per day, store and item with a movement, in units; `issued` is what customer invoices
-- took, `transferred` the part of it that went to other stores.
create table if not exists marts.ledger (
    day date, store_id varchar, item_id varchar, received double, issued double, adjusted double,
    transferred double
);

-- One row per store, item and spell without stock: the first day that ended without, and the next
-- that ended with stock, if any.
create table if not exists marts.stock_out (
    store_id varchar, item_id varchar, first_day date, next_day date
);

-- One row per stock line, in packs; its store and item by their keys, too; `cycle` worked it out.
create table if not exists marts.stock_line (
    stock_line_id varchar, store_id varchar, item_id varchar, batch varchar, expiry_date date,
    location_id varchar, pack_size double, packs double, available_packs double, cost_price double,
    store_key integer, item_key integer, cycle bigint
);

-- One row per store or item there is or was: a number that is joined by faster than its id.
create table if not exists marts.key (id varchar, key integer);

-- One row per store and item with stock, or use in the 91 days up to the day of `published`, by
-- their keys; in units, value in the home currency.
create table if not exists marts.held (
    store_key integer, item_key integer, quantity double, available double, value double,
    used double, months_of_stock double, status varchar
);

-- One row per store, by its key, and status of an item's stock: items and their value.
create table if not exists marts.held_status (
    store_key integer, status varchar, items bigint, value double
);

-- The day that stock and use were last worked out for; made anew with each publication.
create table if not exists marts.published (day date);

-- One row per contact of late: the newest 200 of each site, and of those whose site nobody knows.
create table if not exists marts.contact (
    site integer, called_at timestamp, what varchar, records bigint, seconds double, app_name varchar,
    app_version varchar, version varchar, address varchar, error varchar
);

-- One row per site and day on which its queue changed: how many records it was owed then.
create table if not exists marts.queue_length (site integer, day date, length bigint);

-- One row per initiating half of a transfer that has begun (rules T); quantities in units.
create table if not exists marts.transfer (
    kind varchar, initiating_table varchar, initiating_id varchar, from_store varchar,
    to_store varchar, number bigint, status varchar, outcome varchar, initiated date,
    received date, lines bigint, quantity_sent double, quantity_received double
);

-- One row per paper of an order: what asks (request, purchase_order) and what `answers` it, by the
-- other one's id (response, goods_received, customer_invoice, supplier_invoice).
create table if not exists marts.order_paper (
    kind varchar, paper_id varchar, store_id varchar, name_id varchar, number bigint,
    status varchar, day date, answers varchar
);

-- One row per line of a requisition, purchase order or goods received, in units; what it `answers`
-- is the order's line, where it says so.
create table if not exists marts.order_line (
    kind varchar, line_id varchar, paper_id varchar, item_id varchar, ordered double,
    supplied double, answers varchar
);

-- One row per stock line and day on which something new was known of it: what the hub had received
-- of it by the end of that day, in packs.
create table if not exists marts.stock_line_version (
    stock_line_id varchar using compression zstd, known_on date, deleted boolean,
    store_id varchar, item_id varchar, batch varchar, expiry_date date, location_id varchar,
    pack_size double, packs double, available_packs double, cost_price double
);
