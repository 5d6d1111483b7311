"""Item: where one item is and is not, how much of it is used, what of it expires."""

from dashboard import offered, show
from dashboard.declared import Figure, View
from dashboard.marks import EXPIRING

FIGURES = View(
    "Figures",
    "stock-on-hand",
    "",
    figures=(
        Figure("Units", "sum(quantity)", note="in all stores"),
        Figure("Value", "sum(value)", "{:,.2f}", "home currency"),
        Figure("Used a month", "sum(amc)", "{:,.1f}", "units, of 91 days"),
        Figure("Months of stock", "sum(quantity) / nullif(sum(amc), 0)", "{:,.1f}", "in all"),
        Figure("Stores out", "count(*) filter (status = 'out')", note="that use it"),
    ),
)
PARTS = (
    View("Stores", "stock-on-hand", "No store has it, nor used it in the last 91 days."),
    View("Could be given", "redistribution", "No store has enough of it near one that runs short."),
    View(
        "Expiring", "expiring", "No batch of it expires within 180 days, nor has.", marks=EXPIRING
    ),
    View("Without stock", "stock-outs", "No store that had it was ever without."),
    View("Use", "consumption", "It was never used."),
)

show.about("item", offered.options().items, "Choose an item", FIGURES, PARTS)
