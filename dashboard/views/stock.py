"""Stock on hand: a row per store and item with stock or use, under filters that the URL keeps."""

import streamlit as st

from dashboard import downloads, filters, narrow, queries, show, tables
from dashboard.charts import MEANING
from warehouse.catalogue import REPORTS


def choose_statuses() -> tuple[str, ...]:
    """Which statuses are shown; none: all."""
    return filters.choose(
        st.pills, "Status", "status", queries.STOCK_STATUSES,
        selection_mode="multi", format_func=lambda status: status.replace("_", " "),
        help="; ".join(f"{name.replace('_', ' ')}: {why}" for name, why in MEANING.items()),
    )  # fmt: skip


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
    chosen = narrow.choose(REPORTS["stock-on-hand"].takes)
    statuses = choose_statuses()
    stock = queries.stock(chosen, statuses)
    if not stock.count:
        st.info(
            f"No store has stock or use of what is chosen. {show.MORE}"
            if statuses or chosen.values()
            else "No store has stock, nor used any in the last 91 days."
        )
        return
    downloads.headed(
        summary(stock),
        "stock-on-hand",
        "Stock on hand",
        narrow.words(chosen) | {"Statuses": ", ".join(statuses)},
        lambda: queries.stock_rows(chosen, statuses),
        stock.count,
    )
    tables.linked(tables.shown(stock.rows), tables.STOCK, stock.rows, "stock")


page()
