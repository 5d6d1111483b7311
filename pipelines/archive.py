"""The archive: what was ingested, as it came, by cycle, with a manifest: enough to rebuild.

A cycle's segments stand in one folder, each in a file whose name begins with its place in the cycle
and its site: a folder a site would cost more than all the rest where 40,000 sites push.
"""

import json
import os
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from pipelines import feed
from pipelines.errors import MainstemError
from pipelines.feed import Segment
from pipelines.home import Home
from pipelines.hub import Hub


@dataclass(frozen=True)
class Manifest:
    """One cycle as the archive keeps it: its clock (UTC), requests, and segments in order."""

    folder: Path
    cycle: int
    clock: datetime
    requests: list[dict[str, Any]]
    segments: list[Segment]
    sha256: list[str]
    sizes: list[int]


def folder(home: Home, cycle: int) -> Path:
    """Where a cycle's segments and manifest are kept."""
    return home.archive / f"{cycle // 1000:06d}" / f"{cycle:09d}"


def keep(hub: Hub) -> None:
    """Move a committed cycle's segments and requests to the archive, its manifest first.

    Running it again does the rest.
    """
    target = folder(hub.home, hub.cycle)
    target.mkdir(parents=True, exist_ok=True)
    rows = hub.con.execute(
        "select position, site, name, sha256, bytes, lines, outcome from landing.segment "
        "where cycle = ? order by position",
        [hub.cycle],
    ).fetchall()
    manifest = {
        "cycle": hub.cycle,
        "clock": hub.clock.isoformat() + "Z",
        "requests": hub.requests,
        "segments": [
            {
                "file": file_name(position, site, name),
                "site": site,
                "name": name,
                "sha256": sha,
                "bytes": size,
                "lines": lines,
                "outcome": outcome,
                "arrival": hub.clock.isoformat() + "Z",
            }
            for position, site, name, sha, size, lines, outcome in rows
        ],
    }
    write(target / "manifest.json", manifest)
    _move(hub.home, read(target / "manifest.json"), just_ingested=bool(hub.segments))


def file_name(position: int, site: int, name: str) -> str:
    """What the file of a cycle's segment is called: `000012-site101.ndjson.gz`.

    The segment's own name, which may be as long as a file's can be, is in the manifest.
    """
    (suffix,) = [suffix for suffix in feed.SUFFIXES if name.endswith(suffix)]
    return f"{position:06d}-site{site}{suffix}"


def site_of(file: str) -> int | None:
    """The site whose segment a file of the archive is; None when it is no segment."""
    told = re.fullmatch(r"\d{6,}-site(\d+)(?:\.ndjson(?:\.gz|\.zst)?)", file)
    return int(told[1]) if told else None


def write(path: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest so that it is there whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as handle:
        handle.write(orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        handle.flush()
        os.fsync(handle.fileno())
    part.rename(path)


def finish(home: Home) -> None:
    """Do the rest of a move to the archive that was cut short, of the last manifest there is."""
    for path in sorted(home.archive.glob("*/*/manifest.json"))[-1:]:
        _move(home, read(path), just_ingested=False)


def _move(home: Home, manifest: Manifest, just_ingested: bool) -> None:
    """Take from the inbox and from requests what a manifest names, if it is still the same file."""
    inbox = str(home.inbox)
    told = zip(manifest.segments, manifest.sha256, manifest.sizes, strict=True)
    for segment, sha, size in told:  # tens of thousands, for which a Path each costs more than all
        source, target = f"{inbox}/{segment.site}/{segment.name}", str(segment.path)
        try:
            same = os.stat(source).st_size == size  # noqa: PTH116
        except OSError:
            continue
        if not same or os.path.exists(target):  # noqa: PTH110
            continue
        if just_ingested or feed.tell(replace(segment, path=Path(source))).sha256 == sha:
            os.rename(source, target)  # noqa: PTH104
    for request in manifest.requests:
        (home.requests / request["file"]).unlink(missing_ok=True)


def manifests(home: Home) -> list[Manifest]:
    """Every cycle in the archive, in order; an error names a segment or cycle that is missing."""
    found = [read(path) for path in sorted(home.archive.glob("*/*/manifest.json"))]
    for expected, manifest in enumerate(found, start=1):
        if manifest.cycle != expected:
            raise MainstemError(
                f"The archive lacks cycle {expected}. Restore {folder(home, expected)}."
            )
        for segment in manifest.segments:
            if not segment.path.is_file():
                raise MainstemError(f"The archive lacks {segment.path}. Restore it from a backup.")
    return found


def read(path: Path) -> Manifest:
    """Read one manifest; MainstemError when it is damaged."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(
            path.parent,
            told["cycle"],
            datetime.fromisoformat(told["clock"]).astimezone(UTC).replace(tzinfo=None),
            told["requests"],
            [Segment(s["site"], s["name"], path.parent / s["file"]) for s in told["segments"]],
            [s["sha256"] for s in told["segments"]],
            [s["bytes"] for s in told["segments"]],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise MainstemError(f"{path} is damaged: {error}. Restore it from a backup.") from error


def damage(manifest: Manifest) -> list[str]:
    """The segments of one cycle whose content is no longer what was ingested."""
    told: list[feed.Told] = []
    for _ in feed.read(manifest.segments, told):
        pass
    return [
        str(segment.path)
        for segment, sha, content in zip(manifest.segments, manifest.sha256, told, strict=True)
        if content.sha256 != sha
    ]
