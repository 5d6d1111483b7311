"""Which numbers a home gave out, as far as it tells, and above which a restored one goes on."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines import ahead
from pipelines.ahead import CENTRAL_LOG, Given, Request
from pipelines.home import Home
from pipelines.hub import Hub

LEAP = 1_000_000  # more than any queue, the central log or landing is given between two backups


@dataclass
class Told:
    """What a home tells: the last cycle there was, and the numbers given.

    `queues` and `cursor` say whether it tells those at all.
    """

    last: int
    numbers: Given
    queues: bool
    cursor: bool


def told(home: Home) -> Told:
    """What a home, damaged as it may be, tells; nothing is changed."""
    queues = ahead.published(home.outbox)
    found = Told(0, Given(queues), any(queues.values()), False)
    if note := ahead.noted(home):
        found.last, found.numbers.cursor, found.cursor = note.cycle, note.cursor, True
    cycles = [int(path.name) for path in home.archive.glob("*/*") if path.name.isdecimal()]
    found.last = max([found.last, *cycles])
    if home.warehouse.is_file():
        with suppress(duckdb.Error), duckdb.connect(str(home.warehouse), read_only=True) as con:
            numbers = found.numbers.raised(ahead.known(con))
            (last,) = con.execute("select max(cycle) from landing.cycle").fetchone() or (None,)
            found = Told(max(found.last, last or 0), numbers, True, True)
    return found


def request(
    hub: Hub,
    home: Told,
    backup: Given,
    lost: bool,
    leap: bool,
    parted: bool,
    why: dict[str, Any],
) -> Request | None:
    """What the cycle after a restore is asked for, so that no number is given twice; None: nothing.

    `hub` has done all cycles that come out as they were. `lost` says that others were not taken,
    `leap` that the home tells of none, `parted` that it and the backup went different ways, so that
    the same number was given to different lines; `why` is kept with the request.
    """
    known = ahead.known(hub.con)
    given = home.numbers.raised(backup)
    marks = given.beyond(known)
    if parted or leap or (lost and not home.queues):
        everyone = {CENTRAL_LOG: 0, **dict.fromkeys(_sites(hub), 0)}
        highest = Given(everyone).raised(known).raised(given).queues
        more = 0 if parted and not leap else LEAP
        marks.queues = {site: last + more for site, last in highest.items() if last + more}
    if leap or (lost and not home.cursor):
        marks.cursor = max(known.cursor, given.cursor) + LEAP
    if not marks and not lost:
        return None
    return ahead.request(marks, **why)


def _sites(hub: Hub) -> list[int]:
    """The sites that may have a queue: all that are known, but the hub itself."""
    (there,) = hub.one(
        "select count(*) from duckdb_tables() where schema_name = 'records' and table_name = 'site'"
    )
    if not there:
        return []
    rows = hub.con.execute(
        'select distinct "site_ID"::integer from records.site where "site_ID" is not null'
    ).fetchall()
    return sorted(site for (site,) in rows if site != hub.settings.central)


def compared(request: Request, known: Given) -> list[dict[str, int]]:
    """Each queue that a request puts behind a mark: the site (0: central log), given, known."""
    return [
        {"site": site, "given": last, "known": known.queues.get(site, 0)}
        for site, last in ahead.asked([request]).queues.items()
    ]
