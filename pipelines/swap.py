"""Puts a new state in the place of a home's: renames by a journal, which can be killed anywhere.

Until the journal stands nothing of the home is changed; once it stands, `finish` does the rest,
however often it is begun, and whoever takes the home's lock next calls it.
"""

import json
import os
import shutil
from pathlib import Path

STAGING = ".restore"  # in the home: the new state while it is made, and the journal
JOURNAL = "journal.json"


def staging(home: Path) -> Path:
    """Where a home's new state is made; what an earlier try left there is thrown away."""
    folder = home / STAGING
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "new").mkdir(parents=True)
    return folder / "new"


def begin(home: Path, out: list[tuple[str, str]], into: list[tuple[str, str]]) -> None:
    """Do these renames, all or (after a kill) when `finish` is called: first `out`, then `into`.

    Paths are relative to the home. `out` keeps what stands aside; `into` puts new things in place.
    """
    journal = home / STAGING / JOURNAL
    part = journal.with_name(f".{JOURNAL}.part")
    # What is not there now must not be set aside later, when the new stands in its place.
    there = [move for move in out if os.path.lexists(home / move[0])]
    part.write_text(json.dumps({"out": there, "into": into}), encoding="utf-8")
    os.sync()
    part.rename(journal)
    finish(home)


def finish(home: Path) -> None:
    """Do the renames of a journal that are not done yet; nothing where there is none."""
    journal = home / STAGING / JOURNAL
    if not journal.is_file():
        return
    told = json.loads(journal.read_text(encoding="utf-8"))
    for source, target in told["out"]:
        keep(home / source, home / target)
    for source, target in told["into"]:
        put(home / source, home / target)
    os.sync()
    journal.unlink()
    shutil.rmtree(home / STAGING, ignore_errors=True)


def keep(source: Path, target: Path) -> None:
    """Set something aside, unless that is done; then what stands at `source` is new."""
    if not os.path.lexists(source) or os.path.lexists(target):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)


def put(source: Path, target: Path) -> None:
    """Put something new in place, unless that is done."""
    if os.path.lexists(source):
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)


def begun(home: Path) -> bool:
    """Whether a journal stands: the new state is going in place."""
    return (home / STAGING / JOURNAL).is_file()


def discard(home: Path) -> None:
    """Throw away a new state that is not going in place."""
    if not begun(home):
        shutil.rmtree(home / STAGING, ignore_errors=True)
