"""The columns of reports in pages' tables: what each is called, and how its values look."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import tables

text, number = st.column_config.TextColumn, st.column_config.NumberColumn
day, time = st.column_config.DateColumn, st.column_config.DatetimeColumn
link = st.column_config.LinkColumn

_DAY, _TIME = "YYYY-MM-DD", "YYYY-MM-DD HH:mm"

# By the name that reports give them; one name means one thing in all but OTHER.
REPORT = tables.STOCK | {
    "note": text("Note", help="What needs somebody"),
    "month": text("Month", pinned=True),
    "days": number("Days", format="localized"),
    "from": day("From", format=_DAY, help="The first day that ended without stock"),
    "to": day("To", format=_DAY, help="The last day that ended without; empty while it lasts"),
    # Batches
    "batch": text("Batch"),
    "expiry_date": day("Expires", format=_DAY),
    "location": text("Location"),
    "pack_size": number("Pack size", format="localized"),
    "packs": number("Packs", format="localized"),
    "cost_per_unit": number(
        "Cost of a unit", format="localized", step=0.0001, help="Home currency"
    ),
    "days_to_expiry": number("Days left", format="localized", help="Until it expires"),
    "expected_to_expire": number(
        "Will be left",
        format="localized",
        help="Units left at its expiry when what expires first is used first, at the AMC",
    ),
    # Ledger
    "opening": number("Before", format="localized", help="Units at the month's begin"),
    "issued": number("Issued", format="localized", help="Units that customer invoices took"),
    "adjusted": number("Adjusted", format="localized", help="Units, by stock takes and repacks"),
    "closing": number("Left", format="localized", help="Units at the month's end"),
    # Transfers
    "kind": text("Kind"),
    "from_store": text("From store"),
    "to_store": text("To store"),
    "number": number("Number", format="%d"),
    "outcome": text("Other half", help="created, or why the hub made none"),
    "initiated": day("Initiated", format=_DAY),
    "received": day("Received", format=_DAY, help="Empty while it is on its way"),
    "lines": number("Lines", format="localized"),
    "quantity_sent": number("Sent", format="localized", help="Units"),
    "quantity_received": number("Got", format="localized", help="Units"),
    # Orders
    "order_number": number("Order", format="%d"),
    "supplier": text("Supplier"),
    "ordered": number("Ordered", format="localized", help="Units"),
    "supplied": number("Supplied", format="localized", help="Units"),
    "fill_rate": number("Fill rate", format="percent", help="Supplied ÷ ordered, at most all"),
    # Redistribution
    "distance_km": number(
        "Distance, km", format="localized", step=0.1, help="Empty: the same district"
    ),
    "from_months": number(
        "Giver has", format="localized", step=0.1, help="Months of stock; empty without use"
    ),
    "to_months": number("Taker has", format="localized", step=0.1, help="Months of stock"),
    # Confidence
    "site": number("Site", format="%d"),
    "site_name": text("Site name", width="medium"),
    "last_contact": time("Last contact (UTC)", format=_TIME),
    "days_since_contact": number("Days silent", format="localized"),
    "data_age_days": number(
        "Data age", format="localized", help="Days since a line of the site was last accepted"
    ),
    "last_movement": day("Newest movement", format=_DAY),
    "waiting": number("Waiting", format="localized", help="Lines of its site that wait"),
    "quarantined": number("Refused", format="localized", help="Lines of its site in quarantine"),
    "grade": text("Grade", help="none, poor, fair or good: how far its figures can be trusted"),
}

# The names that mean another thing in one report.
OTHER = {
    "stock-history": {"received": number("Received", format="localized", help="Units")},
}


def of(report: str, names: Sequence[str]) -> dict[str, Any]:
    """What a report's columns are called, and how their values look."""
    return {name: OTHER.get(report, {}).get(name) or REPORT[name] for name in names}


HELD = {
    "id": number("Line", format="%d", pinned=True, help="Its number for the commands"),
    "site": REPORT["site"],
    "reason": text("Reason"),
    "table": text("Table"),
    "record": text("Record"),
    "detail": text("Detail", width="large"),
    "received_at": time("Received (UTC)", format=_TIME),
    "segment": text("Segment"),
    "line": number("Its line", format="%d"),
}

CONTACT = {
    "called_at": time("When (UTC)", format="YYYY-MM-DD HH:mm:ss", pinned=True),
    "what": text("What"),
    "records": number("Records", format="localized"),
    "seconds": number("Seconds", format="localized", step=0.01),
    "error": text("Error", width="medium"),
    "app_name": text("Software"),
    "app_version": text("Its version"),
    "version": text("Sync version"),
    "address": text("Address"),
}

CYCLE = {
    "cycle": number("Cycle", format="%d", pinned=True),
    "clock": time("Clock (UTC)", format=_TIME),
    "segments": number("Segments", format="localized"),
    "changes": number("Lines", format="localized"),
    "accepted": number("Accepted", format="localized"),
    "deferred": number("Wait", format="localized"),
    "quarantined": number("Refused", format="localized"),
    "routed": number("Routed", format="localized", help="Lines put into queues"),
    "run": link("Dagster", display_text="its run"),
}

JUDGED = {
    "standing": text("Standing", pinned=True, help="met, else how grave it is that it was not"),
    "suite": text("Suite"),
    "says": text("What is expected", width="large"),
    "broken": number("Broken", format="localized", help="Rows that break it"),
    "rows": number("Rows", format="localized", help="Rows judged"),
    "cycle": number("Cycle", format="%d", help="The last cycle in which it had rows to judge"),
    "clock": time("Clock (UTC)", format=_TIME),
}

ODD = {
    "store_code": REPORT["store_code"],
    "item_code": REPORT["item_code"],
    "item_id": text("Item's id"),
    "ledger": number("By the ledger", format="localized", help="Units"),
    "stock_lines": number("By stock lines", format="localized"),
    "day": day("Day", format=_DAY),
    "units": number("Units", format="localized"),
    "movements": number("Movements", format="localized"),
}
