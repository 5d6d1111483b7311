"""Whether a cycle is wanted: what waits, and why the sensor and the schedule rest."""

import hashlib
import time
from dataclasses import dataclass

from pipelines import feed, settings
from pipelines.home import Home

STALE = 3600.0  # seconds after which an idle hub runs a cycle all the same: reports show its clock


@dataclass(frozen=True)
class Waiting:
    """What waits in a home: its files' names, sizes and times, as one digest; empty is false."""

    files: int
    digest: str

    def __bool__(self) -> bool:
        return self.files > 0


def waiting(home: Home) -> Waiting:
    """The segments and requests that the next cycle would take up. Opens none of them."""
    told = home.settings()
    paths = [segment.path for segment in feed.waiting(home.inbox, told.central, told.primary)]
    paths += sorted(home.requests.glob("*.json"))
    digest = hashlib.sha256()
    for path in paths:
        try:
            stat = path.stat()
        except FileNotFoundError:  # a running cycle has just archived it
            continue
        digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return Waiting(len(paths), digest.hexdigest())


def why(home: Home) -> str | None:
    """Why no cycle may be asked for; None when one may."""
    told = home.settings()
    if settings.loop_runs_cycles():
        return "The loop of 'mainstem up' runs the cycles."
    if not told.enabled:
        return "Synchronisation is disabled in mainstem.toml."
    if told.paused:
        return "The hub is paused."
    return None


def is_stale(home: Home) -> bool:
    """Whether the reports were published long ago, or never."""
    try:
        return time.time() - home.reports.stat().st_mtime > STALE
    except FileNotFoundError:
        return True
