"""A gateway under load from a second process: idle cycles of many sites, then pushes."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

from pipelines import cycle
from pipelines.admin import credentials
from pipelines.bench import made
from pipelines.bench.measure import prepared
from pipelines.bench.served import PASSWORD, served
from pipelines.errors import MainstemError

COPIED = 100  # sites that the hub knows, the others have credentials only
PUSHES = 20  # a second, of 500 records each


def gateway(folder: Path, sites: int, rate: int, seconds: int) -> dict[str, Any]:
    """Calls at a rate for some seconds, as of `sites` sites, on a gateway of one process.

    Every site has the same password, which is verified once: what a verification costs is told
    apart. Times in milliseconds, from when a call was due.
    """
    made.write_setup(folder / "setup", COPIED)
    home = prepared(folder / "home", folder / "setup")
    cycle.run(home)
    (hash_,) = credentials.hashed([PASSWORD])
    with credentials.opened(home) as con:
        con.executemany(
            "insert into site values (?, ?, ?, ?)",
            [(at, f"site-{at}", hash_, f"HW{at}") for at in range(1, sites + 1)],
        )
    central = max((int(path.stem[13:]) for path in (home.outbox / "central").iterdir()), default=0)
    with served(home, loop=False) as (url, process):
        told = {
            "host": "127.0.0.1",
            "port": int(url.rpartition(":")[2]),
            "sent": credentials.sent(PASSWORD),
            "cursor": central,
            "sites": sites,
        }
        _load({**told, "what": "idle", "rate": 100, "seconds": 2, "connections": 4})
        before = _cpu(process.pid)
        idle = _load({**told, "what": "idle", "rate": rate, "seconds": seconds, "connections": 64})
        used = _cpu(process.pid) - before
        push = _load(
            {**told, "what": "push", "rate": PUSHES, "seconds": 10, "connections": 16, "sites": 100}
        )
    calls = len(idle["seconds"])
    return {
        "sites": sites,
        "calls": calls,
        "calls_per_second": round(calls / idle["taken"]),
        "calls_per_second_and_core": round(calls / used),
        "idle_ms": _milliseconds(idle["seconds"]),
        "push_ms": _milliseconds(push["seconds"]),
        "pushes": len(push["seconds"]),
        "errors": len(idle["errors"]) + len(push["errors"]),
        "verify_ms": round(_verification(hash_) * 1000, 1),
        "gateway_peak_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def _load(told: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", "pipelines.bench.load", json.dumps(told)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise MainstemError(f"The load failed: {why}")
    return json.loads(done.stdout)


def _milliseconds(seconds: list[float]) -> dict[str, float]:
    cuts = quantiles(seconds, n=100)
    told = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(seconds)}
    return {name: round(value * 1000, 1) for name, value in told.items()}


def _cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _verification(hash_: str) -> float:
    started = time.perf_counter()
    for _ in range(5):
        credentials.verified(hash_, credentials.sent(PASSWORD))
    return (time.perf_counter() - started) / 5
