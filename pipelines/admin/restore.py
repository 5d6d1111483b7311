"""Puts a backup in the place of a home, and behind it what the home still has (rule I5).

The new state is made beside the old one and put in place by renames that can be killed anywhere
(`pipelines.swap`). Cycles of the home's archive that the backup lacks are done again; where none is
missing every number comes out as it was given. Else the hub goes on above all that was given, and
queues that were given more than it knows begin anew (`pipelines.ahead`). Where the home does not
tell what was given, as on a new machine, numbers leap (`pipelines.admin.numbers`).

What waits in the home stays, and the files of the outbox stay: what is in them was given. The
gateway's database is the backup's, if it has one.
"""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines import ahead, archive, cycle, outbox, quiet, records, swap
from pipelines.admin import kept, numbers, place, salvage
from pipelines.admin.kept import Backup
from pipelines.admin.numbers import Told
from pipelines.admin.rebuild import replay
from pipelines.admin.salvage import Beyond
from pipelines.errors import MainstemError
from pipelines.home import Home, lock
from pipelines.hub import Hub
from warehouse import engine

Tell = Callable[[int, int], object]


def restore(
    home: Home,
    folder: Path,
    nothing_lost: bool = False,
    dry_run: bool = False,
    announce: Callable[[str], object] = lambda _: None,
    tell: Tell = lambda _done, _of: None,
) -> dict[str, Any]:
    """Restore the backup in `folder`, or the newest one there; waits for a running cycle.

    `announce` hears what will be done before it is, `tell` the cycles done and in all. With
    `nothing_lost` a home that tells nothing does not leap: no cycle ran after the backup. With
    `dry_run` nothing is done. MainstemError when the backup is damaged; then nothing is changed.
    """
    quiet.hush()
    backup = kept.find(folder)
    fresh = _may_replace(home)
    home.path.mkdir(parents=True, exist_ok=True)
    try:
        with lock(home):
            with suppress(MainstemError):  # a damaged manifest: the salvage tells of it
                archive.finish(home)
            told = numbers.told(home)
            leap = (told.last < backup.cycle or not told.last) and not nothing_lost
            staged = Home(swap.staging(home.path))
            try:
                found = _gather(home, staged, backup, told)
                lacks = found.lost + ([_unknown(backup)] if leap else [])
                for sentence in _plan(home, backup, found, lacks):
                    announce(sentence)
                made = _told_of(backup, found, lacks)
                if not dry_run:
                    made |= _make(staged, backup, told, found, lacks, leap, tell)
                    keep = bool(lacks or made["ahead"])
                    made["aside"] = place.put(home, staged, found, keep)
                    _publish(home)
                return made
            finally:
                swap.discard(home.path)
    finally:
        if fresh and not home.toml.exists() and not swap.begun(home.path):
            (home.path / ".lock").unlink(missing_ok=True)
            with suppress(OSError):
                home.path.rmdir()


def _may_replace(home: Home) -> bool:
    """Whether the home's folder is empty or new; MainstemError when it is something else."""
    if home.path.exists() and not home.path.is_dir():
        raise MainstemError(f"{home.path} is a file. Choose another folder with --home.")
    there = {path.name for path in home.path.iterdir()} if home.path.is_dir() else set()
    marks = {home.toml.name, home.warehouse.name, home.archive.name, swap.STAGING, ".lock"}
    if there and not there & marks:
        raise MainstemError(
            f"{home.path} is not empty and no home. Choose another folder with --home."
        )
    return not there


def _gather(home: Home, staged: Home, backup: Backup, told: Told) -> Beyond:
    """Copy the backup, checked, to where the new state is made; what the home has beyond it.

    A damaged warehouse is left out and made from the archive; a file of the archive that is damaged
    may stand whole in the home.
    """
    needed = sum(file.bytes for file in backup.files.values())
    if shutil.disk_usage(home.path).free < needed:
        raise MainstemError(
            f"The disk of {home.path} lacks room for the backup, {needed >> 20} MiB. Nothing was "
            "changed; free some room."
        )
    damaged = []
    for name, file in backup.files.items():
        places = [backup.path / name]
        places += [home.path / name] if name.startswith("archive/") else []
        if not any(
            place.is_file() and kept.copy(place, staged.path / name) == file for place in places
        ):
            (staged.path / name).unlink(missing_ok=True)
            damaged.append(name)
    if worse := sorted(set(damaged) - {home.warehouse.name}):
        raise MainstemError(
            f"The backup {backup.path} is damaged: {worse[0]} is missing or not what was copied"
            + (f", and {len(worse) - 1} more files" if len(worse) > 1 else "")
            + ". Nothing was changed; use another backup."
        )
    manifests = archive.manifests(staged)
    if len(manifests) != backup.cycle:
        raise MainstemError(
            f"The backup {backup.path} is damaged: its archive has {len(manifests)} cycles, not "
            f"{backup.cycle}. Nothing was changed; use another backup."
        )
    for folder in (staged.requests, staged.inbox):
        folder.mkdir(exist_ok=True)
    return salvage.beyond(home, manifests, told.last)


