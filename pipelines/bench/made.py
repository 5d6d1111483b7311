"""The made feed of the benchmarks: lines as sites push them, all keys there; nothing of it is real.

A country of `sites` remote sites from number FIRST on, a store each, that issue to their clients.
"""

import json
import random
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

CENTRAL, PRIMARY = 1, 2
FIRST = 101  # number of the first remote site
ITEMS = 40
SEED = 20_261_123
Record = dict[str, Any]


def write(feed: Path, site: int, name: str, lines: Iterable[str]) -> int:
    """Write one segment into a folder of segments by site; its size in bytes."""
    path = feed / str(site) / f"{name}.ndjson"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.write_text("".join(lines), encoding="utf-8")


def write_setup(feed: Path, sites: int) -> int:
    """Write what central and primary say before the first trade; bytes."""
    numbers = range(FIRST, FIRST + sites)
    central = [
        line
        for site in numbers
        for line in (
            _line(
                site,
                "site",
                f"site-{site}",
                {"ID": f"site-{site}", "site_ID": site, "name": f"S{site}", "code": f"S{site}"},
            ),
            _line(site, "store", f"store-{site}", _store(site)),
        )
    ]
    names = {f"name-{site}": "store" for site in numbers} | {"clients": "facility"}
    primary = [
        _line(0, "name", id_, {"ID": id_, "name": id_, "code": id_, "type": type_})
        for id_, type_ in names.items()
    ]
    for n in range(ITEMS):
        item = {
            "ID": f"item-{n}",
            "item_name": f"Item {n}",
            "code": f"I{n:03d}",
            "type_of": "general",
        }
        primary.append(_line(n, "item", f"item-{n}", item))
    return write(feed, CENTRAL, "000000", central) + write(feed, PRIMARY, "000000", primary)


def write_trade(
    feed: Path, changes: int, segments: int, sites: int, not_owned: int = 0, first: int = 0
) -> int:
    """Write `changes` lines of trade in `segments` segments of the sites in turn; bytes.

    Of the stock lines every `not_owned`th is in the name of another site's store. Segments are
    numbered from `first`, and their records with them.
    """
    each, rest = divmod(changes, segments)
    size = 0
    for segment in range(first, first + segments):
        site = FIRST + segment % sites
        count = each + (segment - first < rest)
        other = FIRST + (segment + 1) % sites
        lines = _trade(random.Random(SEED + segment), site, segment, not_owned, other)
        size += write(feed, site, f"{segment:06d}", islice(lines, count))
    return size


def stock_line_again(site: int, segment: int, quantity: float) -> str:
    """The first stock line of a segment of trade as it stands later."""
    record = f"{_invoice_id(segment, 1)[:28]}B000"
    line = _stock_line(record, f"store-{site}", 0) | {"quantity": quantity}
    return _line(0, "item_line", record, line)


def invoice(site: int, segment: int, number: int, to: str) -> str:
    """One more invoice of a site, to a client or another store's name."""
    id_ = _invoice_id(segment, number)
    return _line(0, "transact", id_, _invoice(id_, site, number) | {"name_ID": to})


def collector_copies(sites: int, at: int) -> Iterator[str]:
    """The lines that set up a site that has a copy of every store."""
    set_up = {"ID": f"site-{at}", "site_ID": at, "name": f"S{at}", "code": f"S{at}"}
    yield _line(0, "site", f"site-{at}", set_up)
    for site in range(FIRST, FIRST + sites):
        told = {"store_ID": f"store-{site}", "site_ID": at, "sync_type": "collector"}
        yield _line(0, "store_site", f"copy-{site}", {"ID": f"copy-{site}", **told})


def _line(number: int, table: str, record: str, data: Record) -> str:
    told = {
        "syncOutId": str(number),
        "tableName": table,
        "recordId": record,
        "action": "Update",
        "recordData": data,
    }
    return json.dumps(told, separators=(",", ":")) + "\n"


def _invoice_id(segment: int, number: int) -> str:
    return f"{segment:06X}{number:06X}0000400080000000C0FFEE00"


