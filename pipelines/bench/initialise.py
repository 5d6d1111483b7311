"""How fast a site's queue is built anew."""

import time
from pathlib import Path
from statistics import median
from typing import Any

from pipelines.admin import requests
from pipelines.bench import made
from pipelines.bench.measure import child, prepared
from pipelines.bench.served import client, let_in, resident_mib, served
from pipelines.home import Home

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
    over_http = _over_http(home)
    seconds = median(run["seconds"] for run in told)
    queued = told[-1]["published"]["sites"]
    return {
        "records": queued,
        "seconds": seconds,
        "records_per_second": round(queued / seconds),
        "peak_mib": max(run["peak_mib"] for run in told),
        "stages": told[-1]["stages"],
        "runs": runs,
        "over_http": over_http,
    }


def _over_http(home: Home) -> dict[str, Any]:
    """The site asks for it itself and pulls all of it, in batches of 500, acknowledging each."""
    let_in(home, [AT])
    came = 0
    with served(home) as (url, gateway):
        site = client(url, AT)
        before, started = resident_mib(gateway.pid), time.perf_counter()
        site.initialise("new")
        first = 0.0
        while data := site.call("GET", "queued_records", limit=500)["data"]:
            first = first or time.perf_counter() - started
            came += len(data)
            body = {"syncIDs": [told["syncOutId"] for told in data]}
            site.call("POST", "acknowledged_records", body)
        taken = time.perf_counter() - started
        after = resident_mib(gateway.pid)
    return {
        "records": came,
        "seconds_to_first_batch": round(first, 1),
        "seconds": round(taken, 1),
        "gateway_mib_before": before,
        "gateway_mib_after": after,
    }
