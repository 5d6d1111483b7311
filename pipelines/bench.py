"""The benchmarks: made feeds, a whole cycle against DuckDB's bare load of the same files."""

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines import home as homes
from pipelines import quiet

SITES = 100  # remote sites of the made feed, a store each
FIRST = 101  # number of the first of them
ITEMS = 40
# Two bare loads: as DuckDB reads such files when told nothing (it infers a column for each key),
# and the least that a load can do (the envelope's keys, recordData as its text). Of the trade
# segments, all but a few hundred lines: left to infer, DuckDB fails on the set-up ones beside them.
BARE = {
    "bare": "create table bare as select * from read_json('{files}')",
    "text": (
        "create table bare as select * from read_json('{files}', columns = {{syncOutId: 'VARCHAR', "
        "tableName: 'VARCHAR', recordId: 'VARCHAR', action: 'VARCHAR', recordData: 'JSON'}})"
    ),
}
TRADE = "inbox/[1-9][0-9][0-9]/*.ndjson"
SEED = 20_261_123


def ingest(changes: int, segments: int, runs: int = 3) -> dict[str, Any]:
    """One cycle over `changes` lines in `segments` files, and the bare load of the same files.

    Each in a process of its own, in turn, `runs` times; seconds are medians without process start
    and imports, memory is the largest peak in MiB. Lines are as sites push them, all keys there.
    """
    with tempfile.TemporaryDirectory(prefix="mainstem-bench-") as folder:
        feed = Path(folder) / "feed"
        size = _write_feed(feed, changes, segments)
        told: dict[str, list[dict[str, Any]]] = {"bare": [], "text": [], "cycle": []}
        for number in range(runs):
            for what, runs_ in told.items():
                runs_.append(_child(what, folder, str(number)))
        idle = _child("idle", folder, str(runs - 1))
    seconds = {
        what: statistics.median(run["seconds"] for run in runs_) for what, runs_ in told.items()
    }
    last = told["cycle"][-1]
    return {
        "changes": last["changes"],
        "accepted": last["accepted"],
        "segments": last["segments"],
        "bytes": size,
        "cycle_seconds": seconds["cycle"],
        "bare_seconds": seconds["bare"],
        "ratio": round(seconds["cycle"] / seconds["bare"], 2),
        "bare_statement": BARE["bare"].format(files=TRADE),
        "text_seconds": seconds["text"],
        "text_ratio": round(seconds["cycle"] / seconds["text"], 2),
        "text_statement": BARE["text"].format(files=TRADE),
        "changes_per_second": round(last["changes"] / seconds["cycle"]),
        "cycle_peak_mib": max(run["peak_mib"] for run in told["cycle"]),
        "idle_cycle_seconds": idle["seconds"],
        "stages": last["stages"],
        "runs": runs,
    }


def _child(what: str, folder: str, number: str) -> dict[str, Any]:
    """Measure one thing in a process of its own."""
    command = [sys.executable, "-m", "pipelines.bench", what, folder, number]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _measure(what: str, folder: Path, number: str) -> dict[str, Any]:
    quiet.hush()
    home = homes.Home(folder / f"home-{number}")
    if what in BARE:
        return _bare(what, folder, number)
    from pipelines import cycle, load

    if what == "cycle":
        homes.make(home.path, 1, 2)
        for site in sorted((folder / "feed").iterdir()):
            (home.inbox / site.name).mkdir()
            for segment in site.iterdir():
                os.link(segment, home.inbox / site.name / segment.name)
    load.prepare(home)  # imports are apart
    started = time.perf_counter()
    summary = cycle.run(home)
    return {
        **summary,
        "seconds": round(time.perf_counter() - started, 3),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _bare(what: str, folder: Path, number: str) -> dict[str, Any]:
    import duckdb

    with duckdb.connect(str(folder / f"{what}-{number}.duckdb")) as con:
        con.execute("set threads = 2")
        started = time.perf_counter()
        con.execute(BARE[what].format(files=f"{folder}/feed/[1-9][0-9][0-9]/*.ndjson"))
        con.execute("checkpoint")
        return {"seconds": round(time.perf_counter() - started, 3)}


def _write_feed(feed: Path, changes: int, segments: int) -> int:
    """Write the segments of a made country; their size in bytes."""
    chance = random.Random(SEED)
    central, primary = _setup()
    files = {(1, "000000"): central, (2, "000000"): primary}
    each, rest = divmod(changes, segments)
    for segment in range(segments):
        site = FIRST + segment % SITES
        lines = _trade(chance, site, segment)
        files[site, f"{segment:06d}"] = [next(lines) for _ in range(each + (segment < rest))]
    size = 0
    for (site, name), lines in files.items():
        path = feed / str(site) / f"{name}.ndjson"
        path.parent.mkdir(parents=True, exist_ok=True)
        size += path.write_text("".join(lines), encoding="utf-8")
    return size


def _line(number: int, table: str, record: str, data: dict[str, Any]) -> str:
    told = {
        "syncOutId": str(number),
        "tableName": table,
        "recordId": record,
        "action": "Update",
        "recordData": data,
    }
    return json.dumps(told, separators=(",", ":")) + "\n"


def _setup() -> tuple[list[str], list[str]]:
    """What the central and the primary site say before the first trade."""
    central, primary = [], []
    for n in range(SITES):
        site, store = FIRST + n, f"store-{FIRST + n}"
        code = f"S{site}"
        central.append(
            _line(
                n,
                "site",
                f"site-{site}",
                {"ID": f"site-{site}", "site_ID": site, "name": code, "code": code},
            )
        )
        central.append(
            _line(
                n,
                "store",
                store,
                {
                    "ID": store,
                    "name": code,
                    "code": code,
                    "name_ID": f"name-{site}",
                    "sync_id_remote_site": site,
                    "store_mode": "store",
                },
            )
        )
        primary.append(
            _line(
                n,
                "name",
                f"name-{site}",
                {"ID": f"name-{site}", "name": code, "code": code, "type": "store"},
            )
        )
    for n in range(ITEMS):
        primary.append(
            _line(
                n,
                "item",
                f"item-{n}",
                {
                    "ID": f"item-{n}",
                    "item_name": f"Item {n}",
                    "code": f"I{n:03d}",
                    "type_of": "general",
                },
            )
        )
    primary.append(
        _line(
            0,
            "name",
            "clients",
            {"ID": "clients", "name": "Clients", "code": "C", "type": "facility"},
        )
    )
    return central, primary


def _trade(chance: random.Random, site: int, segment: int) -> Iterator[str]:
    """Customer invoices of four lines, with the stock lines they take from, without end."""
    number = 0
    while True:
        number += 1
        invoice = f"{segment:06X}{number:06X}0000400080000000C0FFEE00"
        day = f"2026-{1 + number % 9:02d}-{1 + number % 27:02d}T00:00:00"
        for line in range(4):
            item = chance.randrange(ITEMS)
            record = f"{invoice[:28]}A{line:03X}"
            yield _line(
                number * 10 + line,
                "trans_line",
                record,
                {
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
                    "quantity": chance.randrange(1, 60),
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
                },
            )
        yield _line(
            number * 10 + 4,
            "transact",
            invoice,
            {
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
            },
        )
        for line in range(2):
            item = chance.randrange(ITEMS)
            record = f"{invoice[:28]}B{line:03X}"
            yield _line(
                number * 10 + 5 + line,
                "item_line",
                record,
                {
                    "ID": record,
                    "store_ID": f"store-{site}",
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
                },
            )


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1], Path(sys.argv[2]), sys.argv[3])))
