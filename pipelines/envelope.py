"""Takes a line apart by the letter of RFC 8259: the slow, exact way for lines SQL is unsure of."""

import json
from dataclasses import dataclass
from typing import Any

ACTIONS = ("insert", "update", "delete", "merge")
_SPACE = " \t\n\r"


@dataclass(frozen=True)
class Envelope:
    """A line taken apart; `data` is recordData as its very text, None for a delete."""

    table_name: str
    record_id: str
    action: str
    data: str | None


class MalformedError(ValueError):
    """Why a line is malformed, in a few words."""


def _refuse(constant: str) -> Any:
    raise MalformedError(f"{constant} is not JSON")


# Numbers stay text: what they mean is not the envelope's affair, nor how long they are.
_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_int=str, parse_float=str)


def take_apart(line: str) -> Envelope:
    """Take one line apart; MalformedError says why it is not a change."""
    try:
        members = _members(line)
    except MalformedError:
        raise
    except RecursionError:
        raise MalformedError("nested too deep") from None
    except (ValueError, StopIteration, IndexError) as error:
        raise MalformedError(f"not JSON: {str(error) or 'it ends too early'}") from None
    told: dict[str, str] = {}
    for key in ("tableName", "recordId", "action"):
        if key not in members:
            raise MalformedError(f"{key} is missing")
        value = members[key][0]
        if not isinstance(value, str) or not members[key][1].startswith('"'):
            raise MalformedError(f"{key} must be a string")
        if not value:
            raise MalformedError(f"{key} is empty")
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            raise MalformedError(f"{key} has half a character")
        told[key] = value
    action = told["action"].lower()
    if action not in ACTIONS:
        raise MalformedError(f"action is {told['action'][:40]!r}")
    value, text = members.get("recordData", (None, None))
    if action == "delete":
        return Envelope(told["tableName"], told["recordId"], action, None)
    if text is None:
        raise MalformedError("recordData is missing")
    if not isinstance(value, dict):
        raise MalformedError("recordData must be an object")
    return Envelope(told["tableName"], told["recordId"], action, text)


def _members(line: str) -> dict[str, tuple[Any, str]]:
    """The line's members: key → (value, the value's very text)."""
    at = _skip(line, 0)
    if line[at] != "{":
        raise MalformedError("not a JSON object")
    members: dict[str, tuple[Any, str]] = {}
    at = _skip(line, at + 1)
    while line[at] != "}" or members:
        if line[at] != '"':
            raise MalformedError("not JSON: a key must be a string")
        key, at = _DECODER.raw_decode(line, at)
        at = _skip(line, at)
        if line[at] != ":":
            raise MalformedError("not JSON: a colon is missing")
        start = _skip(line, at + 1)
        value, end = _DECODER.raw_decode(line, start)
        if key in members:
            raise MalformedError(f"{key[:40]!r} stands twice")
        members[key] = (value, line[start:end])
        at = _skip(line, end)
        if line[at] == "}":
            break
        if line[at] != ",":
            raise MalformedError("not JSON: a comma is missing")
        at = _skip(line, at + 1)
    if _skip(line, at + 1) != len(line):
        raise MalformedError("not JSON: something follows the object")
    return members


def _skip(line: str, at: int) -> int:
    while at < len(line) and line[at] in _SPACE:
        at += 1
    return at
