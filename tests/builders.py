"""Builders of small homes: records with all that a rule or a report needs, segments, snapshots."""

import gzip
import json
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import plain
import polars as pl
import pytest
import zstandard

from pipelines import cycle, output
from pipelines.home import Home
from warehouse import report

Line = dict[str, Any] | str | bytes  # one line of a segment: a change, or its very text

STOCK = ("stock-on-hand", "stock-by-batch", "stock-value")
NOW = "2018-07-01T08:00:00"
CENTRAL = 1
CUSTOMERS, SUPPLIER, ADJUSTMENTS = "CUSTOMERS", "SUPPLIER", "INVAD"


def put(table: str, record: dict[str, Any], action: str = "update") -> dict[str, Any]:
    """A change that brings a record."""
    return {"tableName": table, "recordId": record["ID"], "action": action, "recordData": record}


def delete(table: str, record_id: str) -> dict[str, Any]:
    """A change that deletes a record."""
    return {"tableName": table, "recordId": record_id, "action": "delete"}


def site(number: int, **told: object) -> dict[str, Any]:
    """A site, known to the hub."""
    record: dict[str, Any] = {"ID": f"SITE{number}", "site_ID": number, "name": f"Site {number}"}
    return put("site", record | {"code": f"{number}", "transfers": "central"} | told)


def store(code: str, active_at: int, **told: object) -> dict[str, Any]:
    """A store, by its code, active at a site."""
    record: dict[str, Any] = {
        "ID": code,
        "code": code,
        "name": f"Store {code}",
        "name_ID": f"NAME{code}",
    }
    record |= {"sync_id_remote_site": active_at, "store_mode": "store", "disabled": False}
    return put("store", record | told)


def name(code: str, kind: str = "store", **told: object) -> dict[str, Any]:
    """A name; a store's has the id NAME<code>, any other one its code."""
    id = f"NAME{code}" if kind == "store" else code
    return put("name", {"ID": id, "code": code, "name": f"Name {code}", "type": kind} | told)


def item(code: str, **told: object) -> dict[str, Any]:
    """An item, by its code."""
    return put("item", {"ID": code, "code": code, "item_name": f"Item {code}"} | told)


def name_store_join(name_id: str, store_code: str, **told: object) -> dict[str, Any]:
    """The visibility of a name in a store."""
    record: dict[str, Any] = {
        "ID": f"{name_id}-{store_code}",
        "name_ID": name_id,
        "store_ID": store_code,
    }
    return put("name_store_join", record | {"inactive": False} | told)


def transact(
    id: str, store_code: str, kind: str, name_id: str, day: str, **told: object
) -> dict[str, Any]:
    """A finalised transaction; `kind` is its type, such as si or ci."""
    record: dict[str, Any] = {
        "ID": id,
        "store_ID": store_code,
        "type": kind,
        "name_ID": name_id,
        "status": "fn",
    }
    record |= {"mode": "store", "invoice_num": 1, "confirm_date": day, "finalised_date": day}
    return put("transact", record | told)


def trans_line(
    transact_id: str, item_code: str, kind: str, packs: float, **told: object
) -> dict[str, Any]:
    """A line of a transaction, in packs of ten; `kind` is stock_in or stock_out."""
    record: dict[str, Any] = {
        "ID": f"{transact_id}-{item_code}",
        "transaction_ID": transact_id,
        "type": kind,
    }
    record |= {"item_ID": item_code, "quantity": packs, "pack_size": 10, "cost_price": 2.5}
    return put("trans_line", record | {"batch": "B1", "expiry_date": "2019-12-31"} | told)


def item_line(store_code: str, item_code: str, packs: float, **told: object) -> dict[str, Any]:
    """A stock line of packs of ten, at 2.50 a pack."""
    record: dict[str, Any] = {
        "ID": f"{store_code}-{item_code}",
        "store_ID": store_code,
        "item_ID": item_code,
    }
    record |= {"batch": "B1", "expiry_date": "2019-12-31", "pack_size": 10, "cost_price": 2.5}
    return put("item_line", record | {"quantity": packs, "available": packs} | told)


def country(sites: Iterable[int] = (101, 102)) -> list[Line]:
    """What the central sets up: two items, and a store at each site, named S<number>."""
    lines: list[Line] = [site(CENTRAL), item("AMOX"), item("ORS")]
    lines += [name(CUSTOMERS, "facility"), name(SUPPLIER, "facility"), name(ADJUSTMENTS, "invad")]
    for number in sites:
        code = f"S{number}"
        lines += [site(number), name(code), store(code, number)]
        lines += [name_store_join(id, code) for id in (CUSTOMERS, SUPPLIER, f"NAME{code}")]
    return lines


