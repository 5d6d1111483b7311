"""What sites tell the gateway reaches the warehouse, once, and a rebuild tells it again."""

import time

import pytest
from builders import NOW, files, held, item_line, push, read, reports, run
from said import Call
from served import WRITTEN, Served

from pipelines.admin.rebuild import rebuild
from pipelines.admin.verify import verify
from pipelines.home import Home
from pipelines.simulation.client import SyncError


def synced(served: Served) -> None:
    with served.looped():
        served.client(101).sync()
    time.sleep(WRITTEN)


def test_a_rebuild_tells_contacts_and_acknowledgements_again(served: Served) -> None:
    synced(served)
    served.cycle()
    row = read(served.home, "sync").filter(site=101).row(0, named=True)
    assert (row["last_contact"], row["queue_length"]) == (f"{NOW}Z", 0)
    assert verify(served.home)["problems"] == []
    before = reports(served.home), held(served.home), files(served.home.outbox)
    served.home.gateway.unlink()
    rebuild(served.home)
    assert (reports(served.home), held(served.home), files(served.home.outbox)) == before


def test_nothing_new_is_told_once(served: Served) -> None:
    synced(served)
    served.cycle()
    served.client(101).call("GET", "site")
    time.sleep(WRITTEN)
    number = served.cycle()["cycle"]
    manifest = served.home.archive / f"000000/{number:09d}/manifest.json"
    assert '"requests": []' in manifest.read_text(encoding="utf-8")


def test_a_contact_alone_is_told_of_a_site_that_was_never_heard_of(served: Served) -> None:
    assert read(served.home, "sync").filter(site=102)["status"].item() == "never"
    served.client(102).call("GET", "site")
    time.sleep(WRITTEN)
    served.cycle()
    row = read(served.home, "sync").filter(site=102).row(0, named=True)
    assert (row["status"], row["first_contact"], row["queue_length"]) == ("ok", f"{NOW}Z", 4)


def test_a_site_is_shown_with_what_it_syncs_and_what_went_wrong(served: Served, call: Call) -> None:
    assert call("site", "show", 102, "--json", at=served.home).json["app_version"] is None
    synced(served)
    with pytest.raises(SyncError):
        served.client(101, hardware="CLONE").call("GET", "site")
    time.sleep(WRITTEN)
    told = call("site", "show", 101, "--json", at=served.home).json
    assert (told["app_version"], told["version"], told["status"]) == ("2.19.00", "14", "completed")
    assert told["hardware_id"] == "HW101"
    assert [row["error"] for row in told["errors"]] == ["site_incorrect_hardware_id"]
    assert "site_incorrect_hardware_id" in call("site", "show", 101, at=served.home).out


def test_a_database_that_is_damaged_holds_no_cycle_up(home_to_serve: Home) -> None:
    home_to_serve.gateway.write_bytes(b"no database" * 1000)
    push(home_to_serve, 101, "001", [item_line("S101", "AMOX", 1)])
    assert run(home_to_serve)["accepted"] == 1
