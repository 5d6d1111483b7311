"""The simulated country over HTTP, with gateways that are killed: does every site end equal?"""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from itertools import islice
from pathlib import Path
from typing import Any

from pipelines import cycle, settings
from pipelines import home as homes
from pipelines.bench.served import PASSWORD, let_in, served
from pipelines.errors import MainstemError
from pipelines.home import Home
from pipelines.simulation.country import Country, fleet
from pipelines.simulation.differences import beyond_form, differences
from pipelines.simulation.places import CENTRAL, NATIONAL
from pipelines.simulation.post import ByHttp

DRAINING = 20  # rounds that draining may take
KILLED = 0.002  # before so many calls the gateway is killed


class Gateways:
    """A gateway in a process of its own; another one takes its place when it is killed."""

    def __init__(self, home: Home, stack: ExitStack) -> None:
        self._home, self._stack = home, stack
        self._running: subprocess.Popen[bytes] | None = None
        self.started, self.url = 0, ""
        self.restart()

    def restart(self) -> None:
        """Kill the gateway that runs, start the next one."""
        if self._running:
            self._running.kill()
            self._running.wait()
        self.url, self._running = self._stack.enter_context(served(self._home, loop=False))
        self.started += 1


def country(
    folder: Path, sites: int, rounds: int, seed: int, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Rounds of trade, each five days; MainstemError where a site does not end with what is its.

    Sites initialise, push, pull and acknowledge over HTTP; answers are lost, posts repeated, and
    gateways killed with `kill -9`.
    """
    home = homes.make(folder / "home", primary=NATIONAL)
    played = fleet(Country(seed=seed, sites=sites, days=max(60, rounds * 5)), date(2026, 11, 22))
    numbers = [number for number in played.sites if number != CENTRAL]
    let_in(home, numbers)
    started, summed = time.perf_counter(), {"accepted": 0, "made": 0, "transfers": 0}
    with ExitStack() as stack:
        gateways = Gateways(home, stack)
        post = ByHttp(
            home, lambda: gateways.url, lambda _: PASSWORD, seed, gateways.restart, KILLED
        )
        _run(home, islice(played.play(home, post), rounds), summed, tell)
        _run(home, islice(played.drain(home, post), DRAINING), summed, tell)
    with cycle.opened(home) as hub:
        found = [
            one
            for number in numbers
            for one in differences(played.sites[number], hub.con)
            if beyond_form(one)
        ]
    if found:
        raise MainstemError(f"{len(found)} records differ at sites, the first is {found[0]}.")
    return {
        "sites": len(numbers),
        "rounds": rounds,
        **summed,
        "gateways_killed": gateways.started - 1,
        "differences": 0,
        "seconds": round(time.perf_counter() - started),
    }


def _run(
    home: Home, evenings: Iterator[date], summed: dict[str, int], tell: Callable[[str], None]
) -> None:
    with settings.other_clock() as set_clock:
        for evening in evenings:
            set_clock(datetime.combine(evening, time_of_day(18), UTC))
            summary = cycle.run(home)
            summed["accepted"] += summary["accepted"]
            summed["made"] += summary["made"]
            summed["transfers"] += sum(summary["transfers"].values())
            tell(f"{evening}: {summary['accepted']} accepted, {summary['routed']} routed")
