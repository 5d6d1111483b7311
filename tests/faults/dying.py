"""A cycle that is killed, as by kill -9, at a named moment; for a process of its own."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from pipelines import archive, cycle, feed, outbox, records, sql
from pipelines.home import Home


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
    when(Path, "rename", lambda _, target: part in str(target), calls)


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


MOMENTS: dict[str, Callable[[], None]] = {
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
    "in the middle of publishing": lambda: after(outbox, "_write", 2),
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
