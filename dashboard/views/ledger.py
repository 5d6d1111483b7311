"""Ledger: month by month what a store had of an item, what came, what went, what was left."""

from functools import partial

from dashboard import charts, show
from dashboard.declared import Chart, Figure, View
from dashboard.language import mark

FIGURES = (
    Figure("Months", "count(distinct month)", note="from the first movement on"),
    Figure("Received", "sum(received)", note="units"),
    Figure("Issued", "sum(issued)", note="units"),
    Figure("Adjusted", "sum(adjusted)", "{:+,.0f}", "units"),
)
MONTHS = """
select month, sum(received) as received, -sum(issued) as issued, sum(adjusted) as adjusted
from shown group by month order by month desc limit 36
"""
LEFT = (
    "select month, sum(closing) as closing from shown group by month order by month desc limit 36"
)
MOVED = {
    "received": (mark("received"), "#2f8f83"),
    "issued": (mark("issued"), "#1f6f78"),
    "adjusted": (mark("adjusted"), "#e0a12e"),
}
CLOSING = {"closing": (mark("on hand at the end of the month"), "#6f93c4")}

show.page(
    "Ledger",
    View(
        "All",
        "stock-history",
        "No movement of stock is confirmed or finalised.",
        figures=FIGURES,
        charts=(
            Chart(
                "What moved", "Units of all that is shown, the last 36 months.",
                f"from ({MONTHS}) order by month", partial(charts.stacked, parts=MOVED),
            ),
            Chart(
                "What was left", "Units at the end of each month.",
                f"from ({LEFT}) order by month", partial(charts.stacked, parts=CLOSING),
            ),
        ),
    ),
    View("Below zero", "stock-history", "Nothing was ever below zero.", "closing < 0", FIGURES),
)  # fmt: skip
