"""What a home's archive has that a backup lacks, and bringing it behind the backup's cycles.

As long as nothing is missing, the home's later cycles are taken exactly as they were, to be done
again with their clocks: every number comes out the same. From the first cycle on that is missing,
damaged, or of another history than the backup's, what is whole of the rest is taken as cycles under
new numbers, in their order.
"""

import json
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipelines import archive, feed
from pipelines.admin import kept
from pipelines.ahead import Request
from pipelines.archive import Manifest
from pipelines.errors import MainstemError
from pipelines.feed import Segment
from pipelines.home import Home


@dataclass
class Beyond:
    """The cycles of a home's archive beyond a backup's, as the manifests that they get.

    `exact` are taken as they were, `rest` under new numbers; `lost` names what is in neither.
    """

    exact: list[Manifest] = field(default_factory=list)
    rest: list[tuple[Path, dict[str, Any]]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    parted: bool = False

    def contents(self) -> set[tuple[int, str]]:
        """(site, sha256) of every segment that is taken."""
        taken = [
            (segment.site, sha)
            for manifest in self.exact
            for segment, sha in zip(manifest.segments, manifest.sha256, strict=True)
        ]
        taken += [(s["site"], s["sha256"]) for _, told in self.rest for s in told["segments"]]
        return set(taken)

    def requests(self) -> set[str]:
        """The files of the requests that the cycles taken were asked."""
        told = [request for manifest in self.exact for request in manifest.requests]
        told += [request for _, manifest in self.rest for request in manifest["requests"]]
        return {str(request.get("file")) for request in told}


def beyond(home: Home, before: list[Manifest], last: int) -> Beyond:
    """What stands in a home's archive after the cycles `before`; `last` is the last there ever was.

    MainstemError when the archive has no history in common with them.
    """
    folders = {
        int(path.name): path
        for path in home.archive.glob("*/*")
        if path.is_dir() and path.name.isdecimal()
    }
    found = Beyond()
    first = _parting(folders, before)
    found.parted = first <= len(before)
    missing: list[int] = []
    clock = before[-1].clock.isoformat() + "Z" if before else "1970-01-01T00:00:00Z"
    for number in range(first, max([last, *folders]) + 1):
        folder = folders.get(number, archive.folder(home, number))
        told = _manifest(folder)
        if told is None and folder.is_dir():
            told = _by_files(folder, number, clock)
            found.lost.append(f"The manifest of cycle {number} is damaged; its segments are taken.")
        elif told is None:
            missing.append(number)
            continue
        clock = told["clock"]
        lacking = _damaged(folder, told)
        found.lost += [
            f"Segment {name} of site {site} (cycle {number}) is lost: site {site} must push it "
            "again."
            for site, name in lacking
        ]
        if found.parted or found.lost or missing:
            told["segments"] = [
                s for s in told["segments"] if (s["site"], s["name"]) not in set(lacking)
            ]
            found.rest.append((folder, told))
        else:
            found.exact.append(archive.read(folder / "manifest.json"))
    found.lost = _runs(missing) + found.lost
    return found


def _parting(folders: dict[int, Path], before: list[Manifest]) -> int:
    """The first cycle in which an archive is not these cycles'; the one after them as a rule."""
    for manifest in before:
        told = _manifest(folders.get(manifest.cycle, Path()))
        if told is None:
            continue
        same = [(s["site"], s["name"], s["sha256"]) for s in told["segments"]] == [
            (segment.site, segment.name, sha)
            for segment, sha in zip(manifest.segments, manifest.sha256, strict=True)
        ] and told["clock"] == manifest.clock.isoformat() + "Z"
        if same:
            continue
        if manifest.cycle == 1:
            raise MainstemError(
                "The backup is of another hub than this home: their first cycles differ. "
                "Restore it into an empty folder with --home."
            )
        return manifest.cycle
    return len(before) + 1


def _manifest(folder: Path) -> dict[str, Any] | None:
    """A manifest as it stands, or None where there is none that can be read."""
    path = folder / "manifest.json"
    try:
        archive.read(path)
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, MainstemError):
        return None
    return told


def _by_files(folder: Path, cycle: int, clock: str) -> dict[str, Any]:
    """A manifest made from the segments in a cycle's folder, named as their files are."""
    segments = []
    for path in sorted(folder.iterdir()):
        if (site := archive.site_of(path.name)) is None:
            continue
        told = feed.tell(Segment(site, path.name, path))
        segments.append(
            {"file": path.name, "site": site, "name": path.name, "sha256": told.sha256}
            | {"bytes": told.bytes, "lines": told.lines, "outcome": "ingested", "arrival": clock}
        )
    return {"cycle": cycle, "clock": clock, "requests": [], "segments": segments}


def _damaged(folder: Path, told: dict[str, Any]) -> list[tuple[int, str]]:
    """(site, name) of the segments of a cycle that are missing or not what was ingested."""
    found = []
    for s in told["segments"]:
        segment = Segment(s["site"], s["name"], folder / s["file"])
        if not segment.path.is_file() or feed.tell(segment).sha256 != s["sha256"]:
            found.append((segment.site, segment.name))
    return found


def _runs(numbers: list[int]) -> list[str]:
    """A sentence for each run of cycles that are missing."""
    starts = [n for before, n in pairwise([-1, *numbers]) if n != before + 1]
    ends = [n for n, after in pairwise([*numbers, -1]) if after != n + 1]
    return [
        (f"Cycle {start} is" if start == end else f"Cycles {start} to {end} are")
        + " lost: what sites pushed then must be pushed again."
        for start, end in zip(starts, ends, strict=True)
    ]


def take_exact(found: Beyond, into: Home) -> list[Manifest]:
    """Bring the cycles that are taken as they were into an archive."""
    for manifest in found.exact:
        target = archive.folder(into, manifest.cycle)
        for segment in manifest.segments:
            kept.link(segment.path, target / segment.path.name)
        source = manifest.folder / "manifest.json"
        kept.link(source, target / "manifest.json")
    return [
        archive.read(archive.folder(into, manifest.cycle) / "manifest.json")
        for manifest in found.exact
    ]


def take_rest(found: Beyond, into: Home, last: int, requests: list[Request]) -> list[Manifest]:
    """Bring the other cycles into an archive, after `last`; the first is asked `requests` too."""
    taken = []
    for number, (folder, told) in enumerate(found.rest, start=last + 1):
        target = archive.folder(into, number)
        target.mkdir(parents=True)
        for s in told["segments"]:
            kept.link(folder / s["file"], target / s["file"])
        asked = requests + told["requests"] if number == last + 1 else told["requests"]
        archive.write(target / "manifest.json", {**told, "cycle": number, "requests": asked})
        taken.append(archive.read(target / "manifest.json"))
    return taken
