"""Stock on hand: a row per store and item with stock or use, under filters that the URL keeps."""

import streamlit as st

from dashboard import downloads, filters, narrow, queries, show, tables
from dashboard.charts import MEANING
from dashboard.language import _, mark, n_
from dashboard.words import word
from dashboard.written import number
from warehouse.catalogue import REPORTS


def choose_statuses() -> tuple[str, ...]:
    """Which statuses are shown; none: all."""
    return filters.choose(
        st.pills, "Status", "status", queries.STOCK_STATUSES,
        selection_mode="multi", format_func=word,
        help="; ".join(f"{word(name)}: {_(why)}" for name, why in MEANING.items()),
    )  # fmt: skip


def summary(stock: queries.Stock) -> str:
    """The rows in one line: how many, their value, and how many of each status."""
    told = [
        n_("{count} row", "{count} rows", stock.count),
        _("value {value}", value=number(stock.value, "{:,.2f}")),
    ]
    told += [f"{number(count)} {word(name)}" for name, count in stock.statuses.items() if count]
    if stock.count > stock.rows.height:
        told.append(show.first(stock.rows.height))
    return " · ".join([*told, _("click a store or an item to see more of it")])


def page() -> None:
    """Draw the page."""
    chosen = narrow.choose(REPORTS["stock-on-hand"].takes)
    statuses = choose_statuses()
    stock = queries.stock(chosen, statuses)
    if not stock.count:
        st.info(
            f"{_('No store has stock or use of what is chosen.')} {_(show.MORE)}"
            if statuses or chosen.values()
            else _("No store has stock, nor used any in the last 91 days.")
        )
        return
    downloads.headed(
        summary(stock),
        "stock-on-hand",
        _("Stock on hand"),
        narrow.words(chosen) | {mark("Statuses"): statuses},
        lambda: queries.stock_rows(chosen, statuses),
        stock.count,
    )
    tables.linked(tables.shown(stock.rows), tables.STOCK, stock.rows, "stock")


page()
