"""How soon what one site pushes is in the queue of another."""

import json
import time
from pathlib import Path
from statistics import median
from typing import Any

from pipelines import cycle
from pipelines.bench import made
from pipelines.bench.measure import prepared
from pipelines.bench.served import client, let_in, served
from pipelines.errors import MainstemError
from pipelines.simulation.client import Client

SITES, SEGMENTS = 100, 200
ONE, OTHER = made.FIRST, made.FIRST + 1
PATIENCE = 60.0  # seconds
POLL = 0.05


def transfer(folder: Path, records: int, times: int) -> dict[str, Any]:
    """From the answer to a site's last post to its shipment being in the other's queue, in seconds.

    `times` shipments, one after the other, through gateway and loop, on a hub that holds some
    `records` records and has nothing else to do.
    """
    feed = folder / "feed"
    made.write_setup(feed, SITES)
    made.write_trade(feed, records, SEGMENTS, SITES)
    home = prepared(folder / "home", feed)
    cycle.run(home)
    let_in(home, (ONE, OTHER))
    with served(home) as (url, _):
        one, other = client(url, ONE), client(url, OTHER)
        one.sync()
        other.sync()
        seconds = [_sent(one, other, number) for number in range(1, times + 1)]
    return {
        "records": records,
        "times": times,
        "seconds": {"median": round(median(seconds), 2), "max": round(max(seconds), 2)},
    }


def _sent(one: Client, other: Client, number: int) -> float:
    line = made.invoice(ONE, SEGMENTS, number, f"name-{OTHER}")
    one.post("queued_records", f'{{"queueLength":1,"data":[{line}]}}')
    one.post("queued_records", '{"queueLength":0,"data":[]}')
    started, id_ = time.perf_counter(), json.loads(line)["recordId"]
    while time.perf_counter() - started < PATIENCE:
        data = other.call("GET", "queued_records")["data"]
        if any(told["recordId"] == id_ for told in data):
            taken = time.perf_counter() - started
            other.pull_own()
            return taken
        time.sleep(POLL)
    raise MainstemError(f"A shipment was not in the other queue after {PATIENCE:.0f} seconds.")
