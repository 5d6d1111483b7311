"""What the page Quality reads: how the suites judged the last cycles, and figures that are odd."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import access
from dashboard.language import _
from dashboard.published import Snapshot, current
from pipelines import history
from pipelines.admin.figures import ODD
from pipelines.home import Home

# A row's standing: whether its expectation was met, else how grave it is that it was not.
MET = "met"
GRAVITY = {MET: 0, "warning": 1, "critical": 2}
SCHEMA = {
    "cycle": pl.Int64, "clock": pl.String, "suite": pl.String, "says": pl.String,
    "severity": pl.String, "rows": pl.Int64, "broken": pl.Int64, "sample": pl.Object,
}  # fmt: skip


NONE = pl.DataFrame(schema=SCHEMA | {"standing": pl.String})


def judged() -> pl.DataFrame:
    """A row per cycle and expectation, the newest first; `standing` is met, warning or critical."""
    home = access.home()
    changed = home.history.stat().st_mtime_ns if home.history.is_file() else 0
    return _judged(home, changed)


@st.cache_resource(show_spinner=False, max_entries=2)
def _judged(home: Home, _changed_ns: int) -> pl.DataFrame:
    told = pl.DataFrame(history.judged(home), SCHEMA, orient="row")
    standing = pl.when(pl.col("broken") > 0).then("severity").otherwise(pl.lit(MET))
    return told.with_columns(standing=standing)


def newest(told: pl.DataFrame) -> pl.DataFrame:
    """Of each suite the rows of the last cycle that it judged, the gravest first."""
    last = told.filter(pl.col("cycle") == pl.col("cycle").max().over("suite"))
    return last.sort(_gravity(), descending=True, maintain_order=True)


def _gravity() -> pl.Expr:
    return pl.col("standing").replace_strict(GRAVITY, return_dtype=pl.Int64)


def by_cycle(told: pl.DataFrame, most: int) -> pl.DataFrame:
    """A row per suite and cycle of the last ones: its gravest standing, and how many rows broke."""
    cycles = told["cycle"].unique().sort(descending=True).head(most)
    return (
        told.filter(pl.col("cycle").is_in(cycles.implode()))
        .group_by("suite", "cycle", "clock")
        .agg(
            pl.col("rows").max(),
            pl.col("broken").sum(),
            pl.col("standing").sort_by(_gravity()).last(),
        )
        .sort("cycle", "suite")
    )


def odd(name: str) -> pl.DataFrame:
    """The figures that cannot be right, as `mainstem verify` has them, of the stores granted."""
    with st.spinner(_("Comparing")):
        return _odd(current(), name)


@st.cache_resource(show_spinner=False, max_entries=8)
def _odd(snapshot: Snapshot, name: str) -> pl.DataFrame:
    with snapshot.opened() as con:
        return con.execute(ODD[name][0]).pl()


def sample(row: dict[str, Any]) -> pl.DataFrame:
    """A few of the rows that broke an expectation."""
    return pl.DataFrame(row["sample"])
