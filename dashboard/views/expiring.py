"""Expiring: batches in stock that expire within so many days, or have, and what will be left."""

from functools import partial

from dashboard import charts, show
from dashboard.declared import Chart, Figure, View, top_items, top_stores
from dashboard.language import mark
from dashboard.marks import EXPIRING
from warehouse.conditions import EXPIRED

LOST = "expected_to_expire * cost_per_unit"
FIGURES = (
    Figure("Batches", "count(*)", note="expired or expiring"),
    Figure("Expired", f"count(*) filter ({EXPIRED})", note="batches still in stock"),
    Figure("Expired value", f"sum(value) filter ({EXPIRED})", "{:,.2f}", "home currency"),
    Figure("Value at risk", f"sum({LOST})", "{:,.2f}", "what will not be used in time"),
)
# By month: value of what will be used before it expires, and of what will not.
MONTHS = f"""
select
    strftime(expiry_date, '%Y-%m') as month, sum({LOST}) as lost, sum(value - {LOST}) as used
from shown group by month order by month
"""
PARTS = {
    "lost": (mark("will not be used"), "#c4453c"),
    "used": (mark("will be used before"), "#a9c7c6"),
}
DEAREST = top_items(f"sum({LOST})", f"sum({LOST}) > 0")
CHARTS = (
    Chart("By month of expiry", "Value.", MONTHS, partial(charts.stacked, parts=PARTS)),
    Chart("Items with the most at risk", "Value that will not be used.", DEAREST, charts.ranked),
)
GONE = (
    Chart(
        "Stores with the most", "Value that has expired.", top_stores("sum(value)"), charts.ranked
    ),
    Chart("Items with the most", "Value that has expired.", top_items("sum(value)"), charts.ranked),
)
NONE = "No batch in stock expires within these days, nor has."

show.page(
    "Expiring",
    View("All", "expiring", NONE, figures=FIGURES, charts=CHARTS, marks=EXPIRING),
    View(
        "Expired",
        "expiring",
        "No batch in stock has expired.",
        where=EXPIRED,
        figures=FIGURES,
        charts=GONE,
        marks=EXPIRING,
    ),
    View(
        "Will be left",
        "expiring",
        "All that expires within these days will be used before.",
        where="days_to_expiry > 0 and expected_to_expire > 0",
        figures=FIGURES,
        charts=CHARTS,
        marks=EXPIRING,
    ),
)
