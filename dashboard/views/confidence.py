"""Data confidence: how far each store's figures can be trusted, by the age of its data."""

from dashboard import show
from dashboard.declared import Figure, View

NOTES = {
    "good": "the data is new and whole",
    "fair": "old, or lines are not in it",
    "poor": "older than the alert limit",
    "none": "nothing came yet",
}
FIGURES = tuple(
    Figure(grade.capitalize(), f"count(*) filter (grade = '{grade}')", note=note)
    for grade, note in NOTES.items()
)

show.page(
    "Data confidence",
    View("All", "confidence", "There is no store in use yet.", figures=FIGURES, coloured="grade"),
    View(
        "Not good",
        "confidence",
        "The data of every store is new and whole.",
        "grade <> 'good'",
        FIGURES,
        coloured="grade",
    ),
)
