"""Data confidence: how far each store's figures can be trusted, by the age of its data."""

from dashboard import show
from dashboard.declared import Figure, View
from dashboard.language import mark

NOTES = {
    mark("Good"): mark("the data is new and whole"),
    mark("Fair"): mark("old, or lines are not in it"),
    mark("Poor"): mark("older than the alert limit"),
    mark("None"): mark("nothing came yet"),
}
FIGURES = tuple(
    Figure(grade, f"count(*) filter (grade = '{grade.lower()}')", note=note)
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
