"""Alerts: what needs somebody, told once until it changes.

A file of `warehouse/alerts/` is a kind: a row for each thing that stands, with a key, a state whose
change is worth telling, and a sentence. The hub's own troubles, a cycle that failed and a disk that
is short, are told beside them. What was told stands in gateway.db.
"""

import shutil
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines import mail, settings
from pipelines.admin import credentials, sessions, words
from pipelines.errors import MainstemError
from pipelines.home import Home
from pipelines.settings import Settings
from warehouse import report
from warehouse.filters import literal

KINDS = Path(report.__file__).parent / "alerts"
FREE = 0.1  # of the disk, below which it is short
URLS = "MAINSTEM_ALERT_URLS"


@dataclass(frozen=True)
class Alert:
    """One thing that needs somebody."""

    kind: str
    key: str
    state: str
    text: str


def standing(home: Home, failure: str = "") -> list[Alert]:
    """All that needs somebody now; `failure` is what the last cycle failed at."""
    told = home.settings()
    found = [Alert("cycle_failed", "", failure, failure)] if failure else []
    disk = shutil.disk_usage(home.path)
    if disk.free < disk.total * FREE:
        free = f"{disk.free / 2**30:,.1f} of {disk.total / 2**30:,.1f} GiB"
        text = f"The disk of {home.path.absolute()} is short: {free} are free."
        found.append(Alert("disk_short", "", str(disk.free * 20 // disk.total), text))
    if home.reports.is_file():
        with report.opened(home.reports) as con:
            vital = ", ".join(literal(code) for code in told.alerts_vital)
            con.execute(f"set variable vital = [{vital}]::varchar[]")
            for file in sorted(KINDS.glob("*.sql")):
                rows = con.execute(file.read_text(encoding="utf-8")).fetchall()
                found += [Alert(file.stem, *row) for row in rows]
    return found


def untold(home: Home, found: Iterable[Alert]) -> list[Alert]:
    """Those that nobody was told of in their present state."""
    known = {
        (row["kind"], row["key"]): row["state"]
        for row in sessions.rows(home, "select kind, key, state from alert")
    }
    return [one for one in found if known.get((one.kind, one.key)) != one.state]


def nobody(told: Settings) -> bool:
    """Whether nobody is set to be told, by mail or by another channel."""
    return not (told.alerts_to or settings.alert_urls())


def tell(home: Home, failure: str = "") -> list[Alert]:
    """Tell whoever is to know of what is new or has changed; what was told.

    In the quiet hours nobody is told: it is told after them, if it still stands. What no longer
    stands is forgotten, so it is told when it comes again. MainstemError when somebody could not be
    told; what reached nobody is told the next time.
    """
    preferences = home.settings()
    channels = settings.alert_urls()
    if nobody(preferences) or is_quiet(preferences):
        return []
    found = standing(home, failure)
    new = untold(home, found)
    troubles: list[str] = []
    if new:
        troubles = _send(preferences, channels, new)
    with credentials.opened(home) as con:
        con.execute("delete from alert")
        con.executemany(
            "insert into alert values (?, ?, ?)", [(one.kind, one.key, one.state) for one in found]
        )
    if troubles:
        raise MainstemError(" ".join(troubles))
    return new


def _send(preferences: Settings, channels: list[str], new: list[Alert]) -> list[str]:
    """Send to all that are to know; what went wrong, where it reached somebody all the same."""
    subject = f"Mainstem: {words.counted(len(new), 'thing needs', 'things need')} somebody"
    text = "\n".join(one.text for one in new) + "\n"
    troubles, reached = [], False
    for is_wanted, send in (
        (preferences.alerts_to, lambda: _mail(preferences, subject, text)),
        (channels, lambda: _notify(channels, subject, text)),
    ):
        try:
            if is_wanted:
                troubles += send()
                reached = True
        except MainstemError as error:
            troubles.append(str(error))
    if not reached:
        raise MainstemError(" ".join(troubles))
    return troubles


def _mail(preferences: Settings, subject: str, text: str) -> list[str]:
    refused = mail.send(preferences, preferences.alerts_to, subject, text)
    return [f"The mail server refused {', '.join(refused)}; others are told."] if refused else []


def is_quiet(told: Settings) -> bool:
    """Whether now is an hour in which nobody is told."""
    if not told.alerts_quiet:
        return False
    first, last = map(int, told.alerts_quiet.split("-"))
    hour = settings.now().astimezone(ZoneInfo(told.timezone)).hour
    return first <= hour < last if first <= last else hour >= first or hour < last


def _notify(channels: list[str], subject: str, text: str) -> list[str]:
    """Send to channels of apprise, whose addresses may hold secrets: they are not repeated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of its own imports
        from apprise import Apprise

        channel = Apprise()
        if not all(map(channel.add, channels)):
            raise MainstemError(f"An address in ${URLS} is none that apprise knows. Mend it.")
    if not channel.notify(body=text, title=subject):
        raise MainstemError(f"A channel in ${URLS} did not take the alert. See whether it is up.")
    return []