def receipt(store_code: str, day: str, packs: float, item_code: str = "AMOX") -> list[Line]:
    """A supplier invoice of one line."""
    id = f"{store_code}-si-{day}-{item_code}"
    line = trans_line(id, item_code, "stock_in", packs, item_line_ID=f"{store_code}-{item_code}")
    return [transact(id, store_code, "si", SUPPLIER, day), line]


def issue(store_code: str, day: str, packs: float, item_code: str = "AMOX") -> list[Line]:
    """A customer invoice of one line."""
    id = f"{store_code}-ci-{day}-{item_code}"
    line = trans_line(id, item_code, "stock_out", packs, item_line_ID=f"{store_code}-{item_code}")
    return [transact(id, store_code, "ci", CUSTOMERS, day), line]


def text(lines: Iterable[Line], end: str = "\n") -> bytes:
    """The content of a segment."""
    return b"".join(
        (line if isinstance(line, bytes) else told(line).encode()) + end.encode() for line in lines
    )


def told(line: dict[str, Any] | str) -> str:
    """A line as it is pushed."""
    return line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)


def push(home: Home, number: int, segment: str, lines: Iterable[Line] | bytes) -> Path:
    """Drop a segment (its lines, or its very content) into a site's inbox, as a site does it.

    `segment` is its name; without an ending it is plain, .ndjson.gz and .ndjson.zst are packed.
    """
    content = lines if isinstance(lines, bytes) else text(lines)
    path = home.inbox / str(number) / (segment if "." in segment else f"{segment}.ndjson")
    path.parent.mkdir(exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(packed(content, path.name))
    part.rename(path)
    return path


def packed(content: bytes, segment: str) -> bytes:
    """Content as a segment of that name holds it."""
    if segment.endswith(".gz"):
        return gzip.compress(content, 1, mtime=0)
    return zstandard.compress(content) if segment.endswith(".zst") else content


def run(home: Home, now: str = NOW, dlt: bool = False) -> dict[str, Any]:
    """One cycle at a moment, without dlt unless it is asked for; its summary, which adds up."""
    with pytest.MonkeyPatch.context() if dlt else plain.landing() as patch:
        patch.setenv("MAINSTEM_NOW", now)
        summary = cycle.run(home)
    outcomes = ("accepted", "deferred", "quarantined", "superseded", "duplicate")
    assert sum(summary[outcome] for outcome in outcomes) == summary["changes"]
    return summary


def read(home: Home, report_name: str, now: str = NOW, **filters: Any) -> pl.DataFrame:
    """A report at a moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAINSTEM_NOW", now)
        return report.read(home.reports, report_name, report.Filters(**filters))


def reports(home: Home, now: str = NOW) -> dict[str, bytes]:
    """Every report as CSV, and what the first sites are owed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAINSTEM_NOW", now)
        everything = report.Filters()
    with report.opened(home.reports, everything) as con:  # once: to open costs more than to ask
        found = {
            name: output.csv(con.execute(report.query(name, everything)).pl())
            for name in report.NAMES
        }
    for number in read(home, "sync", now)["site"][:4]:
        found[f"records {number}"] = output.csv(read(home, "records", now, sites=(number,)))
    return found


def stock_then(home: Home, as_of: date) -> dict[str, bytes]:
    """The reports of stock at the end of a day, as CSV."""
    return {name: output.csv(read(home, name, as_of=as_of)) for name in STOCK}


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def outbox(home: Home, number: int | str) -> list[dict[str, Any]]:
    """The lines of a site's queue, or of the central log (`central`)."""
    folder = home.outbox / str(number)
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.ndjson"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def held(home: Home) -> list[tuple[int, str, int, str]]:
    """(site, segment, line, reason) of each line in quarantine or deferred, oldest first."""
    with report.opened(home.reports) as con:
        query = "select site, segment, line, reason from marts.quarantine order by id"
        return con.execute(query).fetchall()


def archived(home: Home) -> list[str]:
    """The segments that the archive keeps, as <site>/<name>, in the order of the cycles."""
    return [
        f"{segment['site']}/{segment['name']}"
        for path in sorted(home.archive.glob("*/*/manifest.json"))
        for segment in json.loads(path.read_text(encoding="utf-8"))["segments"]
        if (path.parent / segment["file"]).is_file()
    ]


def waiting(home: Home) -> list[str]:
    """All files that stand in the inbox, as <site>/<name>."""
    return sorted(files(home.inbox))


def environment(**told: str) -> dict[str, str]:
    """The environment of a child process, at NOW."""
    return {**os.environ, "MAINSTEM_NOW": NOW, **told}
