"""Consumption: what customer invoices took, by month, store and item."""

from functools import partial

from dashboard import charts, show
from dashboard.declared import Chart, Figure, View, top_items
from dashboard.language import mark

FIGURES = (
    Figure("Units used", "sum(quantity)", note="of all items, transfers with them"),
    Figure("Months", "count(distinct month)", note="with use"),
    Figure("Stores", "count(distinct store_code)", note="that used something"),
    Figure("Items", "count(distinct item_code)", note="that were used"),
)
MONTHS = "select month, sum(quantity) as quantity from shown group by month order by month"
ITEMS = top_items("sum(quantity)")
PARTS = {"quantity": (mark("units used"), charts.USE["used"][1])}

show.page(
    "Consumption",
    View(
        "By month",
        "consumption",
        "No customer invoice is confirmed or finalised.",
        figures=FIGURES,
        charts=(
            Chart("By month", "Units.", MONTHS, partial(charts.stacked, parts=PARTS)),
            Chart("Top items", "Units of the ten used most.", ITEMS, charts.ranked),
        ),
    ),
)
