"""Transfers between stores: on their way, overdue, without another half."""

from dashboard import show
from dashboard.declared import Figure, View
from dashboard.marks import TRANSFERS
from warehouse.conditions import ALONE, ON_ITS_WAY, OVERDUE

FIGURES = (
    Figure("Transfers", "count(*)", note="that have begun"),
    Figure("In transit", f"count(*) filter ({ON_ITS_WAY})", note="not yet received"),
    Figure("Overdue", f"count(*) filter ({OVERDUE})", note="longer than a site may be silent"),
    Figure("Without partner", f"count(*) filter ({ALONE})", note="no other half was made"),
    Figure("Days", "median(days)", note="until received, the middle one"),
)

show.page(
    "Transfers",
    View(
        "All",
        "transfers",
        "No transfer between stores has begun.",
        figures=FIGURES,
        marks=TRANSFERS,
    ),
    View(
        "In transit",
        "transfers",
        "No transfer is on its way.",
        ON_ITS_WAY,
        FIGURES,
        marks=TRANSFERS,
    ),
    View("Overdue", "transfers", "No transfer is overdue.", OVERDUE, FIGURES, marks=TRANSFERS),
    View(
        "Without partner",
        "transfers",
        "Every transfer has its other half.",
        ALONE,
        FIGURES,
        marks=TRANSFERS,
    ),
)
