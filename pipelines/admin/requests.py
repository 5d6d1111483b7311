"""Requests: what the next cycle is asked for, a file each."""

import json
from typing import Any

from pipelines import settings
from pipelines.home import Home


def ask(home: Home, word: str, wanted: Any) -> None:
    """Ask the next cycle for one thing: {word: wanted}; requests stand in the order asked."""
    stamp = settings.now().strftime("%Y%m%dT%H%M%SZ")
    taken = {path.name[: len(stamp) + 5] for path in home.requests.iterdir()}
    place = next(told for n in range(10_000) if (told := f"{stamp}-{n:04d}") not in taken)
    path = home.requests / f"{place}-{word}.json"
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps({word: wanted}), encoding="utf-8")
    part.rename(path)
