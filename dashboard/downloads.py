"""The download buttons: of a table CSV and Excel, of a chart PNG, each made when it is pressed."""

import re
from collections.abc import Callable, Mapping
from datetime import date

import polars as pl
import streamlit as st

from dashboard import access, export, picture, printed, published, words, written
from dashboard.charts import Spec
from dashboard.language import _
from pipelines import output
from warehouse import card as cards

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
    about = [told_of(), *_narrowed(chosen), *_simulated()]
    name, narrowed = _named(report, chosen)
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


def picture_of(spec: Spec, title: str, note: str, chosen: Chosen) -> None:
    """Offer a chart as a PNG that says what it shows; who may not download is offered none."""
    if not access.may("download"):
        return
    about = [note, " · ".join(_narrowed(chosen)), " · ".join([told_of(), *_simulated()])]
    name, narrowed = _named(re.sub(r"\W+", "-", title.lower()), chosen)
    said = _(title)
    st.download_button(
        "PNG",
        access.done("download", lambda: picture.png(spec, said, about), f"{name}.png{narrowed}"),
        f"{name}.png",
        "image/png",
        key=f"png:{title}",
        icon=":material/image:",
        type="tertiary",
        on_click="ignore",
        help=_("{title}, as a picture", title=said),
    )


def card(store: str = "") -> None:
    """Offer the report card of a store, or of all that who looks may see, as a PDF."""
    if not access.may("download"):
        return
    name = f"card{f'-{store}' if store else ''}-{published.read().clock:%Y-%m-%d}.pdf"

    def made() -> bytes:
        snapshot = published.current()
        now = published.minute_clock()
        return printed.pdf(cards.read(snapshot.path, store, snapshot.scope, now=now))

    st.download_button(
        _("Report card"),
        access.done("download", made, name),
        name,
        printed.PDF,
        key="card",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
        help=_("One page to print: the figures, use by month, what needs somebody"),
    )


def told_of() -> str:
    """Which data a file holds."""
    told = published.read()
    return _("Mainstem, data of cycle {cycle}, {clock}", cycle=told.cycle, clock=told.when)


def _narrowed(chosen: Chosen) -> list[str]:
    told = [f"{_(label)}: {_written(value)}" for label, value in chosen.items() if value]
    return told or [_("All rows")]


def _simulated() -> list[str]:
    return [_(printed.SIMULATED)] if published.read().simulated else []


def _named(what: str, chosen: Chosen) -> tuple[str, str]:
    """What a file is called, and what it is narrowed to, for the trail: both in English."""
    told = [f", {label} {_noted(value)}" for label, value in chosen.items() if value]
    return f"{what}-{published.read().clock:%Y-%m-%d}", "".join(told)


def _written(value: str | date | tuple[str, ...]) -> str:
    """A filter for a file's header, in the language that is spoken."""
    if isinstance(value, tuple):
        return ", ".join(map(words.word, value))
    return written.day(value) if isinstance(value, date) else value


def _noted(value: str | date | tuple[str, ...]) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
