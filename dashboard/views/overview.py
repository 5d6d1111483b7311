"""Overview: the system in five figures, use by month, and what needs somebody today."""

import polars as pl
import streamlit as st

from dashboard import answers, charts, columns, downloads, published, queries, show, tables
from dashboard.declared import View
from warehouse import conditions
from warehouse.filters import Filters

USE = "Use by month"
EXPIRED = View("Expired", "expiring", "No batch in stock has expired.", conditions.EXPIRED)
OVERDUE = View("Overdue", "transfers", "No transfer is overdue.", conditions.OVERDUE)
STORES_EXPIRED = f"""
select store_code, any_value(store.store_name) as store_name, count(*) as batches,
    sum(shown.value) as value
from shown left join marts.store as store using (store_code)
group by store_code order by value desc, store_code limit {queries.WORST}
"""
COLUMNS = (
    columns.REPORT
    | tables.STOCK_OUTS
    | {
        "batches": st.column_config.NumberColumn("Batches", format="localized"),
        "initiated": st.column_config.DateColumn("Sent on", format="YYYY-MM-DD"),
    }
)


def tiles(stock: queries.Overview, sites: dict[str, int]) -> None:
    """The five figures."""
    late = sites["late"] + sites["alert"]
    pairs = stock.statuses
    told = [
        ("Stock value", f"{stock.value:,.2f}", "home currency"),
        ("Stores", f"{stock.stores:,}", f"on {sum(sites.values()):,} sites"),
        ("Items in stock", f"{stock.items:,}", "in one store or more"),
        ("Stock-outs", f"{pairs['out']:,}", f"of {sum(pairs.values()):,} items of stores"),
        (
            "Sites late",
            f"{late:,}",
            f"{sites['alert']:,} alert, {sites['never']:,} never",
        ),
    ]
    tables.tiles(told)


def stock_charts(stock: queries.Overview) -> None:
    """Use by month, and how many items of stores have each status."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        use = queries.use()
        if use.is_empty():
            st.subheader(USE, anchor=False)
            st.caption("No customer invoice is confirmed or finalised yet.")
        else:
            first, last = use["month"][0], use["month"][-1]
            note = f"Units of all items that customer invoices took, {first} to {last}."
            show.chart(USE, note, charts.use(use), {})
    with right:
        note = "Each item that a store has or uses, by its months of stock."
        show.chart("Stock status", note, charts.statuses(stock.statuses), {})


def lists() -> None:
    """What needs somebody first: stock-outs, silent sites, expired stock, late transfers."""
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Stock-outs with the most use", anchor=False)
        worst(
            queries.stock_outs(),
            ("store_code", "item_name", "amc", "store_name"),
            "No store is out of an item that it used in the last 91 days.",
        )
        onward("stock", "All stock-outs", status="out")
    with right:
        st.subheader("Sites late or never in contact", anchor=False)
        silent_sites()
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Stores with the most expired stock", anchor=False)
        worst(
            answers.ask(EXPIRED, Filters(within=0), STORES_EXPIRED),
            ("store_code", "store_name", "batches", "value"),
            EXPIRED.empty,
        )
        onward("expiring", "All expired stock", show="Expired")
    with right:
        st.subheader("Transfers longest overdue", anchor=False)
        worst(
            answers.answer(OVERDUE, Filters()).rows.head(queries.WORST),
            ("from_store", "to_store", "number", "initiated", "quantity_sent"),
            OVERDUE.empty,
        )
        onward("transfers", "All overdue transfers", show="Overdue")


def silent_sites() -> None:
    """The sites silent for longest, those silent for too long in red."""
    rows = queries.sync()
    late = rows.filter(rows["status"] != "ok").head(queries.WORST)
    if late.is_empty():
        st.caption("Every site was in contact within the last days.")
    else:
        order = ("site", "site_name", "status", "days_since_contact", "last_contact")
        tables.linked(tables.coloured(late), tables.SYNC, late, "worst:site", column_order=order)
    with st.container(horizontal=True):
        onward("sync", "All sites")
        days = published.read().alert_days
        onward("sync", f"Silent over {days} days", status=["never", "alert"])


def worst(rows: pl.DataFrame, order: tuple[str, ...], empty: str) -> None:
    """A short list, or what it says when nothing is in it."""
    if rows.is_empty():
        st.caption(empty)
        return
    tables.linked(tables.shown(rows), COLUMNS, rows, f"worst:{':'.join(order)}", column_order=order)


def onward(page: str, label: str, **told: str | list[str]) -> None:
    """A link to the page that has more, the filters as told."""
    icon = ":material/arrow_forward:"
    st.page_link(f"views/{page}.py", label=label, icon=icon, query_params=told)


def page() -> None:
    """Draw the page."""
    stock = queries.overview()
    tiles(stock, queries.counts(queries.sync(), queries.SYNC_STATUSES))
    downloads.card()
    stock_charts(stock)
    lists()


page()
