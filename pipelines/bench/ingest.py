"""A million changes, end to end, against DuckDB's bare load of the same files."""

from pathlib import Path
from statistics import median
from typing import Any

from pipelines.bench import made
from pipelines.bench.measure import child, prepared

SITES = 100
# Two bare loads: as DuckDB reads such files when told nothing (it infers a column for each key),
# and the least that a load can do (the envelope's keys, recordData as its text). Of the trade
# segments, all but a few hundred lines: left to infer, DuckDB fails on the set-up ones beside them.
BARE = {
    "bare": "create table bare as select * from read_json('{files}')",
    "text": (
        "create table bare as select * from read_json('{files}', columns = {{syncOutId: 'VARCHAR', "
        "tableName: 'VARCHAR', recordId: 'VARCHAR', action: 'VARCHAR', recordData: 'JSON'}})"
    ),
}
TRADE = "[1-9][0-9][0-9]/*.ndjson"


def ingest(folder: Path, changes: int, segments: int, runs: int = 3) -> dict[str, Any]:
    """In `folder`: a cycle over `changes` lines in `segments` files, and their bare load.

    Each in a process of its own, in turn, `runs` times; seconds are medians without process start
    and imports, memory is the largest peak in MiB. Lines are as sites push them, all keys there.
    """
    feed = folder / "feed"
    size = made.write_setup(feed, SITES) + made.write_trade(feed, changes, segments, SITES)
    told: dict[str, list[dict[str, Any]]] = {what: [] for what in (*BARE, "cycle")}
    home = folder / "home"
    for number in range(runs):
        for what, statement in BARE.items():
            loaded = statement.format(files=f"{feed}/{TRADE}")
            told[what].append(child("bare", loaded, folder / f"{what}-{number}.duckdb"))
        home = prepared(folder / f"home-{number}", feed).path
        told["cycle"].append(child("cycle", home))
    idle = child("cycle", home)
    seconds = {what: median(run["seconds"] for run in runs_) for what, runs_ in told.items()}
    last = told["cycle"][-1]
    return {
        "changes": last["changes"],
        "accepted": last["accepted"],
        "segments": last["segments"],
        "bytes": size,
        "cycle_seconds": seconds["cycle"],
        "bare_seconds": seconds["bare"],
        "ratio": round(seconds["cycle"] / seconds["bare"], 2),
        "bare_statement": BARE["bare"].format(files=f"inbox/{TRADE}"),
        "text_seconds": seconds["text"],
        "text_ratio": round(seconds["cycle"] / seconds["text"], 2),
        "text_statement": BARE["text"].format(files=f"inbox/{TRADE}"),
        "changes_per_second": round(last["changes"] / seconds["cycle"]),
        "cycle_peak_mib": max(run["peak_mib"] for run in told["cycle"]),
        "idle_cycle_seconds": idle["seconds"],
        "stages": last["stages"],
        "runs": runs,
    }
