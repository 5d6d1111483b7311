"""One cycle in this process: its stages, each one transaction, and what it reports."""

import json
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import duckdb

from pipelines import (
    ahead,
    archive,
    collector,
    feed,
    heard,
    landing,
    load,
    making,
    outbox,
    publish,
    quiet,
    records,
    routing,
    settings,
    transfers,
)
from pipelines.collector import digests
from pipelines.errors import MainstemError
from pipelines.feed import Segment
from pipelines.home import Home, lock
from pipelines.hub import Hub
from warehouse import engine

# This table is the flow. A stage's work is done in one transaction with its mark; what it does to
# files is completed by running again. The reports are a file of their own, with a transaction of
# their own.
STAGES: dict[str, Callable[[Hub], object]] = {
    "landing": landing.ingest,
    "archive": archive.keep,
    "collector": collector.collect,
    "making": making.make,
    "transfers": transfers.transfer,
    "routing": routing.route,
    "outbox": outbox.queue,
    "publish": outbox.publish,
    "marts": publish.publish_reports,
}

# The day on which a cycle is, where the system is.
TODAY = """
set variable today = (
    getvariable('clock')::timestamp at time zone 'UTC' at time zone getvariable('timezone')
)::date
"""

# One row per request of this cycle, for whatever model answers it.
REQUEST = "create or replace temp table request as select value from json_each(?)"

# A cycle is small with so few bytes of segments, a warehouse large with so many: work on little is
# done sooner by one thread than shared out.
SMALL, LARGE = 1 << 20, 1 << 26


@contextmanager
def opened(home: Home) -> Generator[Hub]:
    """Open a home's warehouse for one cycle, holding its lock; waits for a running one."""
    quiet.hush()
    home.settings()
    with lock(home), engine.opened(home.warehouse) as con:
        records.load_kinds(con)
        digests.renew(con)
        # Read under the lock: a restore that was cut short is finished by whoever takes it.
        hub = Hub(home, home.settings(), con)
        if feed.is_waiting(home.inbox):
            load.prepare(home)
        try:
            yield hub
        finally:
            publish.finish(hub)


def begin(hub: Hub) -> None:
    """Take up the cycle that was left unfinished, else begin the next one."""
    if not hub.settings.enabled:
        raise MainstemError(
            "Synchronisation is disabled: feeds are refused. Set sync.enabled = true in "
            f"{hub.home.toml} to enable it."
        )
    last, done = _reached(hub)
    if done < last:
        hub.cycle = last
        hub.clock, told = hub.one("select clock, requests from landing.cycle where cycle = ?", last)
        hub.requests = json.loads(told)
    else:
        if (archive.folder(hub.home, last + 1) / "manifest.json").exists():
            raise MainstemError(
                f"The archive has cycles that {hub.home.warehouse} lacks. "
                "Run 'mainstem rebuild' first."
            )
        hub.cycle, hub.clock = last + 1, settings.now().replace(tzinfo=None)
        hub.segments, hub.requests = _waiting(hub), _requests(hub.home) + heard.told(hub)
        hub.requests += ahead.noticed(hub)
    hub.tally = {
        measure: int(value)
        for measure, value in hub.con.execute(
            "select measure, value from landing.tally where cycle = ?", [hub.cycle]
        ).fetchall()
    }
    hub.seconds = {}
    publish.begin(hub)


def stage(hub: Hub, name: str) -> None:
    """Run one stage unless this cycle has done it; on an error nothing of it is applied."""
    started = time.perf_counter()
    con = hub.con
    (done,) = hub.one("select coalesce(max(cycle), 0) from landing.mark where stage = ?", name)
    if done < hub.cycle:
        hub.counted = {}
        if hub.prepared != hub.cycle:
            small = _is_small(hub)
            _set_variables(hub, small)
            con.execute(f"set threads = {1 if small else engine.THREADS}")
            hub.prepared = hub.cycle
        try:
            if name == "marts":
                STAGES[name](hub)
            con.execute("begin")
            if name == "landing":
                _write_cycle(hub)
            if name != "marts":
                STAGES[name](hub)
            mark(hub, name)
            if hub.counted:
                hub.keep_counts()
            con.execute("commit")
            hub.tally |= hub.counted
        except BaseException as error:
            hub.roll_back()
            if isinstance(error, (duckdb.Error, OSError)):
                raise MainstemError(
                    f"Cycle {hub.cycle} failed in its stage {name}: {_first_line(error)} "
                    "Nothing of the stage was applied; mend the cause and sync again."
                ) from error
            raise
    hub.seconds[name] = round(time.perf_counter() - started, 3)


def mark(hub: Hub, name: str) -> None:
    """Note that a stage has done this cycle."""
    hub.con.execute("delete from landing.mark where stage = ?", [name])
    hub.con.execute("insert into landing.mark values (?, ?)", [name, hub.cycle])


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".") + "."


