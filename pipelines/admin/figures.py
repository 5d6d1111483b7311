"""Figures that cannot be right: what the published reports hold and a person has to look into."""

from typing import Any

import duckdb

# The ledger and the stock lines of a store and item; both in units.
DISAGREEMENTS = """
with ledger as (
    select store_id, item_id, sum(received - issued + adjusted) as units
    from marts.ledger group by all
),
stock as (
    select store_id, item_id, sum(packs * pack_size) as units from marts.stock_line group by all
)
select
    store.store_code, item.item_code, round(coalesce(ledger.units, 0), 6) as ledger,
    round(coalesce(stock.units, 0), 6) as stock_lines
from ledger
full join stock on stock.store_id = ledger.store_id and stock.item_id = ledger.item_id
join store on store.store_id = coalesce(ledger.store_id, stock.store_id)
join item on item.item_id = coalesce(ledger.item_id, stock.item_id)
where abs(coalesce(ledger.units, 0) - coalesce(stock.units, 0)) > 1e-6
order by store.store_code, item.item_code
"""

# One row per store and item that is no item: its lines stand in no report.
UNKNOWN_ITEMS = """
with line as (
    select store_id, item_id, 1 as stock_lines, 0 as movements from marts.stock_line
    where packs <> 0
    union all
    select store_id, item_id, 0, 1 from marts.movement
)
select
    coalesce(store.store_code, line.store_id) as store_code, coalesce(line.item_id, '') as item_id,
    sum(stock_lines)::bigint as stock_lines, sum(movements)::bigint as movements
from line
anti join item on item.item_id = line.item_id
left join store on store.store_id = line.store_id
group by all
order by store_code, item_id
"""

# One row per store and item: the first day that the ledger ends below nothing, in units.
BELOW_NOTHING = """
with balance as (
    select store_id, item_id, day, sum(received - issued + adjusted) over (
        partition by store_id, item_id order by day
    ) as units
    from marts.ledger
)
select
    store.store_code, item.item_code, min(day)::varchar as day,
    round(arg_min(units, day), 6) as units
from balance
join store using (store_id)
join item using (item_id)
where units < -1e-6
group by store_id, item_id, store.store_code, item.item_code
order by store.store_code, item.item_code
"""

# Each query, and what a row of it says.
ODD = {
    "ledger_disagreements": (
        DISAGREEMENTS,
        "store {store_code}, item {item_code}: the ledger says {ledger:g}, "
        "stock lines {stock_lines:g}",
    ),
    "below_nothing": (
        BELOW_NOTHING,
        "store {store_code}, item {item_code}: the ledger falls below nothing on {day}, "
        "to {units:g}",
    ),
    "unknown_items": (
        UNKNOWN_ITEMS,
        "store {store_code}, item {item_id!r}: the item is not known, so no report has its stock "
        "lines ({stock_lines}) and movements ({movements})",
    ),
}


def odd(con: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """The rows of each query over the published reports, by its name."""
    return {name: con.execute(query).pl().to_dicts() for name, (query, _) in ODD.items()}
