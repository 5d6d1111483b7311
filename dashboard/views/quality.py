"""Quality: how suites judged the last cycles, what broke them, where figures cannot be right."""

import polars as pl
import streamlit as st

from dashboard import access, answers, charts, columns, downloads, judged, show, tables
from dashboard.language import _, mark, n_
from dashboard.written import number

CYCLES = 40  # in the chart
# The figures of `mainstem verify`: what they are called, what they mean, what is said without any.
ODD = {
    "ledger_disagreements": (
        mark("Ledger and stock lines disagree"),
        mark("Movements are missing, or stock was changed without one. Both in units."),
        mark("Ledger and stock lines agree everywhere."),
    ),
    "below_nothing": (
        mark("The ledger falls below nothing"),
        mark("The first day on which more had gone out than came in, and the units of that day."),
        mark("The ledger is nowhere below nothing."),
    ),
    "unknown_items": (
        mark("Items that are not known"),
        mark("Stock lines and movements that stand in no report until their item comes."),
        mark("Every item with stock or movements is known."),
    ),
}


def tiles(newest: pl.DataFrame) -> None:
    """How many expectations the newest data met, and how many figures are odd."""
    broken = newest.filter(pl.col("standing") != judged.MET)
    critical = broken.filter(standing="critical").height
    told = []
    if newest.height:
        met = number(newest.height - broken.height)
        met = _("{count} of {total}", count=met, total=number(newest.height))
        of = n_("of {count} suite", "of {count} suites", newest["suite"].n_unique())
        grave = n_("{count} of them critical", "{count} of them critical", critical)
        told += [(_("Expectations met"), met, of), (_("Broken"), number(broken.height), grave)]
    labels = {
        "ledger_disagreements": _("Disagreements"),
        "below_nothing": _("Below nothing"),
        "unknown_items": _("Unknown items"),
    }
    told += [
        (label, number(judged.odd(name).height), _("items of stores"))
        for name, label in labels.items()
    ]
    tables.tiles(told)


def suites(told: pl.DataFrame, newest: pl.DataFrame) -> None:
    """The suites over the last cycles, their newest outcome, and examples of what broke them."""
    st.subheader(_("Suites over the last cycles"), anchor=False)
    st.caption(
        _(
            "A cycle is judged of what it changed: each of `mainstem sync` and of Dagster, one "
            "every quarter of an hour under `mainstem up`. A suite without rows leaves a cycle out."
        )
    )
    st.vega_lite_chart(charts.strip(judged.by_cycle(told, CYCLES)))
    st.subheader(_("Newest outcome"), anchor=False)
    shown = newest.drop("sample")
    line = show.counted(shown.height, shown.height)
    downloads.headed(line, "quality", _("Quality"), {}, lambda: shown, shown.height)
    tables.draw(
        tables.coloured(shown.with_columns(says=_said(shown["says"])), "standing"),
        columns.JUDGED,
        shown.height,
        column_order=tuple(columns.JUDGED),
    )
    for row in newest.filter(pl.col("standing") != judged.MET).iter_rows(named=True):
        of = n_(
            "{broken} of {count} row breaks it", "{broken} of {count} rows break it", row["rows"],
            broken=number(row["broken"]),
        )  # fmt: skip
        with st.expander(f"{row['suite']} · {_(row['says'])} {of}"):
            tables.draw(judged.sample(row), {}, len(row["sample"]))


def _said(says: pl.Series) -> pl.Series:
    """What is expected, in the language that is spoken; what this version does not know stays."""
    return pl.Series([_(told) for told in says], dtype=pl.String)


def odd(name: str) -> None:
    """The figures of one kind that cannot be right."""
    title, about, empty = ODD[name]
    st.subheader(_(title), anchor=False)
    rows = judged.odd(name)
    if rows.is_empty():
        st.caption(_(empty))
        return
    st.caption(_(about))
    shown = rows.head(answers.SHOWN)
    file = name.replace("_", "-")
    downloads.headed(
        show.counted(rows.height, shown.height), file, _(title), {}, lambda: rows, rows.height
    )
    tables.linked(shown, columns.ODD, shown, f"odd:{name}")


def page() -> None:
    """Draw the page."""
    whole = access.user().scope.everything
    told = judged.judged() if whole else judged.NONE
    newest = judged.newest(told)
    tiles(newest)
    if told.height:
        suites(told, newest)
    elif whole:
        st.info(_("The suites have judged no cycle yet: `mainstem sync` has them judge."))
    else:
        st.caption(_("The suites judge the whole system: who sees all of it sees what they say."))
    for name in ODD:
        odd(name)


page()
