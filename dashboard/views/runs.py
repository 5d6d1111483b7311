"""Runs: the last cycles, and what became of the lines that each took in."""

import polars as pl
import streamlit as st

from dashboard import charts, columns, downloads, hub, tables
from dashboard.language import _, mark, n_
from dashboard.written import moment, number

DRAWN = 60  # cycles in the chart
PARTS = {
    "accepted": (mark("accepted"), "#a9c7c6"),
    "deferred": (mark("wait"), "#e0a12e"),
    "quarantined": (mark("refused"), "#a8322d"),
}


def tiles(cycles: pl.DataFrame) -> None:
    """The last cycle, and how many lines it took in and refused."""
    last = cycles.row(0, named=True)
    tables.tiles(
        [
            (_("Last cycle"), number(last["cycle"]), moment(last["clock"])),
            (
                _("Lines"),
                number(last["changes"]),
                n_("of {count} segment", "of {count} segments", last["segments"]),
            ),
            (_("Accepted"), number(last["accepted"]), _("lines")),
            (_("Wait"), number(last["deferred"]), _("lines, for their parent")),
            (_("Refused"), number(last["quarantined"]), _("lines, into quarantine")),
        ]
    )


def chart(cycles: pl.DataFrame) -> None:
    """Lines by cycle, by what became of them; cycles without any are left out."""
    busy = cycles.filter(pl.col("changes") > 0).head(DRAWN).reverse()
    if busy.is_empty():
        return
    st.subheader(_("Lines by cycle"), anchor=False)
    st.caption(
        n_(
            "The last cycle that took any in.",
            "The last {count} cycles that took any in.",
            busy.height,
        )
    )
    st.vega_lite_chart(charts.stacked(busy.select("cycle", *PARTS), PARTS))


def page() -> None:
    """Draw the page."""
    cycles = hub.cycles()
    if cycles.is_empty():
        st.info(_("No cycle has run yet: run `mainstem sync`."))
        return
    tiles(cycles)
    chart(cycles)
    line = n_("The only cycle", "The last {count} cycles, the newest first", cycles.height)
    downloads.headed(line, "cycles", _("Runs"), {}, lambda: cycles, cycles.height)
    tables.draw(cycles, columns.CYCLE, cycles.height)


page()
