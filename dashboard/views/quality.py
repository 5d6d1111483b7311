"""Quality: how suites judged the last cycles, what broke them, where figures cannot be right."""

import polars as pl
import streamlit as st

from dashboard import access, answers, charts, columns, downloads, judged, show, tables

CYCLES = 40  # in the chart
# The figures of `mainstem verify`: what they are called, what they mean, what is said without any.
ODD = {
    "ledger_disagreements": (
        "Ledger and stock lines disagree",
        "Movements are missing, or stock was changed without one. Both in units.",
        "Ledger and stock lines agree everywhere.",
    ),
    "below_nothing": (
        "The ledger falls below nothing",
        "The first day on which more had gone out than came in, and the units of that day.",
        "The ledger is nowhere below nothing.",
    ),
    "unknown_items": (
        "Items that are not known",
        "Stock lines and movements that stand in no report until their item comes.",
        "Every item with stock or movements is known.",
    ),
}


def tiles(newest: pl.DataFrame) -> None:
    """How many expectations the newest data met, and how many figures are odd."""
    broken = newest.filter(pl.col("standing") != judged.MET)
    critical = broken.filter(standing="critical").height
    told = []
    if newest.height:
        met = f"{newest.height - broken.height:,} of {newest.height:,}"
        told += [
            ("Expectations met", met, f"of {newest['suite'].n_unique():,} suites"),
            ("Broken", f"{broken.height:,}", f"{critical:,} of them critical"),
        ]
    notes = {"ledger_disagreements": "Disagreements", "below_nothing": "Below nothing"}
    notes |= {"unknown_items": "Unknown items"}
    told += [
        (label, f"{judged.odd(name).height:,}", "items of stores") for name, label in notes.items()
    ]
    tables.tiles(told)


def suites(told: pl.DataFrame, newest: pl.DataFrame) -> None:
    """The suites over the last cycles, their newest outcome, and examples of what broke them."""
    st.subheader("Suites over the last cycles", anchor=False)
    st.caption(
        "A cycle is judged of what it changed: each of `mainstem sync` and of Dagster, one every "
        "quarter of an hour under `mainstem up`. A suite without rows leaves a cycle out."
    )
    st.vega_lite_chart(charts.strip(judged.by_cycle(told, CYCLES)))
    st.subheader("Newest outcome", anchor=False)
    shown = newest.drop("sample")
    line = show.counted(shown.height, shown.height)
    downloads.headed(line, "quality", "Quality", {}, lambda: shown, shown.height)
    tables.draw(
        tables.coloured(shown, "standing"),
        columns.JUDGED,
        shown.height,
        column_order=tuple(columns.JUDGED),
    )
    for row in newest.filter(pl.col("standing") != judged.MET).iter_rows(named=True):
        label = f"{row['suite']} · {row['says']} {row['broken']:,} of {row['rows']:,} rows break it"
        with st.expander(label):
            tables.draw(judged.sample(row), {}, len(row["sample"]))


def odd(name: str) -> None:
    """The figures of one kind that cannot be right."""
    title, about, empty = ODD[name]
    st.subheader(title, anchor=False)
    rows = judged.odd(name)
    if rows.is_empty():
        st.caption(empty)
        return
    st.caption(about)
    shown = rows.head(answers.SHOWN)
    file = name.replace("_", "-")
    downloads.headed(
        show.counted(rows.height, shown.height), file, title, {}, lambda: rows, rows.height
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
        st.info("The suites have judged no cycle yet: `mainstem sync` has them judge.")
    else:
        st.caption("The suites judge the whole system: who sees all of it sees what they say.")
    for name in ODD:
        odd(name)


page()
