"""What a page of reports is declared by: its views, each with its figures and charts, in SQL.

`told` are the rows that the filters leave of a report, `shown` those of them that the view shows.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from dashboard.charts import Spec


@dataclass(frozen=True)
class Figure:
    """A figure over `told`: its label, the expression, how it is written, a note."""

    label: str
    sql: str
    form: str = "{:,.0f}"
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart of what a query makes of `shown`; without rows it is left out."""

    title: str
    note: str
    sql: str
    draw: Callable[[pl.DataFrame], Spec]


@dataclass(frozen=True)
class View:
    """A report's rows where a condition holds; `empty` says why there may be none."""

    name: str
    report: str
    empty: str
    where: str = "true"
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
