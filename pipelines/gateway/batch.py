"""What an answer with records is made of: how many, from where, each in the form of v5."""

import json
import re
from collections.abc import Mapping
from typing import Any

import orjson

from pipelines.gateway import wire
from pipelines.gateway.refused import malformed

LIMIT, MOST = 500, 10_000  # records in an answer: when not said, at most


def limit(query: Mapping[str, str]) -> int:
    """How many records a call asks for at most."""
    return min(number(query, "limit", LIMIT), MOST)


def record(line: bytes) -> dict[str, Any] | None:
    """A line of the outbox as v5 has it; None of a reset, and of what a client dies of."""
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError:  # a number too large for it
        told = json.loads(line)
    if told["action"] == "reset":
        return None
    found = {name: told[name] for name in ("tableName", "recordId", "action")}
    if told["action"] == "delete":
        return found
    data = told["recordData"]
    if told["action"] == "merge":
        return {**found, "recordData": data}
    table = told["tableName"]
    return {**found, "recordData": wire.formed(table, data)} if wire.sendable(table, data) else None


def number(query: Mapping[str, str], name: str, default: int) -> int:
    """A whole number of a query; Refused when it is none that a client sends."""
    told = query.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,18}", told) or (name == "limit" and not int(told)):
        raise malformed(f"{name} is no whole number")
    return int(told)
