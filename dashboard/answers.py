"""What pages ask of reports: counts, figures and the first rows, worked out where the rows are.

Only downloads fetch a report whole: some have millions of rows. Answers are cached for as long as
the published file and the reports' clock are the same.
"""

from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import streamlit as st

from dashboard.declared import View
from dashboard.language import _
from dashboard.published import Snapshot, current, day_clock, minute_clock
from warehouse import report
from warehouse.filters import Filters

SHOWN = 10_000  # rows that a page's table shows; downloads have them all
# Reports whose query costs more than their rows: what a page asks of one is asked of a copy.
GATHERED = ("expiring", "stock-history", "consumption", "redistribution")
COUNT = "select count(*) as count from shown"
CLOCKS = {"confidence": minute_clock}  # it counts the seconds since a contact


@dataclass(frozen=True)
class Answer:
    """A view's rows: the first, up to SHOWN, and how many there are."""

    rows: pl.DataFrame
    count: int


def answer(view: View, filters: Filters) -> Answer:
    """A view's rows in the report's order."""
    rows = first(view, filters)
    count = rows.height
    if count == SHOWN:
        count = ask(view, filters, COUNT)["count"][0]
    return Answer(rows, count)


def first(view: View, filters: Filters) -> pl.DataFrame:
    """The first of a view's rows in the report's order, up to SHOWN."""
    return _told(view, filters, f"select {view.columns} from shown limit {SHOWN}", True)


def figures(view: View, filters: Filters) -> list[Any]:
    """The view's figures, in their order; None for one that nothing tells of."""
    if not view.figures:
        return []
    return list(ask(view, filters, _of_figures(view)).row(0))


def rows(view: View, filters: Filters) -> pl.DataFrame:
    """Every row of a view: what a download holds."""
    return _read(current(), view.report, view.where, _now(view, filters), "from shown", True)


def ask(view: View, filters: Filters, question: str) -> pl.DataFrame:
    """What a query makes of the view's rows, `told` and `shown`, which have no order."""
    questions = _questions(view)
    if view.report in GATHERED and question in questions and len(questions) > 1:
        now = _now(view, filters)
        with st.spinner(_("Reading the report")):
            return _gathered(current(), view.report, view.where, now, questions)[question]
    return _told(view, filters, question, False)


def _questions(view: View) -> tuple[str, ...]:
    """What a page asks of a view besides its rows."""
    figures = [_of_figures(view)] if view.figures else []
    return (COUNT, *figures, *(chart.sql for chart in view.charts))


def _of_figures(view: View) -> str:
    told = ", ".join(f"{figure.sql} as figure_{at}" for at, figure in enumerate(view.figures))
    return f"select {told} from told"


@st.cache_resource(show_spinner=False, max_entries=32)
def _gathered(
    snapshot: Snapshot, name: str, where: str, filters: Filters, questions: tuple[str, ...]
) -> dict[str, pl.DataFrame]:
    with snapshot.opened(filters) as con:
        query = report.unordered(report.query(name, filters))
        con.execute(f"create temp table told as {query}")
        con.execute(f"create temp view shown as from told where {where}")
        return {question: con.execute(question).pl() for question in questions}


def _told(view: View, filters: Filters, question: str, ordered: bool) -> pl.DataFrame:
    with st.spinner(_("Reading the report")):
        return _ask(current(), view.report, view.where, _now(view, filters), question, ordered)


def _now(view: View, filters: Filters) -> Filters:
    return replace(filters, now=CLOCKS.get(view.report, day_clock)())


@st.cache_resource(show_spinner=False, max_entries=32)
def _ask(
    snapshot: Snapshot, name: str, where: str, filters: Filters, question: str, ordered: bool
) -> pl.DataFrame:
    return _read(snapshot, name, where, filters, question, ordered)


def _read(
    snapshot: Snapshot, name: str, where: str, filters: Filters, question: str, ordered: bool
) -> pl.DataFrame:
    query = report.query(name, filters)
    told = query if ordered else report.unordered(query)
    # Not materialized: a question asks for few of the columns.
    shown = f"with told as not materialized ({told}\n), shown as not materialized (\n"
    shown += f"    from told where {where}\n)\n{question}"
    with snapshot.opened(filters) as con:
        return con.execute(shown).pl()
