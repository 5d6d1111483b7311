"""Records in the form that a client parses (protocol v5, 11 and 13)."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from pipelines.gateway import wire


@pytest.mark.parametrize(
    ("table", "given", "expected"),
    [
        ("transact", {"entry_date": "2025-11-03T00:00:00"}, {"entry_date": "2025-11-03"}),
        ("transact", {"entry_date": "2025-11-03"}, {"entry_date": "2025-11-03"}),
        ("transact", {"entry_date": None}, {"entry_date": "0000-00-00"}),
        ("transact", {"confirm_date": None}, {"confirm_date": None}),
        ("transact", {"confirm_date": "0000-00-00T00:00:00"}, {"confirm_date": "0000-00-00"}),
        ("transact", {"arrival_date_estimated": "2025-01-02T00:00:00"},
         {"arrival_date_estimated": "2025-01-02"}),
        ("transact", {"entry_time": "09:31:12"}, {"entry_time": 34272}),
        ("transact", {"entry_time": 34272}, {"entry_time": 34272}),
        ("transact", {"entry_time": "nonsense"}, {"entry_time": 0}),
        ("transact", {"insuranceDiscountAmount": None}, {"insuranceDiscountAmount": 0}),
        ("transact", {}, {"comment": "", "hold": False, "currency_rate": 0, "invoice_num": 0}),
        ("transact", {"hold": True, "comment": "x"}, {"hold": True, "comment": "x"}),
        ("purchase_order_line", {"quan_adjusted_order": None}, {"quan_adjusted_order": 0}),
        ("list_master", {}, {"inactive": False}),
        ("list_master", {"inactive": True}, {"inactive": True}),
        ("requisition", {"om_created_datetime": "2025-01-01T00:00:00"}, {"om_status": None}),
        ("pref", {"data": {"monthsLeadTime": 2, "x": 1}},
         {"data": {"monthsLeadTime": "2", "x": 1}}),
        ("message", {"createdTime": "00:00:59"}, {"createdTime": 59}),
        ("no_such_table", {"a": "2025-11-03T00:00:00"}, {"a": "2025-11-03T00:00:00"}),
    ],
)  # fmt: skip
def test_a_record_is_formed(table: str, given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert wire.formed(table, dict(given)).items() >= expected.items()


def test_a_key_that_is_not_known_survives() -> None:
    assert wire.formed("item", {"new": [1, {"x": None}]})["new"] == [1, {"x": None}]


@pytest.mark.parametrize(
    ("table", "data", "sendable"),
    [
        ("temperature_log", {"date": "2025-01-01T00:00:00"}, True),
        ("temperature_log", {"date": None}, False),
        ("temperature_log", {}, False),
        ("temperature_breach", {"start_date": "2025-01-01"}, True),
        ("temperature_breach", {"start_date": ""}, False),
        ("temperature_breach", {"start_date": 7}, False),
        ("item", {}, True),
    ],
)
def test_what_a_client_dies_of_is_not_sent(
    table: str, data: dict[str, Any], sendable: bool
) -> None:
    assert wire.sendable(table, data) is sendable


def test_every_key_that_a_client_requires_is_always_there(shared: Path) -> None:
    """The specification's own list, read here in another way than the registry was made."""
    with (shared / "spec/tables_v5.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    checked = 0
    for row in rows:
        formed = wire.formed(row["legacy_table_name"], {})
        for part in row["pull_required_keys"].split("; "):
            told = re.match(r"([^=()]+)=(string|integer|number|boolean|date|datetime|time)\b", part)
            if told and told[1] not in ("ID", "id"):
                kinds = {"string": str, "integer": int, "number": int, "boolean": bool}
                value = formed[told[1]]
                assert isinstance(value, kinds.get(told[2], (str, int, type(None)))), part
                checked += 1
    assert checked > 400
