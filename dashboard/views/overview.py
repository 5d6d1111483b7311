"""Overview: the system in five figures, use by month, and what needs somebody today."""

import streamlit as st

from dashboard import charts, queries, tables


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
        st.subheader("Use by month", anchor=False)
        if stock.use.is_empty():
            st.caption("No customer invoice is confirmed or finalised yet.")
        else:
            first, last = stock.use["month"][0], stock.use["month"][-1]
            st.caption(f"Units of all items that customer invoices took, {first} to {last}.")
            st.vega_lite_chart(charts.use(stock.use))
    with right:
        st.subheader("Stock status", anchor=False)
        st.caption("Each item that a store has or uses, by its months of stock.")
        st.vega_lite_chart(charts.statuses(stock.statuses))


def lists(stock: queries.Overview) -> None:
    """The worst stock-outs and the latest sites."""
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Stock-outs with the most use", anchor=False)
        if stock.stock_outs.is_empty():
            st.caption("No store is out of an item that it used in the last 91 days.")
        else:
            columns = ("store_code", "item_name", "amc", "store_name")
            st.dataframe(
                stock.stock_outs,
                column_order=columns,
                column_config=tables.STOCK_OUTS,
                hide_index=True,
            )
        st.page_link(
            "views/stock.py",
            label="All stock-outs",
            icon=":material/arrow_forward:",
            query_params={"status": "out"},
        )
    with right:
        st.subheader("Sites late or never in contact", anchor=False)
        rows = queries.sync()
        late = rows.filter(rows["status"] != "ok").head(queries.WORST)
        if late.is_empty():
            st.caption("Every site was in contact within the last days.")
        else:
            st.dataframe(
                tables.coloured(late),
                column_order=("site", "site_name", "status", "days_since_contact", "last_contact"),
                column_config=tables.SYNC,
                hide_index=True,
                placeholder="",
            )
        st.page_link("views/sync.py", label="All sites", icon=":material/arrow_forward:")


def page() -> None:
    """Draw the page."""
    stock = queries.overview()
    tiles(stock, queries.counts(queries.sync(), queries.SYNC_STATUSES))
    stock_charts(stock)
    lists(stock)


page()