def _unknown(backup: Backup) -> str:
    return (
        f"The home does not tell what came after {backup.clock or backup.made}: what sites pushed "
        "since must be pushed again."
    )


def _plan(home: Home, backup: Backup, found: Beyond, lacks: list[str]) -> list[str]:
    """What is going to be done, a sentence each."""
    told = [f"The backup of {backup.made}, cycle {backup.cycle}, goes to {home.path}."]
    if found.exact:
        first, last = found.exact[0].cycle, found.exact[-1].cycle
        told.append(f"Cycles {first} to {last} of the home's archive are done again as they were.")
    if found.rest:
        told.append(
            f"What is whole of {len(found.rest)} later cycles of the home's archive is taken in "
            "under new numbers."
        )
    return told + lacks


def _told_of(backup: Backup, found: Beyond, lacks: list[str]) -> dict[str, Any]:
    return {
        "backup": str(backup.path),
        "made": backup.made,
        "cycle": backup.cycle,
        "again": [manifest.cycle for manifest in found.exact],
        "taken": [told["cycle"] for _, told in found.rest],
        "lacks": lacks,
        "ahead": [],
        "aside": None,
    }


def _make(
    staged: Home,
    backup: Backup,
    told: Told,
    found: Beyond,
    lacks: list[str],
    leap: bool,
    tell: Tell,
) -> dict[str, Any]:
    """Make the warehouse of the new state, and ask its next cycle for what keeps numbers apart."""
    made: dict[str, Any] = {"ahead": []}
    with engine.opened(staged.warehouse) as con:
        records.load_kinds(con)
        hub = Hub(staged, staged.settings(), con)
        (done,) = hub.one("select coalesce(max(cycle), 0) from landing.cycle")
        manifests = archive.manifests(staged)[done:] + salvage.take_exact(found, staged)
        hub = replay(hub, manifests, tell)
        made["last"] = backup.cycle + len(found.exact)
        why = {"backup": backup.made, "cycle": backup.cycle, "lacks": lacks}
        lost = bool(found.rest or lacks)
        request = numbers.request(hub, told, backup.numbers, lost, leap, found.parted, why)
        if request:
            made["ahead"] = numbers.compared(request, ahead.known(con))
        if found.rest:
            asked = ahead.anew([request]) if request else []
            replay(hub, salvage.take_rest(found, staged, made["last"], asked), tell)
            made["last"] += len(found.rest)
        elif request:
            (staged.path / place.REQUEST).write_text(json.dumps(request), encoding="utf-8")
        # Files and reports are made once all is in place: by this command, or the next cycle.
        con.execute("delete from landing.mark where stage in ('publish', 'marts')")
    return made


def _publish(home: Home) -> None:
    """Publish the queues' files that are not there, and the reports."""
    with engine.opened(home.warehouse) as con:
        records.load_kinds(con)
        hub = Hub(home, home.settings(), con)
        (hub.cycle,) = hub.one("select coalesce(max(cycle), 0) from landing.cycle")
        if hub.cycle:
            (hub.clock,) = hub.one("select clock from landing.cycle where cycle = ?", hub.cycle)
            _owe(hub)
            for name in ("publish", "marts"):
                cycle.stage(hub, name)


def _owe(hub: Hub) -> None:
    """Every file that is not there is owed now, also where a cycle would look by turns."""
    lost = outbox.missing(hub)
    hub.con.register(
        "lost", pa.table({"site": [f[0] for f in lost], "first": [f[1] for f in lost]})
    )
    hub.con.execute(
        "update outbox.file set bytes = null from lost "
        "where lost.site = file.site and lost.first = file.first"
    )
    hub.con.unregister("lost")
