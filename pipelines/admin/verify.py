"""Checks that a home is whole: archive, warehouse, outbox, reports, and that they agree."""

import json
from typing import Any

import duckdb

from pipelines import ahead, archive, cycle, outbox, publish
from pipelines.admin import figures
from pipelines.errors import CycleRunningError, MainstemError
from pipelines.home import Home
from pipelines.hub import Hub
from warehouse import report

OUTCOMES = """
select
    (select count(*) from landing.change) - (select count(*) from collector.verdict)
"""

# After a restore a queue goes on above all that it was given before: a mark, and no gap.
GAPS = """
select site, first from (
    select site, first, lag(last, 1, 0) over (partition by site order by first) as before
    from outbox.file
) where first <> before + 1 and (site, first - 1) not in (select (site, last) from outbox.mark)
order by site, first
"""

RESTORED = """
select requests from landing.cycle where contains(requests, '"restored"') order by cycle
"""


def verify(home: Home) -> dict[str, Any]:
    """What is wrong (`problems`: the home is not whole) and where its figures cannot be right.

    `lacking` is what a restored home could not take from anywhere (rule I5); the figures are those
    of `figures.ODD`.

    Waits for a running cycle; reads everything, changes nothing.
    """
    home.settings()
    problems: list[str] = []
    manifests: list[archive.Manifest] = []
    try:
        manifests = archive.manifests(home)
        for manifest in manifests:
            problems += [f"{path} is not what was ingested" for path in archive.damage(manifest)]
    except MainstemError as error:
        problems.append(str(error))
    odd: dict[str, list[dict[str, Any]]] = {name: [] for name in figures.ODD}
    lacking: list[str] = []
    try:
        with cycle.opened(home) as hub:
            problems += _warehouse(hub, len(manifests))
            problems += _ahead(hub)
            lacking = _lacking(hub)
        if home.reports.is_file():
            with report.opened(home.reports) as con:
                odd = figures.odd(con)
    except CycleRunningError:
        raise
    except (MainstemError, duckdb.Error) as error:
        problems.append(str(error).splitlines()[0])
    return {
        "whole": not problems,
        "cycles": len(manifests),
        "problems": problems,
        "lacking": lacking,
        **odd,
    }


def _warehouse(hub: Hub, archived: int) -> list[str]:
    problems = []
    (last,) = hub.one("select coalesce(max(cycle), 0) from landing.cycle")
    if cycle.unfinished(hub):
        problems.append(f"Cycle {last} is unfinished; 'mainstem sync' finishes it")
    if last != archived:
        problems.append(f"The warehouse has {last} cycles, the archive {archived}")
    (unjudged,) = hub.one(OUTCOMES)
    if unjudged and not cycle.unfinished(hub):
        problems.append(f"{unjudged} changes have no verdict")
    for site, first in hub.con.execute(GAPS).fetchall():
        problems.append(f"{_queue(site)} has a gap before {first}")
    for site, first, last_line in outbox.missing(hub):
        problems.append(
            f"outbox file {first}-{last_line} of site {site or 'central'} is missing or cut; "
            "the next cycle publishes it again"
        )
    shown = publish.published_cycle(hub.home.reports)
    if shown != last:
        problems.append(f"The reports show cycle {shown}, the warehouse cycle {last}")
    return problems


def _queue(site: int) -> str:
    return f"The queue of site {site}" if site else "The central log"


def _ahead(hub: Hub) -> list[str]:
    """Queues that were given more than the warehouse knows, unless the next cycle is told."""
    given = ahead.Given(ahead.published(hub.home.outbox))
    known = ahead.known(hub.con).raised(ahead.asked(ahead.pending(hub.home)))
    return [
        f"{_queue(site)} was given lines through {last}, the warehouse knows "
        f"{known.queues.get(site, 0)}; the next cycle goes on above that"
        for site, last in given.beyond(known).queues.items()
    ]


def _lacking(hub: Hub) -> list[str]:
    """What restores said that the home lacks, one that waits for its cycle too."""
    requests = [
        request for (told,) in hub.con.execute(RESTORED).fetchall() for request in json.loads(told)
    ]
    return ahead.lacking(requests + ahead.pending(hub.home))
