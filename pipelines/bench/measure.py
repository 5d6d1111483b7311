"""Measures one thing in a process of its own: `python -m pipelines.bench.measure WHAT FOLDER`."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipelines import home as homes
from pipelines import quiet
from pipelines.bench import made
from pipelines.errors import MainstemError
from pipelines.home import Home

Told = dict[str, Any]


def child(what: str, *given: object) -> Told:
    """What a measurement tells, taken in a process of its own; MainstemError says why it failed."""
    command = [sys.executable, "-m", "pipelines.bench.measure", what, *map(str, given)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise MainstemError(f"The measurement of a {what} failed: {why}")
    return json.loads(done.stdout.splitlines()[-1])


def prepared(path: Path, *feeds: Path) -> Home:
    """A home, made if it is not there, with the segments of feeds in its inbox, as links."""
    home = Home(path) if path.exists() else homes.make(path, made.CENTRAL, made.PRIMARY)
    for feed in feeds:
        for site in feed.iterdir():
            (home.inbox / site.name).mkdir(exist_ok=True)
            for segment in site.iterdir():
                os.link(segment, home.inbox / site.name / segment.name)
    return home


def one_cycle(folder: str) -> Told:
    """One cycle in a home: its summary, seconds without imports, and peak memory in MiB."""
    from pipelines import cycle, load

    home = Home(Path(folder))
    load.prepare(home)
    started = time.perf_counter()
    summary = cycle.run(home)
    seconds = round(time.perf_counter() - started, 3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {**summary, "seconds": seconds, "peak_mib": peak}


def bare(statement: str, at: str) -> Told:
    """One statement in a new DuckDB file, with its checkpoint."""
    import duckdb

    with duckdb.connect(at) as con:
        con.execute("set threads = 2")
        started = time.perf_counter()
        con.execute(statement)
        con.execute("checkpoint")
        return {"seconds": round(time.perf_counter() - started, 3)}


MEASURES: dict[str, Callable[..., Told]] = {"cycle": one_cycle, "bare": bare}

if __name__ == "__main__":
    quiet.hush()
    try:
        print(json.dumps(MEASURES[sys.argv[1]](*sys.argv[2:])))
    except Exception as error:  # for who started this process, in a line
        sys.exit((str(error).strip().splitlines() or [type(error).__name__])[0])
