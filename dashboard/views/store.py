"""Store: what one store has, lacks and uses, what is on its way, how far its figures are known."""

from dashboard import offered, show
from dashboard.declared import Figure, View
from dashboard.marks import EXPIRING, TRANSFERS
from warehouse.conditions import ON_ITS_WAY

FIGURES = View(
    "Figures",
    "stock-on-hand",
    "",
    figures=(
        Figure("Value", "sum(value)", "{:,.2f}", "home currency"),
        Figure("Items in stock", "count(*) filter (quantity > 0)"),
        Figure("Out", "count(*) filter (status = 'out')", note="used, and none on hand"),
        Figure("Low", "count(*) filter (status = 'low')", note="under 3 months of stock"),
        Figure("Over", "count(*) filter (status = 'over')", note="above 6 months of stock"),
    ),
)
PARTS = (
    View("How far it is known", "confidence", "It has neither stock nor use.", coloured="grade"),
    View(
        "Out or low",
        "stock-on-hand",
        "Of every item that it uses there is stock for three months.",
        "status in ('out', 'low')",
    ),
    View("Stock", "stock-on-hand", "It has no stock, nor used any in the last 91 days."),
    View(
        "Expiring",
        "expiring",
        "None of its batches expires within 180 days, nor has.",
        marks=EXPIRING,
    ),
    View(
        "On the way",
        "transfers",
        "No transfer from or to it is on the way.",
        ON_ITS_WAY,
        marks=TRANSFERS,
    ),
    View("Use", "consumption", "It has used nothing yet."),
)

show.about("store", offered.options().stores, "Choose a store", FIGURES, PARTS)
