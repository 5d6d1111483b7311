"""The loop of `mainstem up`: a cycle as soon as something waits, and every minute at least."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

import click

from pipelines import alerts, cycle, history, home
from pipelines.errors import MainstemError
from pipelines.gateway import progress
from pipelines.home import Home
from pipelines.hub import Hub
from quality.suites import suites

EVERY = 60.0  # seconds after which a cycle runs all the same: what waits ages, reports show it
JUDGED = 900.0  # seconds between two cycles that the suites of quality/ judge
ALERTED = 300.0  # seconds between two looks at whether something needs somebody
LOOKED = 0.1  # seconds between two looks at whether something waits


def run(at: Home, stop: threading.Event) -> None:
    """Run cycles until told to stop; one that is running then comes to its end first.

    A cycle that fails is told of and tried again a minute later: its work is not lost.
    """
    looked, judged = 0.0, time.monotonic()

    def work(hub: Hub, tell: Callable[[str], object]) -> None:
        nonlocal judged
        cycle.in_order(hub, tell)
        if time.monotonic() - judged > JUDGED and history.judge(hub, suites()):
            judged = time.monotonic()

    while not stop.is_set():
        rung, started, failure = _rung(at), time.monotonic(), ""
        try:
            told = cycle.run(at, work=work)
            if told["changes"] or told["made"] or told["routed"]:
                _say(
                    "cycle {cycle}: {changes} changes, {routed} routed, {seconds} s".format(**told)
                )
            wanted = _rung(at) != rung or any(at.requests.glob("*.json"))
        except (MainstemError, OSError) as error:
            _say(failure := str(error))
            wanted = False
        if failure or started - looked > ALERTED:
            looked = started
            _tell(at, failure)
        while not (wanted or stop.is_set() or time.monotonic() - started > EVERY):
            stop.wait(LOOKED)
            wanted = _rung(at) != rung or any(at.requests.glob("*.json"))


def _rung(at: Home) -> int:
    try:
        return progress.bell(at).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _tell(at: Home, failure: str) -> None:
    """Tell of what needs somebody; that nobody can be told stops no cycle."""
    try:
        for one in alerts.tell(at, failure):
            _say(f"told: {one.text}")
    except (MainstemError, OSError) as error:
        _say(str(error))


def _say(what: str) -> None:
    click.echo(f"{datetime.now(UTC).isoformat(timespec='seconds')} {what}")
    sys.stdout.flush()


def main() -> None:
    """Run the loop of the home that MAINSTEM_HOME names, until SIGTERM or ctrl-c."""
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    os.environ["MAINSTEM_LOOP"] = "1"
    run(home.find(None), stop)


if __name__ == "__main__":
    main()