def _trade(
    chance: random.Random, site: int, segment: int, not_owned: int, other: int
) -> Iterator[str]:
    """Customer invoices of four lines, with the stock lines they take from, without end."""
    number, stock_lines = 0, segment
    while True:
        number += 1
        id_ = _invoice_id(segment, number)
        for line in range(4):
            record = f"{id_[:28]}A{line:03X}"
            told = _invoice_line(
                record, id_, chance.randrange(ITEMS), site, chance.randrange(1, 60)
            )
            yield _line(number * 10 + line, "trans_line", record, told)
        yield _line(number * 10 + 4, "transact", id_, _invoice(id_, site, number))
        for line in range(2):
            record = f"{id_[:28]}B{line:03X}"
            stock_lines += 1
            owner = other if not_owned and stock_lines % not_owned == 0 else site
            told = _stock_line(record, f"store-{owner}", chance.randrange(ITEMS))
            yield _line(number * 10 + 5 + line, "item_line", record, told)


def _store(site: int) -> Record:
    return {
        "ID": f"store-{site}",
        "name": f"S{site}",
        "code": f"S{site}",
        "name_ID": f"name-{site}",
        "sync_id_remote_site": site,
        "store_mode": "store",
    }


def _invoice_line(record: str, invoice: str, item: int, site: int, quantity: int) -> Record:
    return {
        "ID": record,
        "transaction_ID": invoice,
        "item_ID": f"item-{item}",
        "item_name": f"Item {item}",
        "item_line_ID": f"{site:08X}{item:024X}",
        "location_ID": None,
        "batch": f"B{item:04d}",
        "expiry_date": "2028-06-30T00:00:00",
        "pack_size": 10.0,
        "cost_price": 1.25,
        "sell_price": 1.5,
        "type": "stock_out",
        "quantity": quantity,
        "prescribedQuantity": None,
        "note": None,
        "om_item_code": f"I{item:03d}",
        "om_tax": None,
        "om_total_before_tax": 15.0,
        "om_total_after_tax": 15.0,
        "optionID": None,
        "foreign_currency_price": None,
        "om_item_variant_id": None,
        "linked_transact_id": None,
        "donor_id": None,
        "vaccine_vial_monitor_status_ID": None,
        "oms_fields": None,
        "sentQuantity": None,
        "volume_per_pack": 0.0,
        "sent_pack_size": None,
        "manufacturer_ID": None,
    }


def _invoice(invoice: str, site: int, number: int) -> Record:
    day = f"2026-{1 + number % 9:02d}-{1 + number % 27:02d}T00:00:00"
    return {
        "ID": invoice,
        "name_ID": "clients",
        "store_ID": f"store-{site}",
        "invoice_num": number,
        "type": "ci",
        "status": "fn",
        "user_ID": "0123456789ABCDEF",
        "hold": False,
        "comment": None,
        "their_ref": None,
        "prescriber_ID": None,
        "currency_ID": None,
        "currency_rate": 1.0,
        "om_transport_reference": None,
        "goods_received_ID": None,
        "original_PO_ID": None,
        "requisition_ID": None,
        "linked_transaction_id": None,
        "nameInsuranceJoinID": None,
        "donor_default_id": None,
        "insuranceDiscountAmount": None,
        "insuranceDiscountRate": None,
        "entry_date": day,
        "entry_time": "09:31:12",
        "confirm_date": day,
        "confirm_time": "09:40:00",
        "finalised_date": day,
        "finalised_time": "10:02:00",
        "mode": "store",
        "tax_rate": None,
        "om_created_datetime": f"{day[:10]}T09:31:12.123",
        "om_picked_datetime": f"{day[:10]}T09:40:00.5",
        "om_verified_datetime": None,
        "om_status": "SHIPPED",
        "om_type": "OUTBOUND_SHIPMENT",
        "om_colour": None,
        "programID": None,
        "is_cancellation": False,
        "oms_fields": None,
    }


def _stock_line(record: str, store: str, item: int) -> Record:
    return {
        "ID": record,
        "store_ID": store,
        "item_ID": f"item-{item}",
        "batch": f"B{item:04d}",
        "expiry_date": "2028-06-30T00:00:00",
        "hold": False,
        "location_ID": None,
        "pack_size": 10.0,
        "available": 40.0,
        "quantity": 42.0,
        "cost_price": 1.25,
        "sell_price": 1.5,
        "note": None,
        "name_ID": None,
        "barcodeID": None,
        "om_item_variant_id": None,
        "donor_id": None,
        "vvm_status_id": None,
        "manufacturer_ID": None,
        "oms_fields": None,
        "total_volume": 0.0,
        "volume_per_pack": 0.0,
    }
