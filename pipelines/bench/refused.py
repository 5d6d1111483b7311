"""A cycle with refused lines against the same cycle without any."""

from pathlib import Path
from statistics import median
from typing import Any

from pipelines.bench import made
from pipelines.bench.measure import child, prepared

SITES, SEGMENTS = 100, 200
STOCK_LINES = 2 / 7  # share of the made trade's lines, and only they are refused


def refused(folder: Path, changes: int, lines: int, runs: int = 3) -> dict[str, Any]:
    """One cycle over `changes` lines of which about `lines` are refused, and one of which none is.

    In turn, `runs` times, each in a process of its own; seconds are medians.
    """
    every = max(1, round(changes * STOCK_LINES / lines))
    told: dict[int, list[dict[str, Any]]] = {0: [], every: []}
    for not_owned in told:
        feed = folder / f"feed-{not_owned}"
        made.write_setup(feed, SITES)
        made.write_trade(feed, changes, SEGMENTS, SITES, not_owned)
    for number in range(runs):
        for not_owned, runs_ in told.items():
            home = prepared(folder / f"home-{not_owned}-{number}", folder / f"feed-{not_owned}")
            runs_.append(child("cycle", home.path))
    none, some = (median(run["seconds"] for run in runs_) for runs_ in told.values())
    last = told[every][-1]
    return {
        "changes": last["changes"],
        "refused": last["quarantined"],
        "seconds": some,
        "seconds_none_refused": none,
        "ratio": round(some / none, 2),
        "peak_mib": max(run["peak_mib"] for run in told[every]),
        "stages": last["stages"],
        "runs": runs,
    }
