"""Stock-outs and risk: spells without stock, what is out now, what will be before long."""

from dashboard import charts, show
from dashboard.declared import Chart, Figure, View, top_items

SPELLS = (
    Figure("Spells", "count(*)", note="without stock"),
    Figure("Not over", """count(*) filter ("to" is null)""", note="without stock today"),
    Figure("Stores", "count(distinct store_code)", note="that ran out of an item"),
    Figure("Days", "sum(days)", note="of all spells"),
    Figure("Longest", "max(days)", note="days"),
)
STATUSES = (
    Figure("Out", "count(*) filter (status = 'out')", note="none on hand, but use"),
    Figure("Low", "count(*) filter (status = 'low')", note="under 3 months of stock"),
    Figure("Stores out", "count(distinct store_code) filter (status = 'out')", note="of an item"),
)
LONGEST = top_items("sum(days)::bigint")
MOST = top_items("count(*)")

show.page(
    "Stock-outs",
    View(
        "Spells",
        "stock-outs",
        "No store ran out of an item that it had in stock.",
        figures=SPELLS,
        charts=(Chart("Items with the most days", "Days without stock.", LONGEST, charts.ranked),),
    ),
    View(
        "Out now",
        "stock-on-hand",
        "No store is out of an item that it used in the last 91 days.",
        where="status = 'out'",
        figures=STATUSES,
        charts=(Chart("Items out in most stores", "Stores without.", MOST, charts.ranked),),
    ),
    View(
        "At risk",
        "stock-on-hand",
        "No store has less than 3 months of stock of an item.",
        where="status = 'low'",
        figures=STATUSES,
        charts=(Chart("Items low in most stores", "Stores that run low.", MOST, charts.ranked),),
    ),
)
