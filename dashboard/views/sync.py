"""Sync: every remote site, the worst first; late in amber, past the alert limit in red."""

import polars as pl
import streamlit as st

from dashboard import downloads, filters, hub, published, queries, show, tables
from dashboard.language import _, mark, n_
from dashboard.words import word
from dashboard.written import number

SHOWN = tables.COLOURED


def tiles(counts: dict[str, int]) -> None:
    """How many sites there are of each status."""
    told = published.read()
    notes = {
        "never": _("not once in contact"),
        "alert": _silent(told.alert_days),
        "late": _silent(told.warning_days),
        "ok": _("in contact"),
    }
    tables.tiles(
        [
            (word(status).capitalize(), number(counts[status]), note)
            for status, note in notes.items()
        ]
    )


def _silent(days: int) -> str:
    return n_("silent over {count} day", "silent over {count} days", days)


def narrow(rows: pl.DataFrame) -> tuple[pl.DataFrame, downloads.Chosen]:
    """The rows that the filters leave, and the filters in words."""
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with left:
        statuses = filters.choose(
            st.pills, "Status", "status", queries.SYNC_STATUSES,
            selection_mode="multi", format_func=word,
        )  # fmt: skip
    with right:
        sought = filters.find("Site number or name", "find")
    if statuses:
        rows = rows.filter(pl.col("status").is_in(statuses))
    if sought:
        name = pl.col("site_name").str.to_lowercase().str.contains(sought.lower(), literal=True)
        rows = rows.filter(name | (pl.col("site").cast(pl.String) == sought))
    return rows, {mark("Statuses"): statuses, mark("Site"): sought}


def page() -> None:
    """Draw the page."""
    every = queries.sync()
    tiles(queries.counts(every, queries.SYNC_STATUSES))
    rows, chosen = narrow(every)
    if rows.is_empty():
        st.info(
            _("There is no remote site yet: add one with `mainstem site add`.")
            if every.is_empty()
            else f"{_('No site is what is chosen.')} {_(show.MORE)}"
        )
        return
    line = [n_("{count} site", "{count} sites", rows.height)]
    if rows.height > SHOWN:
        line.append(_("the worst {shown} are shown, downloads hold all", shown=number(SHOWN)))
    line.append(_("click one to see more of it"))
    downloads.headed(" · ".join(line), "sync", _("Sync"), chosen, lambda: rows, rows.height)
    worst = rows.head(SHOWN).join(hub.called(), on="site", how="left", maintain_order="left")
    order = tuple(tables.SYNC)
    tables.linked(tables.coloured(worst), tables.SYNC, worst, "sites", column_order=order)
    show.queues(rows["site"].to_list(), chosen)


page()
