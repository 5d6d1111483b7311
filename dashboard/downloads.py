"""The two download buttons of a table: CSV and Excel, made when they are pressed."""

from collections.abc import Callable

import polars as pl
import streamlit as st

from dashboard import access, export, published
from pipelines import output

SIMULATED = "Simulated data: an invented country"


def headed(
    line: str,
    report: str,
    title: str,
    chosen: dict[str, str],
    rows: Callable[[], pl.DataFrame],
    count: int,
) -> None:
    """Say in a line what a table holds, with the buttons for it beside."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(line, width="stretch")
        buttons(report, title, chosen, rows, count)


def buttons(
    report: str, title: str, chosen: dict[str, str], rows: Callable[[], pl.DataFrame], count: int
) -> None:
    """Offer `rows` of a report as files; `chosen` says in words what they are narrowed to.

    Who may not download is offered none.
    """
    if not access.may("download"):
        return
    told = published.read()
    about = [f"Mainstem, {told.line}"]
    about += [f"{label}: {value}" for label, value in chosen.items() if value] or ["All rows"]
    about += [SIMULATED] if told.simulated else []
    name = f"{report}-{told.clock:%Y-%m-%d}"
    narrowed = "".join(f", {label} {value}" for label, value in chosen.items() if value)
    with st.container(horizontal=True, width="content"):
        st.download_button(
            "CSV",
            access.done("download", lambda: output.csv(rows()), f"{name}.csv{narrowed}"),
            f"{name}.csv",
            "text/csv",
            key=f"csv:{title}",
            icon=":material/download:",
            on_click="ignore",
            disabled=not count,
        )
        st.download_button(
            "Excel",
            access.done(
                "download", lambda: export.excel(rows(), title, about), f"{name}.xlsx{narrowed}"
            ),
            f"{name}.xlsx",
            export.XLSX,
            key=f"xlsx:{title}",
            icon=":material/download:",
            on_click="ignore",
            disabled=not 0 < count <= export.EXCEL_ROWS,
            help="Narrow the rows first: a sheet holds a million."
            if count > export.EXCEL_ROWS
            else None,
        )
