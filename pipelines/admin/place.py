"""Puts a restored state in the place of a home's: what is exchanged, what stays, what is added."""

import shutil
from pathlib import Path

from pipelines import feed, settings, swap
from pipelines import home as homes
from pipelines.admin.salvage import Beyond
from pipelines.gateway import pushed
from pipelines.home import Home

ASIDE = (
    *("archive", "warehouse.duckdb", "warehouse.duckdb.wal", "reports.duckdb", "patients.db"),
    ".reached.json",
)
GATEWAY = ("gateway.db", "gateway.db-wal", "gateway.db-shm")
OLD = "old.toml"  # in the new state: the settings that are replaced
REQUEST = "restored.json"  # in the new state: what its next cycle is asked for


def put(home: Home, staged: Home, found: Beyond, keep: bool) -> str | None:
    """Exchange the old state for the new one; where the old one is kept, if it is.

    It is when `keep` is asked, or when the settings were others.
    """
    aside = _free(home.path, f"replaced-{settings.now():%Y%m%dT%H%M%SZ}")
    # The settings first: without them a home is none.
    into = [(name, name) for name in ("mainstem.toml", "archive", "warehouse.duckdb")]
    out = [(name, f"{aside}/{name}") for name in ASIDE]
    if (staged.path / GATEWAY[0]).exists():
        out += [(name, f"{aside}/{name}") for name in GATEWAY]
        into.append((GATEWAY[0], GATEWAY[0]))
    into += _waiting(home, staged, found)
    keep = keep or _differ(home.toml, staged.toml)
    for name in set(homes.FOLDERS) - {home.archive.name}:
        (home.path / name).mkdir(exist_ok=True)
    if home.toml.is_file():
        shutil.copy2(home.toml, staged.path / OLD)
        into.append((OLD, f"{aside}/{home.toml.name}"))
    new = staged.path.relative_to(home.path)
    swap.begin(home.path, out, [(str(new / source), target) for source, target in into])
    if keep and (home.path / aside).is_dir():
        return str(home.path / aside)
    shutil.rmtree(home.path / aside, ignore_errors=True)
    return None


def _differ(one: Path, other: Path) -> bool:
    return one.is_file() and one.read_bytes() != other.read_bytes()


def _free(folder: Path, name: str) -> str:
    """A name like this one that nothing in the folder has."""
    names = [name, *(f"{name}-{number}" for number in range(2, 10_000))]
    return next(told for told in names if not (folder / told).exists())


def _waiting(home: Home, staged: Home, found: Beyond) -> list[tuple[str, str]]:
    """What waited when the backup was made, and neither waits now nor was taken: where it goes.

    A segment whose name is taken by another gets one that stands before it.
    """
    told = staged.settings()
    waited = feed.waiting(staged.inbox, told.central, told.primary)
    there = found.contents()
    if waited and home.inbox.is_dir():
        now = feed.waiting(home.inbox, told.central, told.primary)
        there |= {(segment.site, feed.tell(segment).sha256) for segment in now}
    moves = []
    for segment in waited:
        if (segment.site, feed.tell(segment).sha256) in there:
            continue
        folder, name = f"inbox/{segment.site}", segment.name
        while (home.path / folder / name).exists():
            name = f"!{name}"
        moves.append((f"{folder}/{segment.name}", f"{folder}/{name}"))
    begun = [path for path in staged.inbox.glob(f"*/{pushed.PART}") if path.is_file()]
    for path in [*begun, *staged.files.glob("*")]:
        place = path.relative_to(staged.path).as_posix()
        if not (home.path / place).exists():
            moves.append((place, place))
    asked = found.requests()
    for path in sorted(staged.requests.glob("*.json")):
        if path.name not in asked and not (home.requests / path.name).exists():
            moves.append((f"requests/{path.name}", f"requests/{path.name}"))
    if (staged.path / REQUEST).is_file():
        stem = f"{settings.now():%Y%m%dT%H%M%SZ}-restored"
        taken = {path.stem for path in home.requests.glob("*.json")}
        names = [stem, *(f"{stem}-{number}" for number in range(2, 10_000))]
        name = next(told for told in names if told not in taken)
        moves.append((REQUEST, f"requests/{name}.json"))
    return moves
