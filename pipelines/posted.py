"""A report as a mail: a file, and in a few lines what it is."""

from collections.abc import Sequence

from pipelines import mail, output
from pipelines.admin import words
from pipelines.errors import MainstemError
from pipelines.home import Home
from pipelines.mail import Attached
from warehouse import report
from warehouse.catalogue import FORMS, REPORTS
from warehouse.filters import Filters

ENDINGS = {"table": "txt"}


def send(home: Home, name: str, filters: Filters, to: Sequence[str], form: str = "xlsx") -> int:
    """Send a report to addresses; how many rows it has."""
    mail.check(to)
    frame = report.read(home.reports, name, filters)
    with report.opened(home.reports) as con:
        (cycle, clock) = con.execute("select cycle, clock from marts.published").fetchall()[0]
    day = filters.now.date().isoformat()
    file = f"{name}-{day}.{ENDINGS.get(form, form)}"
    narrowed = [
        f"{option} {value}"
        for option, value in filters.values().items()
        for value in (value if isinstance(value, tuple) else (value,))
    ]
    text = (
        f"{REPORTS[name].about}.\n\n"
        f"{words.counted(frame.height, 'row', 'rows')}, data of cycle {cycle}, "
        f"{clock:%Y-%m-%d %H:%M} UTC.\n"
        f"{' '.join(narrowed) or 'All rows.'}\n"
    )
    attached = Attached(file, FORMS[form], output.formed(frame, name, form))
    refused = mail.send(home.settings(), to, f"Mainstem: {name}, {day}", text, [attached])
    if refused:
        raise MainstemError(f"The mail server refused {', '.join(refused)}; others have it.")
    return frame.height
