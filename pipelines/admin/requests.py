"""Requests: what the next cycle is asked for, a file each."""

import json
import os
import threading
from pathlib import Path
from typing import Any

from pipelines import settings
from pipelines.errors import MainstemError
from pipelines.home import Home


def ask(home: Home, word: str, wanted: Any) -> Path:
    """Ask the next cycle for one thing: {word: wanted}; its file. Requests stand in their order."""
    stamp = settings.now().strftime("%Y%m%dT%H%M%SZ")
    part = home.requests / f".{stamp}-{os.getpid()}-{threading.get_ident()}.part"
    part.write_text(json.dumps({word: wanted}), encoding="utf-8")
    try:
        taken = {path.name[: len(stamp) + 5] for path in home.requests.iterdir()}
        for number in range(10_000):
            place = f"{stamp}-{number:04d}"
            if place in taken:
                continue
            path = home.requests / f"{place}-{word}.json"
            try:
                path.hardlink_to(part)  # which fails where another has just asked the same
            except FileExistsError:
                continue
            return path
        raise MainstemError(f"{home.requests} holds too many requests. Run 'mainstem sync'.")
    finally:
        part.unlink()
