"""A small home by hand: three stores on three sites, a fourth site that never sends."""

import json
from typing import Any

import plain

from pipelines import cycle
from pipelines.home import Home

NOW = "2024-05-02T08:00:00"
Change = tuple[str, dict[str, Any]]


def send(home: Home, site: int, name: str, changes: list[Change]) -> None:
    """Drop a segment into the inbox of a site."""
    folder = home.inbox / str(site)
    folder.mkdir(exist_ok=True)
    lines = [
        {"tableName": table, "recordId": record["ID"], "action": "update", "recordData": record}
        for table, record in changes
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / f"{name}.ndjson").write_text(text, encoding="utf-8")


def run(home: Home, now: str) -> None:
    """One cycle at a moment."""
    with plain.landing() as patch:
        patch.setenv("MAINSTEM_NOW", now)
        cycle.run(home)


def central() -> list[Change]:
    """What the central server sets up: sites, names, stores, items."""
    sites = [(1, "Central"), (101, "North"), (102, "South"), (103, "Lake"), (104, "Hills")]
    changes: list[Change] = [
        ("site", {"ID": f"SITE{number}", "site_ID": number, "name": name}) for number, name in sites
    ]
    changes += [("name", {"ID": "PATIENTS", "name": "Patients", "type": "facility"})]
    stores = [
        ("N1", "North hospital", ("North", "Hills", "Hospital"), 101),
        ("S1", "South clinic", ("South", "Valley", "Clinic"), 102),
        ("S2", "Lake clinic, =SUM(1)", ("South", "Shore", "Clinic"), 103),
    ]
    for code, name, where, site in stores:
        place = dict(zip(("region", "district", "type"), where, strict=True))
        told = {"ID": f"NAME{code}", "name": name, "code": code, "type": "store"}
        changes += [
            ("name", told | {"custom_data": place}),
            (
                "store",
                {"ID": code, "code": code, "name": name, "name_ID": f"NAME{code}"}
                | {"sync_id_remote_site": site, "store_mode": "store"},
            ),
            (
                "name_store_join",
                {"ID": f"JOIN{code}", "name_ID": "PATIENTS", "store_ID": code, "inactive": False},
            ),
        ]
    items = [
        ("AMOX", "Amoxicillin 250mg", "PILLS"),
        ("PARA", "Paracetamol 500mg", "PILLS"),
        ("ORS", "=ORS sachet", ""),
    ]
    list_line = {"ID": "TB-AMOX", "item_master_ID": "TB", "item_ID": "AMOX"}
    changes += [
        ("list_master", {"ID": "TB", "description": "TB", "isProgram": True}),
        ("list_master_line", list_line),
    ]
    changes += [("item_category", {"ID": "PILLS", "Description": "Pills, tablets"})]
    changes += [
        (
            "item",
            {"ID": code, "code": code, "item_name": name, "type_of": "general"}
            | {"category_ID": category},
        )
        for code, name, category in items
    ]
    return changes


def moved(
    store: str, item: str, kind: str, day: str, packs: float, to: str = "PATIENTS"
) -> list[Change]:
    """A finalised transaction of one line of packs of 10."""
    id = f"{store}-{item}-{kind}-{day}-{to}"
    return [
        (
            "transact",
            {"ID": id, "name_ID": to, "store_ID": store, "type": kind, "status": "fn"}
            | {"confirm_date": day, "finalised_date": day, "invoice_num": 1},
        ),
        (
            "trans_line",
            {"ID": f"{id}-1", "transaction_ID": id, "item_ID": item, "quantity": packs}
            | {"item_line_ID": f"{store}-{item}", "pack_size": 10, "cost_price": 2.5}
            | {"type": "stock_in" if kind == "si" else "stock_out", "batch": "B1"},
        ),
    ]


def held(store: str, item: str, packs: float, cost: float = 2.5) -> list[Change]:
    """A stock line of packs of 10."""
    record: dict[str, Any] = {
        "ID": f"{store}-{item}",
        "store_ID": store,
        "item_ID": item,
        "batch": "B1",
    }
    record |= {"pack_size": 10, "quantity": packs, "available": packs, "cost_price": cost}
    return [("item_line", record)]


def asked(store: str, id: str, of: str, units: float, supplied: float) -> list[Change]:
    """A purchase order of one line."""
    head = {"ID": id, "store_ID": store, "name_ID": of, "status": "fn", "serial_number": 7}
    line = {"ID": f"{id}-1", "purchase_order_ID": id, "item_ID": "AMOX", "packsize_ordered": 10}
    line |= {"quan_original_order": units, "quan_rec_to_date": supplied}
    days = {"confirm_date": "2024-02-01"}
    return [("purchase_order", head | days), ("purchase_order_line", line)]


def until(changes: list[Change], day: str) -> list[Change]:
    """Stock lines that expire on a day."""
    return [(table, record | {"expiry_date": day}) for table, record in changes]
