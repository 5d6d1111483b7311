"""Redistribution: who has more than enough, and could give to whom that runs short."""

from functools import partial

from dashboard import charts, show
from dashboard.declared import Chart, Figure, View, top_items

FIGURES = (
    Figure("Suggestions", "count(*)", note="a giver, a taker, an item"),
    Figure("Value", "sum(value)", "{:,.2f}", "home currency, to be moved"),
    Figure("Stores helped", "count(distinct to_store)", note="that run short"),
    Figure("Givers", "count(distinct from_store)", note="with more than 6 months"),
    Figure("Distance", "median(distance_km)", "{:,.1f}", "km, the middle one"),
)
DEAREST = top_items("sum(value)", "sum(value) is not null")
CHARTS = (
    Chart("Items with the most value", "Home currency, to be moved.", DEAREST,
        partial(charts.ranked, form=",.2f")),
)  # fmt: skip

show.page(
    "Redistribution",
    View(
        "Suggestions",
        "redistribution",
        "No store runs short of what another one within reach has more than enough of.",
        figures=FIGURES,
        charts=CHARTS,
    ),
)