def _set_variables(hub: Hub, small: bool) -> None:
    told = hub.settings
    values: dict[str, int | str | bool] = {
        "cycle": hub.cycle,
        "small": small,
        "central": told.central,
        "primary": told.primary,
        "timezone": told.timezone,
        "lag_warning_days": told.lag_warning_days,
        "lag_alert_days": told.lag_alert_days,
        "prescriptions_follow_patient": told.prescriptions_follow_patient,
        "repeats_everywhere": told.repeats_everywhere,
        "patients_edited_where_visible": told.patients_edited_where_visible,
    }
    for name, value in values.items():
        quoted = f"'{value}'" if isinstance(value, str) else value
        hub.con.execute(f'set variable "{name}" = {quoted}')
    hub.con.execute(f"set variable clock = timestamp '{hub.clock.isoformat()}'")
    hub.con.execute(TODAY)
    hub.con.execute(REQUEST, [json.dumps(hub.requests)])


def _is_small(hub: Hub) -> bool:
    """Whether little comes to little and no site is to get all that it should hold.

    A segment that is gone is landing's to tell.
    """
    if any("initialise" in request for request in hub.requests):
        return False
    with suppress(FileNotFoundError):
        if sum(segment.path.stat().st_size for segment in hub.segments) < SMALL:
            (stored,) = hub.one(
                "select total_blocks * block_size from pragma_database_size() "
                "where database_name = 'warehouse'"
            )
            return int(stored) < LARGE
    return False


def _write_cycle(hub: Hub) -> None:
    hub.con.execute(
        "insert into landing.cycle values (?, ?, ?, ?)",
        [hub.cycle, hub.clock, json.dumps(hub.requests), ahead.asked(hub.requests).cursor],
    )


def _requests(home: Home) -> list[dict[str, Any]]:
    """What is asked of this cycle; a request that cannot be read is set aside, with its name."""
    asked = []
    for path in sorted(home.requests.glob("*.json")):
        try:
            request = json.loads(path.read_text(encoding="utf-8"))
            asked.append({**request, "file": path.name})
        except (ValueError, TypeError):
            path.rename(path.with_suffix(".refused"))
    return asked


def _waiting(hub: Hub) -> list[Segment]:
    return feed.waiting(hub.home.inbox, hub.settings.central, hub.settings.primary)


def unfinished(hub: Hub) -> bool:
    """Whether an earlier cycle died before its last stage."""
    last, done = _reached(hub)
    return done < last


def _reached(hub: Hub) -> tuple[int, int]:
    """The cycle begun last, and the one that every stage has done."""
    (last,) = hub.one("select coalesce(max(cycle), 0) from landing.cycle")
    marks = dict(hub.con.execute("select stage, cycle from landing.mark").fetchall())
    return last, min(marks.get(name, 0) for name in STAGES)


def in_order(hub: Hub, tell: Callable[[str], object]) -> None:
    """The work of a cycle: every stage, in order."""
    for name in STAGES:
        tell(name)
        stage(hub, name)


def run(
    home: Home,
    tell: Callable[[str], object] = lambda _: None,
    work: Callable[[Hub, Callable[[str], object]], None] = in_order,
) -> dict[str, Any]:
    """One cycle: ingest, judge, route, queue, publish. Its summary.

    A cycle that died is finished first; `tell` hears the name of each stage as it begins. `work`
    runs the stages: here one after the other, in `pipelines.runs` as a run of Dagster.
    """
    with opened(home) as hub:
        if hub.settings.paused:
            return paused_summary()
        resumed = unfinished(hub)
        while True:
            begin(hub)
            work(hub, tell)
            if not (resumed and _waiting(hub)):
                return summary(hub)
            resumed = False


def summary(hub: Hub) -> dict[str, Any]:
    """What one cycle did, as `mainstem sync --json` prints it; seconds are the cycle's own."""
    keys = (
        "segments",
        "changes",
        "accepted",
        "deferred",
        "quarantined",
        "superseded",
        "duplicate",
        "released",
        "held_again",
        "made",
    )
    told = hub.tally
    return {
        "cycle": hub.cycle,
        "paused": False,
        **{key: told.get(key, 0) for key in keys},
        "transfers": {kind: told.get(f"transfers_{kind}", 0) for kind in transfers.RULES},
        "routed": told.get("routed", 0),
        "published": {
            "central": told.get("published_central", 0),
            "sites": told.get("published_sites", 0),
        },
        "seconds": round(sum(hub.seconds.values()), 3),
        "stages": dict(hub.seconds),
    }


def paused_summary() -> dict[str, Any]:
    """The summary of a paused hub: nothing was ingested, nothing published."""
    blank = Hub.__new__(Hub)
    blank.cycle, blank.tally, blank.seconds = 0, {}, {}
    return {**summary(blank), "paused": True}


def clock_of(moment: datetime) -> str:
    """A moment in UTC as reports write it."""
    return moment.isoformat(timespec="seconds") + "Z"
