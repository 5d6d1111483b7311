"""Sync: every remote site, the worst first; late in amber, past the alert limit in red."""

import polars as pl
import streamlit as st

from dashboard import downloads, filters, hub, published, queries, tables

SHOWN = tables.COLOURED


def tiles(counts: dict[str, int]) -> None:
    """How many sites there are of each status."""
    told = published.read()
    notes = {
        "never": "not once in contact",
        "alert": f"silent over {told.alert_days} days",
        "late": f"silent over {told.warning_days} days",
        "ok": "in contact",
    }
    tables.tiles(
        [(status.capitalize(), f"{counts[status]:,}", note) for status, note in notes.items()]
    )


def narrow(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, str]]:
    """The rows that the filters leave, and the filters in words."""
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with left:
        statuses = filters.choose(
            st.pills, "Status", "status", queries.SYNC_STATUSES, selection_mode="multi"
        )
    with right:
        sought = filters.find("Site number or name", "find")
    if statuses:
        rows = rows.filter(pl.col("status").is_in(statuses))
    if sought:
        name = pl.col("site_name").str.to_lowercase().str.contains(sought.lower(), literal=True)
        rows = rows.filter(name | (pl.col("site").cast(pl.String) == sought))
    return rows, {"Statuses": ", ".join(statuses), "Site": sought}


def page() -> None:
    """Draw the page."""
    every = queries.sync()
    tiles(queries.counts(every, queries.SYNC_STATUSES))
    rows, chosen = narrow(every)
    if rows.is_empty():
        st.info(
            "There is no remote site yet: add one with `mainstem site add`."
            if every.is_empty()
            else "No site is what is chosen. Remove a filter to see more."
        )
        return
    more = f", the worst {SHOWN:,} are shown, downloads hold all" if rows.height > SHOWN else ""
    line = f"{rows.height:,} sites{more} · click one to see more of it"
    downloads.headed(line, "sync", "Sync", chosen, lambda: rows, rows.height)
    worst = rows.head(SHOWN).join(hub.called(), on="site", how="left", maintain_order="left")
    order = tuple(tables.SYNC)
    tables.linked(tables.coloured(worst), tables.SYNC, worst, "sites", column_order=order)


page()
