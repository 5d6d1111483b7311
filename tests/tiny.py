"""A tiny home by hand: one store on site 101, one batch that was received and stands in stock."""

import json
from pathlib import Path
from typing import Any

from pipelines import home
from pipelines.home import Home

Change = tuple[str, dict[str, Any]]


def send(at: Home, site: int, name: str, changes: list[Change]) -> Path:
    """Drop a segment into the inbox of a site."""
    folder = at.inbox / str(site)
    folder.mkdir(exist_ok=True)
    lines = [
        {"tableName": table, "recordId": record["ID"], "action": "update", "recordData": record}
        for table, record in changes
    ]
    path = folder / f"{name}.ndjson"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def central() -> list[Change]:
    """What the central server sets up."""
    return [
        ("site", {"ID": "SITE1", "site_ID": 1, "name": "Central"}),
        ("site", {"ID": "SITE101", "site_ID": 101, "name": "North"}),
        ("name", {"ID": "NAMEN", "name": "North", "code": "N", "type": "store"}),
        ("name", {"ID": "SUPPLIER", "name": "Supplier", "code": "SUP", "type": "facility"}),
        (
            "store",
            {"ID": "N", "code": "N", "name": "North", "name_ID": "NAMEN"}
            | {"sync_id_remote_site": 101, "store_mode": "store", "disabled": False},
        ),
        ("item", {"ID": "ITEM1", "code": "I1", "item_name": "Amoxicillin"}),
    ]


def stock_line(**told: object) -> Change:
    """The batch, ten packs of a hundred."""
    return (
        "item_line",
        {"ID": "LINE1", "store_ID": "N", "item_ID": "ITEM1", "batch": "B1"}
        | {"expiry_date": "2027-01-31", "pack_size": 100, "quantity": 10, "available": 10}
        | {"cost_price": 2.5}
        | told,
    )


def receipt() -> list[Change]:
    """The supplier invoice that brought it."""
    invoice = {"ID": "SI1", "name_ID": "SUPPLIER", "store_ID": "N", "invoice_num": 1, "type": "si"}
    line = {"ID": "TL1", "transaction_ID": "SI1", "item_ID": "ITEM1", "item_line_ID": "LINE1"}
    return [
        (
            "transact",
            invoice | {"status": "fn", "mode": "store"} | {"confirm_date": "2024-02-01"},
        ),
        (
            "trans_line",
            line | {"type": "stock_in", "quantity": 10, "pack_size": 100, "cost_price": 2.5},
        ),
    ]


def make(path: Path) -> Home:
    """A home whose inbox holds what the central set up and what the site sent."""
    made = home.make(path)
    send(made, 1, "000001", central())
    send(made, 101, "000001", [stock_line(), *receipt()])
    return made
