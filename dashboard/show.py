"""Draws a page of reports from its declared views: filters, figures, charts, rows, downloads."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import answers, columns, downloads, filters, narrow, tables
from dashboard.charts import Spec
from dashboard.declared import View
from pipelines.admin import words
from warehouse.catalogue import REPORTS
from warehouse.filters import Filters

MORE = "Remove a filter to see more."
POINTS = 20_000  # stores that a map shows
NOTHING = "—"  # a figure that nothing tells of


def page(title: str, *views: View) -> None:
    """Draw a page: one of its views, the first unless the URL says another."""
    name = views[0].name
    if len(views) > 1:
        names = [view.name for view in views]
        name = filters.one(st.segmented_control, "Show", "show", names, required=True)
    view = next(view for view in views if view.name == name)
    chosen = narrow.choose(REPORTS[view.report].takes)
    told = answers.answer(view, chosen)
    if not told.count:
        narrowed = set(chosen.values()) - {"--within"}
        st.info(f"{view.empty} {MORE}" if narrowed else view.empty)
        return
    if view.figures:
        figures(view, chosen)
    _charts(view, chosen, narrow.words(chosen))
    whole = title if len(views) == 1 else f"{title}, {view.name.lower()}"
    _rows(view, told, whole, chosen)


def about(key: str, known: dict[str, str], ask: str, tiles: View, parts: Sequence[View]) -> None:
    """Draw a page about one store or item: its figures, then a table of each part.

    `key` is what the URL calls it, `known` are names by code, `ask` says what to choose.
    """
    names = {code: f"{code} · {name}" for code, name in known.items()}
    code = filters.one(
        st.selectbox, key.capitalize(), key, ["", *names],
        format_func=lambda code: names.get(code, ask),
    )  # fmt: skip
    if not code:
        st.info(f"{ask}, or follow a link to one.")
        return
    chosen = Filters(stores=(code,)) if key == "store" else Filters(items=(code,))
    st.subheader(filters.plain(names[code]), anchor=False)
    figures(tiles, chosen)
    if key == "store":
        downloads.card(code)
    _charts(tiles, chosen, {key.capitalize(): names[code]})
    for part in parts:
        st.subheader(part.name, anchor=False)
        told = answers.answer(part, chosen)
        if told.count:
            _rows(part, told, f"{names[code]}, {part.name.lower()}", chosen, key)
        else:
            st.caption(part.empty)


def figures(view: View, chosen: Filters) -> None:
    """Draw a view's figures."""
    tables.tiles(_written(view, answers.figures(view, chosen)))


def _written(view: View, values: list[Any]) -> list[tuple[str, str, str]]:
    return [
        (figure.label, NOTHING if value is None else figure.form.format(value), figure.note)
        for figure, value in zip(view.figures, values, strict=True)
    ]


def _charts(view: View, chosen: Filters, words: dict[str, str]) -> None:
    told = [(chart, answers.ask(view, chosen, chart.sql)) for chart in view.charts]
    drawn = [(it, rows) for it, rows in told if rows.height]
    if not drawn:
        return
    for (it, rows), column in zip(drawn, st.columns(len(drawn), gap="large"), strict=True):
        with column:
            chart(it.title, it.note, it.draw(rows), words)


def chart(title: str, note: str, spec: Spec, chosen: dict[str, str]) -> None:
    """Draw a chart under its title and note, with the button for it as a picture beside."""
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(title, anchor=False, width="stretch")
            downloads.picture_of(spec, title, note, chosen)
        st.caption(note)
    st.vega_lite_chart(spec, alt=f"{title}. {note}")


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
    more = f" · the first {shown:,} are shown, downloads hold all" if count > shown else ""
    return f"{words.counted(count, 'row', 'rows')}{more}"
