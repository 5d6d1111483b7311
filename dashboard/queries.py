"""What the pages of stock and of sites read: the published reports, asked as `answers` asks."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl
import streamlit as st

from dashboard import answers
from dashboard.declared import View
from dashboard.published import Snapshot, current, day_clock, minute_clock
from warehouse.card import OF_ALL
from warehouse.filters import Filters, literal

WORST = 10  # stock-outs on the overview

STOCK_STATUSES = ("out", "low", "well", "over", "no_use")
SYNC_STATUSES = ("never", "alert", "late", "ok")  # the worst first

# What every store has, and how many of its items have each status.
STORES = """
select (select count(*) from store) as stores, coalesce(sum(value), 0) as value
from held_status semi join store using (store_key)
"""
STATUSES = """
select status, sum(items)::bigint as count
from held_status semi join store using (store_key)
where status is not null group by status
"""
IN_STOCK = """
select count(distinct item_code) as items
from item
semi join (
    select item_key from held semi join store using (store_key)
    where status is not null and round(quantity, 6) > 0
) as held using (item_key)
"""
TOTALS = "select status, count(*) as count, sum(value) as value from shown group by status"
WORST_OUT = f"""
from told where status = 'out' order by amc desc, store_code, item_code limit {WORST}
"""


@dataclass(frozen=True)
class Stock:
    """Stock on hand, narrowed: its first rows, up to SHOWN, and the totals of all of them."""

    rows: pl.DataFrame
    count: int
    value: float
    statuses: dict[str, int]


@dataclass(frozen=True)
class Overview:
    """The figures of the system's stock."""

    value: float
    stores: int
    items: int
    statuses: dict[str, int]


def overview() -> Overview:
    """The system's stock."""
    return _overview(current(), day_clock())


def stock_outs() -> pl.DataFrame:
    """The stock-outs with the most use, the worst first."""
    return answers.ask(on_hand(), Filters(), WORST_OUT)


def use() -> pl.DataFrame:
    """Units used by month, the newest month last."""
    return _use(current())


def stock(chosen: Filters, statuses: tuple[str, ...] = ()) -> Stock:
    """Stock on hand of some statuses (none: all) under filters, in the report's order."""
    view = on_hand(statuses)
    totals = answers.ask(view, chosen, TOTALS)
    return Stock(
        rows=answers.first(view, chosen),
        count=int(totals["count"].sum()),
        value=float(totals["value"].sum()),
        statuses=_in_order(totals.select("status", "count"), STOCK_STATUSES),
    )


def stock_rows(chosen: Filters, statuses: tuple[str, ...] = ()) -> pl.DataFrame:
    """Every such row of stock on hand: what a download holds."""
    return answers.rows(on_hand(statuses), chosen)


def on_hand(statuses: tuple[str, ...] = ()) -> View:
    """Stock on hand of some statuses, of all where none is told."""
    where = f"status in ({', '.join(map(literal, statuses))})" if statuses else "true"
    return View("Stock on hand", "stock-on-hand", "", where)


def pairs() -> int:
    """How many items of stores have stock or use."""
    return _pairs(current())


def sync() -> pl.DataFrame:
    """The sync report, the worst first: by status, then the longest silent."""
    return _sync(current(), minute_clock())


def counts(rows: pl.DataFrame, statuses: tuple[str, ...]) -> dict[str, int]:
    """How many rows have each status, in the order of `statuses`."""
    return _in_order(rows.group_by("status").len(), statuses)


def _in_order(counted: pl.DataFrame, statuses: tuple[str, ...]) -> dict[str, int]:
    """What is counted of each status (columns status, count), in the order of `statuses`."""
    told = dict(counted.iter_rows())
    return {status: told.get(status, 0) for status in statuses}


@st.cache_resource(show_spinner=False, max_entries=4)
def _overview(snapshot: Snapshot, now: datetime) -> Overview:
    with snapshot.opened(Filters(now=now)) as con:
        stores, items = (con.execute(query).pl() for query in (STORES, IN_STOCK))
        statuses = con.execute(STATUSES).pl()
    return Overview(
        value=stores["value"][0],
        stores=stores["stores"][0],
        items=items["items"][0],
        statuses=_in_order(statuses, STOCK_STATUSES),
    )


@st.cache_data(show_spinner=False, max_entries=4)
def _pairs(snapshot: Snapshot) -> int:
    with snapshot.opened() as con:
        return con.execute("select count(*) from marts.held").fetchall()[0][0]


@st.cache_resource(show_spinner=False, max_entries=4)
def _use(snapshot: Snapshot) -> pl.DataFrame:
    with snapshot.opened() as con:
        return con.execute(OF_ALL).pl()


@st.cache_data(show_spinner=False, max_entries=4)
def _sync(snapshot: Snapshot, now: datetime) -> pl.DataFrame:
    rows = snapshot.report("sync", Filters(now=now))
    rank = pl.col("status").replace_strict(SYNC_STATUSES, range(len(SYNC_STATUSES)))
    silent = pl.col("days_since_contact")
    return rows.sort(rank, silent, "site", descending=[False, True, False])
