-- Who sees what now: kept, so that a cycle works out again only what its changes concern.

-- One row per visible join of a store's name (rule R3): `store_id` is the store shown, `viewer_id`
-- the store that it is shown in. Visibility of stores is symmetrical, so both see each other.
create table if not exists routing.tie (join_id varchar, store_id varchar, viewer_id varchar);

-- One row per store and open remote site where it is known: `level` is active, collector, visible
-- (rule R3) or transfer, the first that holds; `dispensary` says that it is one, and in use.
create table if not exists routing.store_at (
    store_id varchar, site integer, level varchar, dispensary boolean
);
