"""How fast a site's queue is built anew."""

from pathlib import Path
from statistics import median
from typing import Any

from pipelines.admin import requests
from pipelines.bench import made
from pipelines.bench.measure import child, prepared

SITES, SEGMENTS = 100, 200
AT = 9001  # the site that has a copy of every store


def initialise(folder: Path, records: int, runs: int = 3) -> dict[str, Any]:
    """The cycle that initialises a site which is to get some `records` records.

    `runs` times over the same home, each in a process of its own; seconds are the whole cycle's
    median.
    """
    feed = folder / "feed"
    made.write_setup(feed, SITES)
    made.write(feed, made.CENTRAL, "000001", made.collector_copies(SITES, AT))
    made.write_trade(feed, records, SEGMENTS, SITES)
    home = prepared(folder / "home", feed)
    child("cycle", home.path)
    told = []
    for _ in range(runs):
        requests.ask(home, "initialise", AT)
        told.append(child("cycle", home.path))
    seconds = median(run["seconds"] for run in told)
    queued = told[-1]["published"]["sites"]
    return {
        "records": queued,
        "seconds": seconds,
        "records_per_second": round(queued / seconds),
        "peak_mib": max(run["peak_mib"] for run in told),
        "stages": told[-1]["stages"],
        "runs": runs,
    }
