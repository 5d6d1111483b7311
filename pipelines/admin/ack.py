"""Acknowledgements for sites that sync by files: a request, checked against what is published."""

from dataclasses import dataclass

from pipelines.admin import central, requests, sites
from pipelines.errors import MainstemError
from pipelines.home import Home

# The last line published of a queue and of the central log, and what the site has acknowledged.
STANDING = """
select
    coalesce((select last from outbox.head where site = $1), 0),
    coalesce((select last from outbox.head where site = 0), 0),
    coalesce((select max(sequence) from outbox.acknowledged where site = $1), 0),
    coalesce((select max(central_id) from outbox.acknowledged where site = $1), 0)
"""


@dataclass(frozen=True)
class Acknowledged:
    """What the next cycle takes as taken in by a site; None: nothing new."""

    site: int
    sequence: int | None
    central: int | None


def acknowledge(
    home: Home, site: int, sequence: int | None = None, central_id: int | None = None
) -> Acknowledged:
    """Acknowledge for a site, by default all that is published; MainstemError beyond or before."""
    with central.editing(home) as edit:
        if site == edit.hub.settings.central:
            raise MainstemError("The central is this hub, it acknowledges nothing.")
        sites.find(edit, site)
        ((last, last_central, done, done_central),) = edit.rows(STANDING, site)
        if sequence is None and central_id is None:
            sequence, central_id = int(last), int(last_central)
        _check("sequence", sequence, last, done, f"the queue of site {site}")
        _check("central log's ID", central_id, last_central, done_central, "the central log")
        new = Acknowledged(
            site,
            sequence if sequence != done else None,
            central_id if central_id != done_central else None,
        )
        if new.sequence is not None or new.central is not None:
            told = {"site": site, "sequence": new.sequence, "central": new.central}
            requests.ask(home, "acknowledge", told)
        return new


def _check(what: str, told: int | None, last: int, done: int, log: str) -> None:
    if told is None:
        return
    if told > last:
        raise MainstemError(f"{told} is beyond the last line of {log}, {last}. Check the {what}.")
    if told < done:
        raise MainstemError(
            f"{told} is before what is acknowledged of {log} already, {done}. Check the {what}."
        )
