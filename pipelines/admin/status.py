"""How the hub stands: queues, what waits, the last cycle, who is late; from published reports."""

from pathlib import Path
from typing import Any

from pipelines import feed
from pipelines.home import Home
from warehouse import report


def status(home: Home) -> dict[str, Any]:
    """Pause, waiting segments per site, last cycle, queue per site, lag, quarantine, oddities.

    Answers while a cycle runs: it reads settings, the inbox and the published reports only.
    """
    told = home.settings()
    segments = feed.waiting(home.inbox, told.central, told.primary)
    waiting: dict[str, int] = {}
    for segment in segments:
        waiting[str(segment.site)] = waiting.get(str(segment.site), 0) + 1
    stands = {
        "home": str(home.path),
        "enabled": told.enabled,
        "paused": told.paused,
        "waiting_segments": len(segments),
        "waiting": waiting,
        "requests": len(list(home.requests.glob("*.json"))),
        "ignored": _ignored(home.inbox),
        "last_cycle": None,
        "queues": {},
        "lag": {"late": [], "alert": [], "never": []},
        "quarantined": 0,
        "deferred": 0,
    }
    if home.reports.is_file():
        stands |= _published(home)
    return stands


def _published(home: Home) -> dict[str, Any]:
    sites = report.read(home.reports, "sync").to_dicts()
    with report.opened(home.reports) as con:
        cycle = con.execute(
            "select cycle, strftime(clock, '%Y-%m-%dT%H:%M:%SZ') as clock, segments, changes, "
            "accepted, deferred, quarantined, routed from marts.cycle order by cycle desc limit 1"
        ).pl()
        held = dict(
            con.execute(
                "select reason = 'deferred', count(*) from marts.quarantine group by all"
            ).fetchall()
        )
    return {
        "last_cycle": cycle.to_dicts()[0] if cycle.height else None,
        "queues": {str(site["site"]): site["queue_length"] for site in sites},
        "lag": {
            state: [site["site"] for site in sites if site["status"] == state]
            for state in ("late", "alert", "never")
        },
        "quarantined": held.get(False, 0),
        "deferred": held.get(True, 0),
    }


def _ignored(inbox: Path) -> list[str]:
    """Files and folders of the inbox that are no segment, and that no writer is still writing."""
    odd = []
    for folder in sorted(inbox.iterdir()):
        if folder.name.startswith("."):
            continue
        if not feed.is_site_folder(folder):
            odd.append(folder.name)
            continue
        odd += [
            f"{folder.name}/{path.name}"
            for path in sorted(folder.iterdir())
            if not feed.is_segment(path)
            and not path.name.startswith(".")
            and not path.name.endswith((".part", ".tmp"))
        ]
    return odd
