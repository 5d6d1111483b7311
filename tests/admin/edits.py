"""What a command wrote: lines in the central's inbox, requests; or whether it wrote nothing."""

import json
from typing import Any

from builders import files, run

from pipelines.admin.ack import acknowledge
from pipelines.home import Home


def edited(home: Home, number: int = 1) -> list[tuple[str, str, dict[str, Any] | None]]:
    """The lines that wait in the central's inbox: (action, table, record)."""
    return [
        (line["action"], line["tableName"], line["recordData"])
        for path in sorted((home.inbox / str(number)).glob("*.ndjson"))
        for line in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    ]


def requested(home: Home) -> list[dict[str, Any]]:
    """The requests that wait, in order."""
    return [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(home.requests.iterdir())
    ]


def unchanged(home: Home, before: dict[str, bytes]) -> bool:
    """Whether a home is as it was, the warehouse's own bytes and the lock apart."""
    after = files(home.path)
    free = {"warehouse.duckdb", "warehouse.duckdb.wal", ".lock"}
    return {k: v for k, v in after.items() if k not in free} == {
        k: v for k, v in before.items() if k not in free
    }


def settle(home: Home) -> None:
    """Every site fetches, and acknowledges, all that is published."""
    for folder in home.outbox.iterdir():
        if folder.name.isdigit():
            acknowledge(home, int(folder.name))
    run(home)
