"""Batches: every stock line with packs, its expiry, where it lies, what it is worth."""

from dashboard import charts, show
from dashboard.declared import Chart, Figure, View, top_items

FIGURES = (
    Figure("Batches", "count(*)", note="stock lines with packs"),
    Figure("Units", "sum(quantity)", note="of all items"),
    Figure("Value", "sum(value)", "{:,.2f}", "home currency"),
    Figure("Without expiry", "count(*) filter (expiry_date is null)", note="no day is known"),
    Figure("Below zero", "count(*) filter (packs < 0)", note="given out before it came in"),
)
NONE = "No store has stock."

show.page(
    "Batches",
    View(
        "All",
        "stock-by-batch",
        NONE,
        figures=FIGURES,
        charts=(
            Chart(
                "Items with the most value", "Home currency.", top_items("sum(value)"),
                charts.ranked,
            ),
        ),
    ),
    View("Below zero", "stock-by-batch", "No batch is below zero.", "packs < 0", FIGURES),
    View(
        "Without expiry",
        "stock-by-batch",
        "Every batch has a day of expiry.",
        "expiry_date is null",
        FIGURES,
    ),
)  # fmt: skip
