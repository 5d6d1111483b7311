"""Stock on hand: a row per store and item with stock or use, under filters that the URL keeps."""

import streamlit as st

from dashboard import downloads, filters, narrow, queries, tables
from dashboard.charts import MEANING
from dashboard.queries import Choice


def choose() -> Choice:
    """The filters."""
    left, middle, right = st.columns(3)
    with left:
        regions = narrow.regions()
    with middle:
        stores = narrow.stores()
    with right:
        items = narrow.items()
    statuses = filters.choose(
        st.pills, "Status", "status", queries.STOCK_STATUSES,
        selection_mode="multi", format_func=lambda status: status.replace("_", " "),
        help="; ".join(f"{name.replace('_', ' ')}: {why}" for name, why in MEANING.items()),
    )  # fmt: skip
    return Choice(regions, stores, items, statuses)


def summary(stock: queries.Stock) -> str:
    """The rows in one line: how many, their value, and how many of each status."""
    told = [f"{stock.count:,} rows", f"value {stock.value:,.2f}"]
    told += [
        f"{count:,} {name.replace('_', ' ')}" for name, count in stock.statuses.items() if count
    ]
    if stock.count > stock.rows.height:
        told.append(f"the first {stock.rows.height:,} are shown, downloads hold all")
    return " · ".join([*told, "click a store or an item to see more of it"])


def page() -> None:
    """Draw the page."""
    choice = choose()
    stock = queries.stock(choice)
    if not stock.count:
        narrowed = choice != Choice()
        st.info(
            "No store has stock or use of what is chosen. Remove a filter to see more."
            if narrowed
            else "No store has stock, nor used any in the last 91 days."
        )
        return
    chosen = {
        "Regions": ", ".join(choice.regions),
        "Stores": ", ".join(choice.stores),
        "Items": ", ".join(choice.items),
        "Statuses": ", ".join(choice.statuses),
    }
    downloads.headed(
        summary(stock),
        "stock-on-hand",
        "Stock on hand",
        chosen,
        lambda: queries.stock_rows(choice),
        stock.count,
    )
    tables.linked(tables.shown(stock.rows), tables.STOCK, stock.rows, "stock")


page()
