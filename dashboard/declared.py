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
    """A report's rows where a condition holds; `empty` says why there may be none.

    `marks` are words for rows that need somebody, each with its condition, the first that holds
    counts: a column of the page's table has them. Rows have the colour (`tables.ROW`) of
    their mark, or of what the column `coloured` says.
    """

    name: str
    report: str
    empty: str
    where: str = "true"
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    coloured: str = ""

    @property
    def columns(self) -> str:
        """What the page's table selects: the report's columns, the mark of each row before them."""
        if not self.marks:
            return "*"
        words = " ".join(f"when {holds} then '{word}'" for word, holds in self.marks)
        return f"case {words} else '' end as note, *"


def top_items(value: str, having: str = "true") -> str:
    """The query of the ten items of `shown` that have the most of an aggregate, for charts.ranked.

    Code and name are the label, as the filters have them.
    """
    return _top("item", value, having)


def top_stores(value: str, having: str = "true") -> str:
    """The same of the ten stores."""
    return _top("store", value, having)


def _top(thing: str, value: str, having: str) -> str:
    return f"""
select concat_ws(' · ', {thing}_code, nullif({thing}_name, '')) as label, value
from (
    select {thing}_code, {value} as value
    from shown group by {thing}_code having {having}
    order by value desc, {thing}_code limit 10
)
left join named_{thing} using ({thing}_code)
order by value desc, {thing}_code
"""
