"""Records in the form that open mSupply's client parses (protocol v5, 11 and 13).

A client pushes dates as datetimes and times as texts but wants them otherwise; it fails on a record
that lacks a required key. Which, is warehouse/registry/wire_key.csv: a row a key, its form, whether
the client requires it and whether it takes null.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines import registry

# What stands for nothing, by form; a client that takes null gets null where nothing else will do.
EMPTY: dict[str, Any] = {
    "text": "",
    "word": "",
    "whole": 0,
    "number": 0,
    "flag": False,
    "date": "0000-00-00",
    "day": "0000-00-00",
    "moment": "0000-00-00T00:00:00",
    "time": 0,
    "json": {},
}
NULL_FOR_NOTHING = ("word", "moment", "json")
DATED = re.compile(r"(\d{4}-\d\d-\d\d)[T ].*")
TIMED = re.compile(r"(\d\d?):(\d\d):(\d\d)(?:\.\d+)?")
# A client dies of these without a date of the kind (protocol v5, 11).
FATAL_WITHOUT = {"temperature_log": "date", "temperature_breach": "start_date"}
TEXTS_OF_PREFERENCE = ("monthlyConsumptionLookBackPeriod", "monthsLeadTime")


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table on the wire."""

    name: str
    form: str
    required: bool
    nullable: bool

    def nothing(self) -> Any:
        """What is sent where the owner sent none."""
        return None if self.nullable and self.form in NULL_FOR_NOTHING else EMPTY[self.form]


@cache
def keys() -> dict[str, list[Key]]:
    """The keys that matter, by table."""
    found: dict[str, list[Key]] = {}
    for row in registry.read_rows("wire_key"):
        required, nullable = row["required"] == "true", row["nullable"] == "true"
        key = Key(row["key"], row["form"], required, nullable)
        found.setdefault(row["table_name"], []).append(key)
    return found


def sendable(table: str, data: dict[str, Any]) -> bool:
    """Whether a client survives the record."""
    date = FATAL_WITHOUT.get(table)
    return date is None or bool(DATED.match(f"{data.get(date) or ''}T"))


def formed(table: str, data: dict[str, Any]) -> dict[str, Any]:
    """The record as a client parses it; the same object, changed where it has to be."""
    for key in keys().get(table, ()):
        if key.name not in data:
            if key.required:
                data[key.name] = key.nothing()
            continue
        value = data[key.name]
        if value is None:
            if not key.nullable:
                data[key.name] = key.nothing()
        elif key.form in ("date", "day"):
            if isinstance(value, str) and (told := DATED.fullmatch(value)):
                data[key.name] = told[1]
        elif key.form == "time" and not isinstance(value, int):
            data[key.name] = seconds(value)
    if table == "list_master":
        data.setdefault("inactive", False)  # missing means inactive to a client
    elif table == "requisition" and data.get("om_created_datetime"):
        data.setdefault("om_status", None)
    elif table == "pref" and isinstance(told := data.get("data"), dict):
        for name in TEXTS_OF_PREFERENCE:
            if name in told and not isinstance(told[name], str):
                told[name] = "" if told[name] is None else str(told[name])
    return data


def seconds(value: object) -> int:
    """Seconds since midnight of `HH:MM:SS`; 0 of what is no time."""
    told = TIMED.fullmatch(value) if isinstance(value, str) else None
    return int(told[1]) * 3600 + int(told[2]) * 60 + int(told[3]) if told else 0
