"""How figures look: tiles, tables' columns, the colour of rows that need somebody."""

from typing import Any, cast

import pandas as pd
import polars as pl
import streamlit as st
from pandas.io.formats.style import Styler
from streamlit.elements.arrow import DataframeState

from dashboard import export, spoken, words, written
from dashboard.language import _

# Amber is light and red is darker, so that they differ without colour; a column says it in words.
LATE = "background-color: #ffe8a3; color: #3d2f00"
RED = "background-color: #f5bdb5; color: #4a0f09"
ROW = {
    "late": LATE, "alert": RED, "never": RED,  # sync
    "fair": LATE, "poor": RED, "none": RED,  # confidence
    "no partner": LATE, "overdue": RED,  # transfers
    "will be left": LATE, "expired": RED,  # expiring
    "short": LATE,  # orders
    "warning": LATE, "critical": RED,  # quality
}  # fmt: skip
COLOURED = 1_000  # rows with colours at most: a style for each cell is heavy

text, number = st.column_config.TextColumn, st.column_config.NumberColumn
time = st.column_config.DatetimeColumn

STOCK = {
    "store_code": text("Store", pinned=True),
    "store_name": text("Store name", width="medium"),
    "item_code": text("Item"),
    "item_name": text("Item name", width="large"),
    "quantity": number("Quantity", format="localized", help="Units on hand"),
    "available": number("Available", format="localized", help="Units not put by"),
    "value": number(
        "Value", format="localized", step=0.01, help="Home currency, packs at cost price"
    ),
    "amc": number(
        "AMC", format="localized", step=0.1, help="Average monthly consumption: 91 days ÷ 3, units"
    ),
    "months_of_stock": number(
        "Months", format="localized", step=0.1, help="Months of stock: available ÷ AMC"
    ),
    "status": text("Status"),
}

# Where room is short.
STOCK_OUTS = STOCK | {"item_name": text("Item", width="medium")}

_TIME = "YYYY-MM-DD HH:mm"

SYNC = {
    "site": number("Site", format="%d", pinned=True),
    "site_name": text("Name", width="medium"),
    "status": text("Status"),
    "stores": number("Stores", format="localized"),
    "first_contact": time("First contact (UTC)", format=_TIME),
    "last_contact": time("Last contact (UTC)", format=_TIME),
    "days_since_contact": number("Days silent", format="localized"),
    "data_age_days": number(
        "Data age", format="localized", help="Days since a line of the site was last accepted"
    ),
    "queue_length": number("Queue", format="localized", help="Records the site is still owed"),
    "software": text("Software", help="As it last said; empty for one that sends files"),
    "version": text("Sync version"),
    "errors": number("Errors", format="localized", help="Of its last 200 contacts of 90 days"),
    "last_error": text("Last error"),
}


def shown(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows for a page's table: times as times, statuses and their like as words."""
    return words.said(export.typed(rows))


def coloured(rows: pl.DataFrame, told_by: str = "status") -> Styler:
    """Rows for a page's table, in the colour of what a column tells of each."""
    plain = shown(rows).to_pandas(use_pyarrow_extension_array=True)

    def colours(table: pd.DataFrame) -> pd.DataFrame:
        row = pd.Series([ROW.get(word, "") for word in rows[told_by]], index=table.index)
        return pd.DataFrame(dict.fromkeys(table.columns, row), index=table.index)

    return plain.style.apply(colours, axis=None)


def worded(columns: dict[str, Any]) -> dict[str, Any]:
    """Columns' looks with what they say, and how their days are written, in what is spoken."""
    return {name: _worded(look) for name, look in columns.items()}


def _worded(look: Any) -> Any:
    told = look | {"label": _(look["label"]), "help": _(look["help"] or "") or None}
    told["pinned"] = look["pinned"] and not spoken.is_rtl()  # what is pinned is leftmost
    kind = look["type_config"]
    if kind["type"] in ("date", "datetime") and not written.is_iso():
        told["type_config"] = kind | {"format": kind["format"].replace("YYYY-MM-DD", "DD/MM/YYYY")}
    if kind["type"] == "link":
        told["type_config"] = kind | {"display_text": _(kind["display_text"])}
    return told


def draw(
    rows: pl.DataFrame | Styler, columns: dict[str, Any], count: int, **looks: Any
) -> DataframeState:
    """Draw a page's table of `count` rows; `looks` are more of st.dataframe's own words."""
    told: dict[str, Any] = {
        "column_config": worded(columns),
        "hide_index": True,
        "height": "auto" if count < 18 else 620,
        "row_height": 30,
        "placeholder": "",
    }
    told |= looks
    if spoken.is_rtl():
        names = told.get("column_order") or rows.columns
        told["column_order"] = tuple(reversed(list(names)))
    return cast(DataframeState, st.dataframe(rows, **told))


# The pages about one thing: the column that says which, and those that a click on leads from.
PAGES = {
    "store": ("store_code", ("store_code", "store_name")),
    "item": ("item_code", ("item_code", "item_name")),
    "site": ("site", ("site", "site_name")),
}


def linked(
    rows: pl.DataFrame | Styler,
    columns: dict[str, Any],
    told: pl.DataFrame,
    key: str,
    here: str = "",
    **looks: Any,
) -> None:
    """Draw the table of `told`; a click on a store, an item or a site leads to the page about it.

    `here` is the page about one that this is.
    """
    selecting = {"key": key, "on_select": "rerun", "selection_mode": "single-cell"}
    event = draw(rows, columns, told.height, **selecting, **looks)
    for at, column in event.selection.cells:
        for page, (code, names) in PAGES.items():
            if column in names and code in told.columns and page != here and at < told.height:
                st.switch_page(f"views/{page}.py", query_params={page: str(told[code][at])})


def tiles(figures: list[tuple[str, str, str]]) -> None:
    """Draw a row of figures: label, value, and a note that says more."""
    with st.container(key="tiles"):
        for label, value, note in figures:
            st.metric(label, value, note, "off", delta_arrow="off", border=True, height="stretch")
