"""Makes a backup: a consistent copy of a home, while no cycle runs, in a new dated folder.

Copied are mainstem.toml, the archive, what waits (inbox, requests), the gateway's database and the
warehouse; queues' files, reports and Dagster's runs follow from these. A file that the newest
backup in the folder has with the same size and time is not copied again but linked, so a backup
costs what has come since, and each one is whole: any of them can be deleted. A warehouse that
cannot be opened, or whose cycle is unfinished, is left out: a restore rebuilds it.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines import ahead, archive, cycle, feed, records, settings
from pipelines.admin import kept
from pipelines.admin.kept import Backup, File
from pipelines.archive import Manifest
from pipelines.errors import MainstemError
from pipelines.gateway import pushed
from pipelines.home import Home, lock
from pipelines.hub import Hub
from warehouse import engine


@dataclass
class _Stand:
    """How far a home is, and whether its warehouse can be copied as it is."""

    cycle: int
    clock: str | None
    numbers: ahead.Given
    whole: bool


def backup(home: Home, folder: Path) -> dict[str, Any]:
    """Make a backup in `folder`; waits for a running cycle. What it holds, and what was copied.

    MainstemError when the folder holds something else, or the home's archive is not whole.
    """
    told = home.settings()
    before = _may_write(home, folder)
    with lock(home):
        archive.finish(home)
        manifests = archive.manifests(home)
        stand = _stand(home, told, manifests)
        made = settings.now()
        path = _place(folder, made.strftime("%Y%m%dT%H%M%SZ"))
        part = folder / f".{path.name}.part"
        part.mkdir(parents=True)
        try:
            files, copied = _copy(home, part, before, stand.whole)
            result = Backup(
                path, made.strftime("%Y-%m-%dT%H:%M:%SZ"), stand.cycle, stand.clock,
                stand.numbers, files,
            )  # fmt: skip
            kept.write(part, result)
            os.sync()
            part.rename(path)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    return {
        "backup": str(path),
        "cycle": stand.cycle,
        "files": len(files),
        "bytes": sum(file.bytes for file in files.values()),
        "copied": copied,
        "warehouse": stand.whole,
    }


def _may_write(home: Home, folder: Path) -> Backup | None:
    """The newest backup in the folder; MainstemError when it is no place for one."""
    inside, outside = folder.resolve(), home.path.resolve()
    if inside == outside or outside in inside.parents:
        raise MainstemError(f"{folder} is in the home itself. Choose a folder on another disk.")
    if (folder / kept.MANIFEST).is_file():
        raise MainstemError(
            f"{folder} is a backup itself. Name the folder that holds it: {folder.parent}."
        )
    if folder.exists() and not folder.is_dir():
        raise MainstemError(f"{folder} is a file. Choose a folder.")
    # What a backup that was killed left is thrown away.
    for left in folder.glob(".*.part") if folder.is_dir() else ():
        if kept.DATED.fullmatch(left.name[1 : -len(".part")]):
            shutil.rmtree(left, ignore_errors=True)
    found = kept.dated(folder)
    if not found and folder.is_dir() and any(folder.iterdir()):
        raise MainstemError(
            f"{folder} is not empty and holds no backup. Choose a new or empty folder."
        )
    for path in reversed(found):
        try:
            return kept.read(path)
        except MainstemError:  # damaged: nothing of it is linked
            continue
    return None


def _place(folder: Path, stamp: str) -> Path:
    names = [stamp, *(f"{stamp}-{number}" for number in range(2, 10_000))]
    return next(path for name in names if not (path := folder / name).exists())


def _stand(home: Home, told: settings.Settings, manifests: list[Manifest]) -> _Stand:
    """Where the warehouse stands; opening it also writes its log into it."""
    numbers = ahead.Given(ahead.published(home.outbox))
    if note := ahead.noted(home):
        numbers.cursor = note.cursor
    archived = len(manifests)
    clock = f"{manifests[-1].clock.isoformat()}Z" if manifests else None
    if not home.warehouse.is_file():
        return _Stand(archived, clock, numbers, False)
    try:
        with engine.opened(home.warehouse) as con:
            records.load_kinds(con)
            hub = Hub(home, told, con)
            (last,) = hub.one("select coalesce(max(cycle), 0) from landing.cycle")
            whole = last == archived and not cycle.unfinished(hub)
            return _Stand(archived, clock, numbers.raised(ahead.known(con)), whole)
    except MainstemError:  # damaged: the archive is enough
        return _Stand(archived, clock, numbers, False)


def _copy(
    home: Home, part: Path, before: Backup | None, warehouse: bool
) -> tuple[dict[str, File], int]:
    """Copy a home's files, or link those that the backup before has; all, and how many are new."""
    files: dict[str, File] = {}
    copied = 0
    for source in _sources(home, warehouse):
        name = source.relative_to(home.path).as_posix()
        same = before.files.get(name) if before else None
        if before and same and _equal(source, before.path / name):
            kept.link(before.path / name, part / name)
            files[name] = same
        else:
            files[name] = kept.copy(source, part / name)
            copied += 1
    if home.gateway.is_file():
        name = home.gateway.name
        _copy_database(home.gateway, part / f".{name}")
        files[name] = kept.copy(part / f".{name}", part / name)
        (part / f".{name}").unlink()
    return files, copied


def _copy_database(source: Path, target: Path) -> None:
    """Copy SQLite's database as it stands at one moment, while others write it."""
    with closing(sqlite3.connect(target)) as new, closing(sqlite3.connect(source)) as old:
        old.backup(new)


def _sources(home: Home, warehouse: bool) -> Iterator[Path]:
    yield home.toml
    yield from sorted(path for path in home.archive.rglob("*") if path.is_file())
    for folder in sorted(home.inbox.iterdir()):
        if feed.is_site_folder(folder):
            yield from sorted(path for path in folder.iterdir() if feed.is_segment(path))
            if (part := folder / pushed.PART).is_file():  # batches that were acknowledged
                yield part
    if home.files.is_dir():
        yield from sorted(path for path in home.files.iterdir() if path.suffix != ".part")
    yield from sorted(home.requests.glob("*.json"))
    if warehouse:
        yield home.warehouse


def _equal(source: Path, earlier: Path) -> bool:
    """Whether a file is the one copied before, by size and time; a restore checks its content."""
    if not earlier.is_file():
        return False
    one, other = source.stat(), earlier.stat()
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)
