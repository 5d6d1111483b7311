"""A report card: the few figures and lists that say how the country, or one store, stands.

Each is asked of a report, so a card says what the report's page and `mainstem report` say.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines import settings
from warehouse import report
from warehouse.conditions import ALONE, EXPIRED, ON_ITS_WAY, OVERDUE
from warehouse.filters import Filters
from warehouse.scope import EVERYTHING, Scope

MEMORY = "500MB"  # what its queries may keep in memory; a server makes cards too
LONGEST = 8  # rows of a list
MONTHS = 24  # of use

# Units of all items by month: used, and sent to other stores.
USE_BY_MONTH = f"""
with daily as (
    select
        day, sum(issued) as issued, sum(issued - transferred) as used,
        sum(transferred) as transferred
    from {{ledger}}
    group by day
)
select month, used, transferred
from (
    select
        strftime(day, '%Y-%m') as month, sum(used) as used, sum(transferred) as transferred
    from daily
    group by month
    having round(sum(issued), 6) <> 0
    order by month desc
    limit {MONTHS}
)
order by month
"""
OF_ALL = USE_BY_MONTH.format(ledger="marts.ledger")
OF_SOME = USE_BY_MONTH.format(ledger="marts.ledger semi join store using (store_id)")

# Figures of a report's rows, `told`: the report, and by name what is made of its rows.
FIGURES = {
    "stock-value": {"value": "sum(value) filter (store_code <> 'TOTAL')"},
    "stock-on-hand": {
        "out": "count(*) filter (status = 'out')",
        "low": "count(*) filter (status = 'low')",
        "over": "count(*) filter (status = 'over')",
        "items": "count(distinct item_code) filter (quantity > 0)",
    },
    "expiring": {
        "expired": f"coalesce(sum(value) filter ({EXPIRED}), 0)",
        "expiring": f"coalesce(sum(value) filter (not ({EXPIRED})), 0)",
    },
    "transfers": {
        "in_transit": f"count(*) filter ({ON_ITS_WAY})",
        "overdue": f"count(*) filter ({OVERDUE})",
        "alone": f"count(*) filter ({ALONE})",
    },
    "orders": {
        "fill_rate": "sum(greatest(least(supplied, ordered), 0)) / nullif(sum(ordered), 0)",
    },
    "sync-stores": {"days_silent": "max(days_since_contact)"},
    "confidence": {
        grade: f"count(*) filter (grade = '{grade}')" for grade in ("good", "fair", "poor", "none")
    },
}
NAMED = "select told.*, item_name from told left join named_item using (item_code)"
# Lists by name: the report, and which of its rows come first.
LISTS = {
    "stock_outs": (
        "stock-on-hand",
        "from told where status = 'out' order by amc desc, store_code, item_code",
    ),
    "expires": ("expiring", f"{NAMED} order by expiry_date, value desc, store_code, item_code"),
    "redistribution": (
        "redistribution",
        "from told order by value desc, item_code, from_store, to_store",
    ),
}


@dataclass(frozen=True)
class Card:
    """What a card tells: figures by name, lists by name, use by month, the newest month last.

    `store` is the code of the store that it is of, empty where it is of all.
    """

    store: str
    name: str
    cycle: int
    clock: str
    simulated: bool
    figures: dict[str, Any]
    lists: dict[str, pl.DataFrame]
    use: pl.DataFrame


def read(
    path: Path, store: str = "", scope: Scope = EVERYTHING, now: datetime | None = None
) -> Card:
    """The card of a store, by its code, or of all that `scope` grants.

    `path` is the published reports.duckdb. MainstemError for a store that is not there.
    """
    filters = Filters(stores=(store,) if store else (), now=now or settings.now())
    with report.opened(path, filters, scope, MEMORY) as con:
        about = con.execute(
            "select cycle, strftime(clock, '%Y-%m-%d %H:%M UTC'), simulated from marts.published"
        ).fetchall()
        figures = {
            name: value
            for asked, made in FIGURES.items()
            for name, value in zip(made, _figures(con, asked, filters, made), strict=True)
        }
        lists = {
            name: con.execute(f"{_told(asked, filters)} {first} limit {LONGEST}").pl()
            for name, (asked, first) in LISTS.items()
        }
        use = con.execute(OF_SOME if store else OF_ALL).pl()
        return Card(store, _name(con, store, scope), *about[0], figures, lists, use)


def _figures(
    con: duckdb.DuckDBPyConnection, asked: str, filters: Filters, made: dict[str, str]
) -> tuple[Any, ...]:
    query = f"{_told(asked, filters)} select {', '.join(made.values())} from told"
    return con.execute(query).fetchall()[0]


def _told(asked: str, filters: Filters) -> str:
    return f"with told as ({report.unordered(report.query(asked, filters))})"


def _name(con: duckdb.DuckDBPyConnection, store: str, scope: Scope) -> str:
    if not store:
        return "All stores" if scope.everything else "All stores granted"
    code, name = con.execute("select store_code, store_name from store").fetchall()[0]
    return f"{code} · {name}"
