"""The two download buttons of a table: CSV and Excel, made when they are pressed."""

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl
import streamlit as st

from dashboard import access, export, published, words, written
from dashboard.language import _, mark
from pipelines import output

SIMULATED = mark("Simulated data: an invented country")
# What rows are narrowed to, by its label: text, a day, or words of reports (`words`).
Chosen = Mapping[str, str | date | tuple[str, ...]]


def headed(
    line: str,
    report: str,
    title: str,
    chosen: Chosen,
    rows: Callable[[], pl.DataFrame],
    count: int,
) -> None:
    """Say in a line what a table holds, with the buttons for it beside."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(line, width="stretch")
        buttons(report, title, chosen, rows, count)


def buttons(
    report: str, title: str, chosen: Chosen, rows: Callable[[], pl.DataFrame], count: int
) -> None:
    """Offer `rows` of a report as files; `chosen` says in words what they are narrowed to.

    Who may not download is offered none.
    """
    if not access.may("download"):
        return
    told = published.read()
    about = [_("Mainstem, data of cycle {cycle}, {clock}", cycle=told.cycle, clock=told.when)]
    narrowed_to = {label: value for label, value in chosen.items() if value}
    about += [f"{_(label)}: {_written(value)}" for label, value in narrowed_to.items()]
    about += [] if narrowed_to else [_("All rows")]
    about += [_(SIMULATED)] if told.simulated else []
    name = f"{report}-{told.clock:%Y-%m-%d}"
    narrowed = "".join(f", {label} {_noted(value)}" for label, value in narrowed_to.items())
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
            help=_("Narrow the rows first: a sheet holds a million.")
            if count > export.EXCEL_ROWS
            else None,
        )


def _written(value: str | date | tuple[str, ...]) -> str:
    """A filter for a file's header, in the language that is spoken."""
    if isinstance(value, tuple):
        return ", ".join(map(words.word, value))
    return written.day(value) if isinstance(value, date) else value


def _noted(value: str | date | tuple[str, ...]) -> str:
    """A filter for the trail, which is in English."""
    return ", ".join(value) if isinstance(value, tuple) else str(value)
