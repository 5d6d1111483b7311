"""A day's changes of many sites into a large warehouse, against the same into an empty one."""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from pipelines.bench import made
from pipelines.bench.measure import child, prepared

ROUND = 1_000_000  # lines in one cycle while the warehouse is filled
SHIPPED = 20  # of so many invoices one goes to another store, and is a transfer


def cycle(
    folder: Path,
    records: int,
    sites: int,
    changes: int,
    runs: int = 3,
    tell: Callable[[str], object] = str,
) -> dict[str, Any]:
    """One cycle over `changes` lines from `sites` sites: with `records` stored, and with none.

    Of each site a segment: a stock line as it stands now, new invoices. In turn, `runs` times, each
    in a process of its own, cycle after cycle in the same two homes; seconds are medians. `tell`
    hears what is being done.
    """
    made.write_setup(folder / "setup", sites)
    homes = {"large": folder / "large", "empty": folder / "empty"}
    for home in homes.values():
        tell(f"setting up {sites:,} sites")
        child("cycle", prepared(home, folder / "setup").path)
    _fill(homes["large"], records, sites, tell)
    told: dict[str, list[dict[str, Any]]] = {what: [] for what in homes}
    for number in range(1, runs + 1):
        feed = folder / f"day-{number}"
        _write_day(feed, sites, changes, number)
        for what, home in homes.items():
            tell(f"run {number} of {runs}: {what}")
            told[what].append(child("cycle", prepared(home, feed).path))
    seconds = {what: median(run["seconds"] for run in runs_) for what, runs_ in told.items()}
    last = told["large"][-1]
    return {
        "records": records,
        "sites": sites,
        "changes": last["changes"],
        "segments": last["segments"],
        "accepted": last["accepted"],
        "made": last["made"],
        "published": last["published"],
        "seconds": seconds["large"],
        "empty_seconds": seconds["empty"],
        "ratio": round(seconds["large"] / seconds["empty"], 2),
        "peak_mib": max(run["peak_mib"] for run in told["large"]),
        "stages": last["stages"],
        "empty_stages": told["empty"][-1]["stages"],
        "runs": runs,
    }


def _fill(home: Path, records: int, sites: int, tell: Callable[[str], object]) -> None:
    """Bring `records` records of the sites' trade into a home, a cycle a million."""
    rounds = -(-records // ROUND)
    for number in range(rounds):
        tell(f"filling: {number * ROUND:,} of {records:,} records")
        first = number * sites // rounds
        segments = (number + 1) * sites // rounds - first
        lines = min(ROUND, records - number * ROUND)
        made.write_trade(home / "inbox", lines, segments, sites, first=first)
        child("cycle", home)


def _write_day(feed: Path, sites: int, changes: int, number: int) -> None:
    each, rest = divmod(changes, sites)
    for segment in range(sites):
        site = made.FIRST + segment
        other = made.FIRST + (segment + 1) % sites
        to = f"name-{other}" if segment % SHIPPED == 0 else "clients"
        lines = [made.stock_line_again(site, segment, 42.0 + number)]
        lines += [
            made.invoice(site, segment, 100_000 * number + n, to)
            for n in range(each + (segment < rest) - 1)
        ]
        made.write(feed, site, f"9{number:05d}", lines)
