"""Value: what the stock of every store is worth, by store and by region."""

from functools import partial

from dashboard import charts, show
from dashboard.declared import Chart, Figure, View
from dashboard.language import mark

UNNAMED = mark("no region")
STORE = "store_code <> 'TOTAL'"
FIGURES = (
    Figure("Value", f"sum(value) filter ({STORE})", "{:,.2f}", "home currency"),
    Figure("Stores", f"count(*) filter ({STORE})", note="with stock or without"),
    Figure("Without stock", f"count(*) filter ({STORE} and value = 0)", note="worth nothing"),
    Figure("Below zero", f"count(*) filter ({STORE} and value < 0)", note="more out than in"),
)
STORES = """
select concat_ws(' · ', store_code, nullif(store_name, '')) as label, value
from shown where value <> 0 order by value desc, store_code limit 10
"""
REGIONS = """
select nullif(store.region, '') as label, sum(shown.value) as value
from shown join marts.store as store using (store_code)
group by label having sum(shown.value) <> 0 order by value desc, label limit 10
"""

show.page(
    "Value",
    View(
        "By store",
        "stock-value",
        "There is no store yet.",
        where=STORE,
        figures=FIGURES,
        charts=(
            Chart("Stores with the most", "Home currency.", STORES, charts.ranked),
            Chart("By region", "Home currency.", REGIONS, partial(charts.ranked, unnamed=UNNAMED)),
        ),
    ),
)
