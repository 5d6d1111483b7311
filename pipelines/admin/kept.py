"""What a backup is: a dated folder with a manifest, how it is found, how a file of it is checked.

`mainstem backup DIR` makes `DIR/<time>/`, which holds all of a home that does not follow from the
rest, and `backup.json`: sha256 and size of every file, and the numbers that were reached.
"""

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.ahead import Given
from pipelines.errors import MainstemError

MANIFEST = "backup.json"
DATED = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
BLOCK = 1 << 20


@dataclass(frozen=True)
class File:
    """One file of a backup: what it must be."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Backup:
    """One backup: where it is, when it was made, what it reached, and its files by path."""

    path: Path
    made: str
    cycle: int
    clock: str | None
    numbers: Given
    files: dict[str, File]


def find(folder: Path) -> Backup:
    """The backup in a folder, or the newest of those it holds; MainstemError when there is none."""
    found = [folder] if (folder / MANIFEST).is_file() else dated(folder)
    if not found:
        raise MainstemError(f"{folder} holds no backup. Make one with 'mainstem backup {folder}'.")
    return read(found[-1])


def dated(folder: Path) -> list[Path]:
    """The backups that a folder holds, oldest first."""
    if not folder.is_dir():
        return []
    found = [
        path
        for path in folder.iterdir()
        if DATED.fullmatch(path.name) and (path / MANIFEST).is_file()
    ]
    return sorted(found, key=lambda path: (path.name[:16], len(path.name), path.name))


def read(path: Path) -> Backup:
    """Read a backup's manifest; MainstemError when it is damaged."""
    try:
        told = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        numbers = told["numbers"]
        queues = {0: numbers["central"], **{int(k): v for k, v in numbers["queues"].items()}}
        files = {name: File(f["sha256"], f["bytes"]) for name, f in told["files"].items()}
        if any(Path(name).is_absolute() or ".." in Path(name).parts for name in files):
            raise ValueError("it names a file outside the backup")
        return Backup(
            path, told["made"], told["cycle"], told["clock"],
            Given(queues, numbers["cursor"]), files,
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise MainstemError(
            f"{path / MANIFEST} is damaged: {error}. Use another backup of {path.parent}."
        ) from error


def write(path: Path, backup: Backup) -> None:
    """Write a backup's manifest into a folder."""
    queues = backup.numbers.queues
    told: dict[str, Any] = {
        "made": backup.made,
        "cycle": backup.cycle,
        "clock": backup.clock,
        "numbers": {
            "central": queues.get(0, 0),
            "cursor": backup.numbers.cursor,
            "queues": {str(site): last for site, last in queues.items() if site},
        },
        "files": {
            name: {"sha256": file.sha256, "bytes": file.bytes}
            for name, file in sorted(backup.files.items())
        },
    }
    (path / MANIFEST).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def copy(source: Path, target: Path) -> File:
    """Copy a file with its time, reading it once; what it is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    sha, size = hashlib.sha256(), 0
    with source.open("rb") as reading, target.open("wb") as writing:
        while block := reading.read(BLOCK):
            sha.update(block)
            size += writing.write(block)
        told = os.fstat(reading.fileno())
    os.utime(target, ns=(told.st_atime_ns, told.st_mtime_ns))
    return File(sha.hexdigest(), size)


def link(source: Path, target: Path) -> None:
    """Give a file that is never written again a second name; a copy where a disk has no links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
