"""Transfers as a whole: every outcome has a case, halves are made once, real receipts arrive."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import scene as scenes
from scene import Scene
from test_golden import CASES, made_id

from pipelines import home as homes
from pipelines import transfers
from pipelines.admin.rebuild import rebuild
from pipelines.home import Home
from warehouse import engine

# Outcomes that no rule's file decides: of a half that was deleted, of a line that came too late.
LATER = {
    (rule, outcome)
    for rule in ("stock", "requisition", "purchase_order")
    for outcome in ("withdrawn", "deleted")
} | {("goods_received", "withdrawn")}
FACTS = ("transfers.transfer", "transfers.line", "transfers.known_partner")


def test_every_outcome_of_every_rule_has_a_case() -> None:
    told = {
        (rule, outcome)
        for rule in transfers.RULES
        for outcome in re.findall(
            r"(?:then|else) '(\w+)'", transfers.MODELS[f"transfers.{rule}"].query
        )
    }
    seen = {
        (half.split()[0], outcome)
        for _, steps in CASES.values()
        for step in steps
        for half, outcome in step.get("expect", {}).get("transfers", {}).items()
        if outcome
    }
    assert seen == told | LATER


def test_every_file_is_run_and_every_rule_is_named_in_a_case() -> None:
    assert set(transfers.ORDER) == {name.split(".")[1] for name in transfers.MODELS}
    assert len(transfers.ORDER) == len(transfers.MODELS)
    for rule in ("T1", "T2", "T3", "T4", "T5", "T6"):
        assert any(name.startswith(f"{rule} ") for name in CASES)


def test_the_ids_are_the_field_s_version_5(scene: Scene) -> None:
    scene.cycle()
    for text in ("stock/T1", "stock/T1/L1", "é"):
        assert scene.rows("select made_id(?)", text) == [(made_id(text),)]


def required(table: str, shared: Path) -> dict[str, str]:
    """The keys that a client needs of a table, with their types."""
    rows = pl.read_csv(shared / "spec/tables_v5.csv", infer_schema=False)
    (told,) = rows.filter(pl.col("legacy_table_name") == table)["pull_required_keys"]
    return dict(re.findall(r"(\w+)=(\w+)", told))


@pytest.mark.shared
def test_what_is_made_can_be_read_by_a_client(scene: Scene, shared: Path) -> None:
    """Every key that a client cannot do without is there, of its type; none is open mSupply's."""
    asked = {"store_ID": "A", "name_ID": "NAMEC"}
    line = {"item_ID": "I1", "type": "stock_out", "quantity": 1, "om_item_code": "x"}
    scene.cycle(
        {
            101: [
                ["transact", "T1", asked | {"type": "ci", "status": "fn", "om_status": "SHIPPED"}],
                ["trans_line", "L1", line | {"transaction_ID": "T1"}],
                ["requisition", "R1", asked | {"type": "request", "status": "fn"}],
                ["requisition_line", "RL1", {"requisition_ID": "R1", "item_ID": "I1"}],
                ["purchase_order", "PO1", asked | {"status": "cn"}],
                ["purchase_order_line", "OL1", {"purchase_order_ID": "PO1", "item_ID": "I1"}],
            ],
            103: [
                ["transact", "T2", {"store_ID": "C", "name_ID": "NAMEA", "type": "ci",
                                    "status": "fn", "original_PO_ID": "PO1"}],
                ["trans_line", "L2", line | {"transaction_ID": "T2"}],
            ],
        }
    )  # fmt: skip
    types = {
        "string": str, "enum": str, "integer": int, "number": (int, float), "boolean": bool,
        "date": str, "time": int,
    }  # fmt: skip
    made = scene.rows(
        "select table_name, data from landing.change where segment is null and cycle = ?",
        scene.hub.cycle,
    )
    assert {table for table, _ in made} == {
        "transact", "trans_line", "requisition", "requisition_line", "Goods_received",
        "Goods_received_line",
    }  # fmt: skip
    assert len(made) == 8
    for table, text in made:
        record = json.loads(text)
        assert not [key for key in record if key.startswith("om")]
        for key, kind in required(table, shared).items():
            if not key.startswith("om"):
                assert isinstance(record[key], types[kind]), (table, key)


def facts(home: Home) -> dict[str, list[Any]]:
    """The ledger of transfers and all that the hub made."""
    query = "select cursor, table_name, record_id, action, data from landing.change"
    with engine.opened(home.warehouse) as con:
        told = {table: sorted(map(str, con.execute(f"from {table}").fetchall())) for table in FACTS}
        return {**told, "made": con.execute(f"{query} where segment is null order by 1").fetchall()}


def test_a_rebuild_makes_the_same_halves_with_the_same_ids(scene: Scene, tmp_path: Path) -> None:
    head = {"store_ID": "A", "name_ID": "NAMEC", "type": "ci", "status": "fn", "invoice_num": 1}
    line = {"transaction_ID": "T1", "type": "stock_out", "quantity": 1, "sell_price": 3}
    scene.cycle({101: [["transact", "T1", head], ["transact", "T2", head | {"name_ID": "SUP"}]]})
    scene.cycle({101: [["trans_line", "L1", line]]}, at="2024-02-28T23:59:59")
    home = {"code": "S", "name_ID": "SUP", "sync_id_remote_site": 103, "store_mode": "store"}
    scene.cycle({1: [["store", "S", home]]})
    scene.cycle({101: [["delete", "transact", "T1"]]})
    copy = Home(Path(shutil.copytree(scene.hub.home.path, tmp_path / "copy")))
    before = facts(copy)
    assert len(before["made"]) == 6
    rebuild(copy)
    assert facts(copy) == before


@pytest.mark.shared
def test_the_real_receipts(shared: Path, tmp_path: Path) -> None:
    """The national warehouse issues what the sites received: each supplier invoice is made once."""
    home = homes.make(tmp_path / "home", primary=2)
    tool = [sys.executable, str(shared / "tools/civ_feed.py"), str(home.path)]
    subprocess.run([*tool, "--receipts", "transfer"], check=True, capture_output=True)
    again = Path(shutil.copytree(home.inbox / "2", tmp_path / "again"))
    with scenes.opened(home) as scene:
        told = scene.cycle()
        source = pl.read_csv(shared / "data/cote_divoire/monthly_stock.csv")
        received = source.filter(pl.col("stock_received") > 0)
        months = received.select("year", "month", "site_code").n_unique()
        assert told["transfers"]["stock"] == months
        assert told["made"] == months + received.height
        assert told["quarantined"] == told["deferred"] == 0
        sums = scene.hub.con.execute(
            """
            select store.code as site_code, item.code as product_code,
                sum(line.quantity * line.pack_size)::bigint as stock_received
            from records.transact as invoice
            join records.trans_line as line on line."transaction_ID" = invoice."ID"
            join records.store as store on store."ID" = invoice."store_ID"
            join records.item as item on item."ID" = line."item_ID"
            where invoice.type = 'si' and invoice.linked_transaction_id <> ''
            group by all
            """
        ).pl()
        keys = ["site_code", "product_code"]
        expected = received.group_by(keys).agg(pl.col("stock_received").sum())
        assert sums.sort(keys).equals(expected.select(sums.columns).sort(keys))
        # The warehouse says it all again, in segments that are not the same to the byte.
        for file in sorted(again.glob("*.ndjson")):
            with file.open("a", encoding="utf-8") as segment:
                segment.write("\n")
        shutil.copytree(again, scene.hub.home.inbox / "2", dirs_exist_ok=True)
        told = scene.cycle()
        assert (told["accepted"] > months, told["made"]) == (True, 0)
