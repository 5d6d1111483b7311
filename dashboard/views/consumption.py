"""Consumption: what customer invoices took, by month, level, year and store."""

from functools import partial

from dashboard import charts, show
from dashboard.declared import Chart, Figure, View, top_items, top_stores
from dashboard.language import mark

FIGURES = (
    Figure("Units used", "sum(quantity)", note="of all items, transfers with them"),
    Figure("Months", "count(distinct month)", note="with use"),
    Figure("Stores", "count(distinct store_code)", note="that used something"),
    Figure("Items", "count(distinct item_code)", note="that were used"),
)
# The last twelve months with use, and the twelve before them, of all that is shown.
AGO = "datediff('month', (month || '-01')::date, (select max(month) || '-01' from told)::date)"
NOW = f"sum(quantity) filter ({AGO} < 12)"
BEFORE = f"sum(quantity) filter ({AGO} between 12 and 23)"
YEARS = (
    Figure("Last twelve months", NOW, note="to the last with use"),
    Figure("The twelve before", BEFORE, note="units"),
    Figure("Change", f"({NOW}) / nullif({BEFORE}, 0) - 1", "{:+.1%}", "of the two"),
)
MONTHS = "select month, sum(quantity) as quantity from shown group by month order by month"
ITEMS = top_items("sum(quantity)")
PARTS = {"quantity": (mark("units used"), charts.USE["used"][1])}
UNNAMED = mark("no level")
LEVEL = "coalesce(store.level, '')"
OF_LEVEL = f"""
select {LEVEL} as label, sum(shown.quantity) as value
from shown join marts.store as store using (store_code)
group by label order by value desc, label limit 6
"""
LEVELS = f"""
select shown.month, {LEVEL} as kind, sum(shown.quantity) as units
from shown join marts.store as store using (store_code)
where kind in (select label from ({OF_LEVEL}))
group by all order by month, kind
"""
SEASONS = """
select month[6:7] as month, month[1:4] as kind, sum(quantity) as units
from shown group by all order by month, kind
"""
YEARLY = """
select month[1:4] as label, sum(quantity) as value
from shown group by label order by label desc limit 10
"""
STORES = top_stores("sum(quantity)")
STORES_BY_MONTH = """
select month, store_code as kind, sum(quantity) as units
from shown
where store_code in (
    select store_code from shown group by store_code order by sum(quantity) desc, store_code limit 6
)
group by all order by month, kind
"""
NONE = mark("No customer invoice is confirmed or finalised.")

show.page(
    "Consumption",
    View(
        "By month",
        "consumption",
        NONE,
        figures=FIGURES,
        charts=(
            Chart("By month", "Units.", MONTHS, partial(charts.stacked, parts=PARTS)),
            Chart("Top items", "Units of the ten used most.", ITEMS, charts.ranked),
        ),
    ),
    View(
        "By level",
        "consumption",
        NONE,
        figures=FIGURES,
        charts=(
            Chart(
                "By level of store", "Units by month.", LEVELS,
                partial(charts.lines, unnamed=UNNAMED),
            ),
            Chart(
                "Levels", "Units of all months shown.", OF_LEVEL,
                partial(charts.ranked, unnamed=UNNAMED),
            ),
        ),
    ),
    View(
        "Years",
        "consumption",
        NONE,
        figures=YEARS,
        charts=(
            Chart("Season", "Units by month of the year, a line per year.", SEASONS, charts.lines),
            Chart("Years", "Units of the months shown.", YEARLY, charts.ranked),
        ),
    ),
    View(
        "Stores",
        "consumption",
        NONE,
        figures=FIGURES,
        charts=(
            Chart(
                "Stores by month", "Units of the six that used most.", STORES_BY_MONTH, charts.lines
            ),
            Chart("Top stores", "Units of the ten that used most.", STORES, charts.ranked),
        ),
    ),
)  # fmt: skip
