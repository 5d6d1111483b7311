"""Draws a page of reports from its declared views: filters, figures, charts, rows, downloads."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import (
    answers,
    charts,
    columns,
    downloads,
    filters,
    hub,
    many,
    narrow,
    queries,
    tables,
    written,
)
from dashboard.charts import Spec
from dashboard.declared import View
from dashboard.downloads import Chosen
from dashboard.language import _, mark, n_
from warehouse.catalogue import REPORTS
from warehouse.filters import Filters

MORE = mark("Remove a filter to see more.")
POINTS = 20_000  # stores that a map shows
NOTHING = "—"  # a figure that nothing tells of
PAIRS = 1_000_000  # items of stores that are worked on at once, at most
TOO_MUCH = mark(
    "There are {count} items of stores: choose a region, a district, a store or an item first."
)
TOO_FAR = mark(
    "There are {count} items of stores: choose an item, a category of items or a programme first."
)
THINGS = {"--item", "--category", "--programme"}
PLACES = {"--region", "--district", "--level", "--store", "--site"}
# Reports that are worked out for all they are asked about at once: what makes that less, and how it
# is asked for. Who could give to a store may be anywhere.
WHOLE = {
    "stock-history": (PLACES | THINGS, TOO_MUCH),
    "consumption": (PLACES | THINGS, TOO_MUCH),
    "redistribution": (THINGS, TOO_FAR),
}


def page(title: str, *views: View) -> None:
    """Draw a page: one of its views, the first unless the URL says another."""
    name = views[0].name
    if len(views) > 1:
        names = [view.name for view in views]
        name = filters.one(
            st.segmented_control, "Show", "show", names, required=True, format_func=_
        )
    view = next(view for view in views if view.name == name)
    chosen = narrow.choose(REPORTS[view.report].takes)
    if asks := _asks(view, chosen):
        st.info(asks)
        return
    told = answers.answer(view, chosen)
    if not told.count:
        narrowed = set(chosen.values()) - {"--within"}
        st.info(f"{_(view.empty)} {_(MORE)}" if narrowed else _(view.empty))
        return
    if view.figures:
        figures(view, chosen)
    _charts(view, chosen, narrow.words(chosen))
    whole = _(title) if len(views) == 1 else f"{_(title)}, {_(view.name).lower()}"
    _rows(view, told, whole, chosen)


def _asks(view: View, chosen: Filters) -> str:
    """What is to be chosen before a view is worked out; nothing where it need not be."""
    less, asks = WHOLE.get(view.report, (set(), ""))
    if asks and not less & set(chosen.values()) and queries.pairs() > PAIRS:
        return _(asks, count=written.number(queries.pairs()))
    return ""


def about(key: str, names: dict[str, str], ask: str, tiles: View, parts: Sequence[View]) -> None:
    """Draw a page about one store or item: its figures, then a table of each part.

    `key` is what the URL calls it, `names` what each is called, by code, `ask` says what to choose.
    """
    code = many.single(key.capitalize(), key, names, ask)
    if not code:
        st.info(_("{ask}, or follow a link to one.", ask=_(ask)))
        return
    chosen = Filters(stores=(code,)) if key == "store" else Filters(items=(code,))
    st.subheader(filters.plain(names[code]), anchor=False)
    figures(tiles, chosen)
    if key == "store":
        downloads.card(code)
    _charts(tiles, chosen, {key.capitalize(): names[code]})
    for part in parts:
        st.subheader(_(part.name), anchor=False)
        told = answers.answer(part, chosen)
        if told.count:
            _rows(part, told, f"{names[code]}, {_(part.name).lower()}", chosen, key)
        else:
            st.caption(_(part.empty))


def figures(view: View, chosen: Filters) -> None:
    """Draw a view's figures."""
    tables.tiles(_written(view, answers.figures(view, chosen)))


def _written(view: View, values: list[Any]) -> list[tuple[str, str, str]]:
    return [
        (
            _(figure.label),
            NOTHING if value is None else written.number(value, figure.form),
            _(figure.note),
        )
        for figure, value in zip(view.figures, values, strict=True)
    ]


def _charts(view: View, chosen: Filters, words: Chosen) -> None:
    told = [(chart, answers.ask(view, chosen, chart.sql)) for chart in view.charts]
    drawn = [(it, rows) for it, rows in told if rows.height]
    if not drawn:
        return
    for (it, rows), column in zip(drawn, st.columns(len(drawn), gap="large"), strict=True):
        with column:
            chart(it.title, _(it.note), it.draw(rows), words)


def chart(title: str, note: str, spec: Spec, chosen: Chosen) -> None:
    """Draw a chart under its title and note, with the button for it as a picture beside.

    The title is a message, for it names the picture's file; the note is said already.
    """
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(_(title), anchor=False, width="stretch")
            downloads.picture_of(spec, title, note, chosen)
        st.caption(note)
    st.vega_lite_chart(spec, alt=f"{_(title)}. {note}")


def queues(sites: list[int], chosen: Chosen) -> None:
    """Draw how long the queues of sites were, all together, over the last 90 days."""
    told = hub.queues(sites)
    if told.height:
        note = _("Records still owed after the last cycle of each day.")
        chart(mark("Queue by day"), note, charts.steps(told), chosen)


def _rows(view: View, told: answers.Answer, title: str, chosen: Filters, here: str = "") -> None:
    downloads.headed(
        counted(told.count, told.rows.height),
        view.report,
        title,
        narrow.words(chosen),
        lambda: answers.rows(view, chosen),
        told.count,
    )
    known = columns.of(view.report, told.rows.columns)
    by = "note" if view.marks else view.coloured
    few = told.rows.height <= tables.COLOURED
    shown = tables.coloured(told.rows, by) if by and few else tables.shown(told.rows)
    tables.linked(shown, known, told.rows, f"rows:{title}", here)


def counted(count: int, shown: int) -> str:
    """How many rows there are, and that not all of them are shown."""
    told = [n_("{count} row", "{count} rows", count)]
    if count > shown:
        told.append(first(shown))
    return " · ".join(told)


def first(shown: int) -> str:
    """That only the first rows are shown."""
    return _("the first {shown} are shown, downloads hold all", shown=written.number(shown))
