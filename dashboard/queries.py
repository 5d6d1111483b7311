"""What the pages read: the published reports, cached for as long as the published file is the same.

The file is opened for one query at a time, so a cycle may swap in a new one at any moment. What
is cached is keyed by the file itself and the reports' clock. Stock on hand of a day is read once,
whole; filters narrow it in memory.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
import streamlit as st

from dashboard.offered import options
from dashboard.published import Snapshot, current, day_clock, minute_clock
from warehouse.card import MONTHS, USE_BY_MONTH
from warehouse.filters import Filters

SHOWN = 10_000  # rows that a page's table shows; downloads have them all
WORST = 10  # stock-outs on the overview

STOCK_STATUSES = ("out", "low", "well", "over", "no_use")
SYNC_STATUSES = ("never", "alert", "late", "ok")  # the worst first


@dataclass(frozen=True)
class Stock:
    """Stock on hand, narrowed: its first rows, up to SHOWN, and the totals of all of them."""

    rows: pl.DataFrame
    count: int
    value: float
    statuses: dict[str, int]


@dataclass(frozen=True)
class Overview:
    """The figures of the system's stock; `use` is units by month, the newest month last."""

    value: float
    stores: int
    items: int
    statuses: dict[str, int]
    stock_outs: pl.DataFrame
    use: pl.DataFrame


def overview() -> Overview:
    """The system's stock."""
    return _overview(current(), day_clock())


def stock(chosen: Filters, statuses: tuple[str, ...] = ()) -> Stock:
    """Stock on hand of some statuses (none: all) under filters, in the report's order."""
    rows = stock_rows(chosen, statuses)
    return Stock(
        rows=rows.head(SHOWN),
        count=rows.height,
        value=float(rows["value"].sum()),
        statuses=counts(rows, STOCK_STATUSES),
    )


def stock_rows(chosen: Filters, statuses: tuple[str, ...] = ()) -> pl.DataFrame:
    """Every such row of stock on hand: what a download holds."""
    day = Filters(as_of=chosen.as_of, known_on=chosen.known_on, now=day_clock())
    rows = _stock_on_hand(current(), day)
    places = {"region": chosen.regions, "district": chosen.districts, "level": chosen.levels}
    known = options()
    wanted = [
        ("store_code", _codes(known.store_rows, places | {"site": chosen.sites})),
        ("item_code", _codes(known.item_rows, {"category": chosen.categories})),
        ("item_code", _codes(known.programme_rows, {"programme": chosen.programmes})),
    ]
    conditions = [pl.col(code).is_in(codes) for code, codes in wanted if codes is not None]
    told = {"store_code": chosen.stores, "item_code": chosen.items, "status": statuses}
    conditions += [pl.col(name).is_in(values) for name, values in told.items() if values]
    return rows.filter(*conditions) if conditions else rows


def _codes(known: pl.DataFrame, told: dict[str, tuple[Any, ...]]) -> pl.Series | None:
    """The codes (first column) of those known that have one of the values of each; None: of all."""
    conditions = [pl.col(name).is_in(values) for name, values in told.items() if values]
    return known.filter(*conditions).to_series().implode() if conditions else None


def sync() -> pl.DataFrame:
    """The sync report, the worst first: by status, then the longest silent."""
    return _sync(current(), minute_clock())


def counts(rows: pl.DataFrame, statuses: tuple[str, ...]) -> dict[str, int]:
    """How many rows have each status, in the order of `statuses`."""
    told = dict(rows.group_by("status").len().iter_rows())
    return {status: told.get(status, 0) for status in statuses}


@st.cache_resource(show_spinner="Reading stock on hand", max_entries=2)
def _stock_on_hand(snapshot: Snapshot, day: Filters) -> pl.DataFrame:
    return snapshot.report("stock-on-hand", day)


@st.cache_data(show_spinner=False, max_entries=4)
def _overview(snapshot: Snapshot, now: datetime) -> Overview:
    rows = _stock_on_hand(snapshot, Filters(now=now))
    by_store = snapshot.report("stock-value", Filters(now=now))
    with snapshot.opened() as con:
        use = con.execute(USE_BY_MONTH, [MONTHS]).pl().reverse()
    stock_outs = rows.filter(status="out").sort("amc", descending=True, maintain_order=True)
    return Overview(
        value=by_store["value"][-1],  # the row TOTAL
        stores=by_store.height - 1,
        items=rows.filter(pl.col("quantity") > 0)["item_code"].n_unique(),
        statuses=counts(rows, STOCK_STATUSES),
        stock_outs=stock_outs.head(WORST),
        use=use,
    )


@st.cache_data(show_spinner=False, max_entries=4)
def _sync(snapshot: Snapshot, now: datetime) -> pl.DataFrame:
    rows = snapshot.report("sync", Filters(now=now))
    rank = pl.col("status").replace_strict(SYNC_STATUSES, range(len(SYNC_STATUSES)))
    silent = pl.col("days_since_contact")
    return rows.sort(rank, silent, "site", descending=[False, True, False])
