"""Runs: the last cycles, and what became of the lines that each took in."""

import polars as pl
import streamlit as st

from dashboard import access, charts, columns, downloads, hub, show, tables
from dashboard.language import _, mark, n_
from dashboard.written import moment, number
from pipelines import history, settings

DRAWN = 60  # cycles in the chart
PARTS = {
    "accepted": (mark("accepted"), "#a9c7c6"),
    "deferred": (mark("wait"), "#e0a12e"),
    "quarantined": (mark("refused"), "#c4453c"),
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
    note = n_(
        "The last cycle that took any in.",
        "The last {count} cycles that took any in.",
        busy.height,
    )
    show.chart("Lines by cycle", note, charts.stacked(busy.select("cycle", *PARTS), PARTS), {})


def with_runs(cycles: pl.DataFrame, url: str) -> pl.DataFrame:
    """The cycles, with the address of the run of Dagster that each was, if it was one."""
    runs = {cycle: f"{url}/runs/{run}" for cycle, run in history.runs(access.home()).items()}
    address = pl.col("cycle").replace_strict(runs, default=None, return_dtype=pl.String)
    return cycles.with_columns(run=address)


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
    url = settings.dagster_url()
    if not (url and access.may("dagster")):
        tables.draw(cycles, columns.CYCLE, cycles.height)
        return
    tables.draw(with_runs(cycles, url), columns.CYCLE, cycles.height)
    st.caption(
        _(
            "A cycle of `mainstem sync`, or that Dagster ran, has its run on "
            "[Dagster's page]({url}), which asks nobody who he is: it is shown to administrators, "
            "and answers on the hub's own machine only, or where a tunnel leads to it.",
            url=url,
        )
    )


page()
