"""A cycle, or a restore, that is killed, as by kill -9, at a named moment; for its own process."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from pipelines import archive, cycle, feed, publish, records, sql, swap
from pipelines.admin import kept, place
from pipelines.admin import restore as restores
from pipelines.home import Home
from pipelines.outbox import files


def die(*_: Any, **__: Any) -> NoReturn:
    """End this process at once; nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit


def after(owner: Any, name: str, calls: int = 1) -> None:
    """Die when a function returns for the nth time."""
    real, seen = getattr(owner, name), []

    def call(*given: Any, **told: Any) -> Any:
        result = real(*given, **told)
        seen.append(name)
        if len(seen) == calls:
            die()
        return result

    setattr(owner, name, call)


def when(owner: Any, name: str, condition: Callable[..., bool], calls: int = 1) -> None:
    """Die instead of calling a function for the nth time with arguments that meet the condition."""
    real, seen = getattr(owner, name), []

    def call(*given: Any, **told: Any) -> Any:
        if condition(*given):
            seen.append(name)
            if len(seen) == calls:
                die()
        return real(*given, **told)

    setattr(owner, name, call)


def renaming(part: str, calls: int = 1) -> None:
    """Die before the nth rename to a path that has `part` in it."""
    when(os, "rename", lambda _, target: part in str(target), calls)


def marking(stage: str) -> None:
    """Die when a stage has done its work, before its transaction ends."""
    when(cycle, "mark", lambda _, name: name == stage)


def before(stage: str) -> None:
    """Die when the stage before this one is wholly done."""
    cycle.STAGES[stage] = die


def in_extraction() -> None:
    """Die while dlt extracts, after the first table."""
    real = feed.read

    def read(*given: Any) -> Any:
        for table in real(*given):
            yield table
            die()

    vars(feed)["read"] = read


def half_copied() -> None:
    """Die when half of the published reports is copied."""

    def copy(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
        die()

    vars(publish.shutil)["copyfile"] = copy


MOMENTS: dict[str, Callable[[], None]] = {
    "while the reports are copied": half_copied,
    "while dlt extracts": in_extraction,
    "before landing commits": lambda: marking("landing"),
    "after landing, before the archive": lambda: before("archive"),
    "after the manifest, before any segment": lambda: after(archive, "write"),
    "in the middle of the move to the archive": lambda: renaming("/archive/0", 4),
    "when all is moved, before that is marked": lambda: marking("archive"),
    "inside the collector": lambda: after(records, "apply", 2),
    "before the collector commits": lambda: marking("collector"),
    "after the collector": lambda: before("routing"),
    "inside routing": lambda: when(sql, "run", lambda _, model: model.name == "routing.route"),
    "before the outbox commits": lambda: marking("outbox"),
    "after the outbox, before a file is published": lambda: before("publish"),
    "in the middle of publishing": lambda: after(files, "_opened", 2),
    "when all is published, before that is marked": lambda: marking("publish"),
    "inside the marts": lambda: when(sql, "run", lambda _, model: model.name == "marts.ledger"),
    "before the reports are swapped in": lambda: renaming("reports.duckdb"),
    "after the reports are swapped in": lambda: marking("marts"),
}


def run(home: Path, moment: str, now: str) -> None:
    """Run a cycle that dies at a moment."""
    os.environ["MAINSTEM_NOW"] = now
    MOMENTS[moment]()
    cycle.run(Home(home))


BEFORE_JOURNAL: dict[str, Callable[[], None]] = {
    "while the backup is copied": lambda: after(kept, "copy", 3),
    "while cycles are done again": lambda: after(restores, "replay"),
    "before the journal": lambda: renaming(swap.JOURNAL),
}
IN_JOURNAL: dict[str, Callable[[], None]] = {
    "when the journal stands": lambda: when(swap, "finish", lambda _: True, 2),
    "when the archive is set aside": lambda: after(swap, "keep"),
    "when all is set aside": lambda: when(swap, "put", lambda *_: True),
    "when the settings are in place": lambda: after(swap, "put"),
    "when the archive is in place": lambda: after(swap, "put", 2),
    "when all is in place": lambda: when(Path, "unlink", lambda path: path.name == swap.JOURNAL),
}
UNPUBLISHED: dict[str, Callable[[], None]] = {
    **IN_JOURNAL,
    "before files are published": lambda: after(place, "put"),
    "before the reports": lambda: marking("publish"),
}
RESTORING = {**BEFORE_JOURNAL, **UNPUBLISHED}


def restore(home: Path, backups: Path, moment: str, now: str) -> None:
    """Restore a backup over a home, and die at a moment."""
    os.environ["MAINSTEM_NOW"] = now
    RESTORING[moment]()
    restores.restore(Home(home), backups)
