"""Orders: lines of requisitions and purchase orders, what came of them, and when."""

from functools import partial

from dashboard import charts, show
from dashboard.declared import Chart, Figure, View
from dashboard.marks import ORDERS, SHORT

CAME = "greatest(least(supplied, ordered), 0)"
OPEN = "days is null and coalesce(fill_rate, 0) < 1"
FIGURES = (
    Figure("Lines", "count(*)", note="of all orders"),
    Figure("Open", f"count(*) filter ({OPEN})", note="not all came, no day of supply"),
    Figure(
        "Filled by quantity", f"sum({CAME}) / nullif(sum(ordered), 0)", "{:.1%}", "units supplied"
    ),
    Figure("Filled by line", "avg(fill_rate)", "{:.1%}", "mean of the lines"),
    Figure("Lead time", "median(days)", note="days, the middle one"),
)
SUPPLIERS = f"""
select supplier as label, sum({CAME}) / nullif(sum(ordered), 0) as value
from shown where supplier <> ''
group by label having sum(ordered) > 0 order by sum(ordered) desc, label limit 10
"""
CHARTS = (
    Chart(
        "Fill rate by supplier",
        "Units supplied of those ordered, of the ten asked for most.",
        SUPPLIERS,
        partial(charts.ranked, form=".1%"),
    ),
)

show.page(
    "Orders",
    View(
        "All",
        "orders",
        "No order was sent or confirmed.",
        figures=FIGURES,
        charts=CHARTS,
        marks=ORDERS,
    ),
    View("Open", "orders", "Every order was supplied.", OPEN, FIGURES),
    View(
        "Short",
        "orders",
        "Every order that was supplied was filled.",
        SHORT,
        FIGURES,
        marks=ORDERS,
    ),
)
