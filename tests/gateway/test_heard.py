"""What sites tell the gateway reaches the warehouse, once, and a rebuild tells it again."""

import time

import pytest
from builders import NOW, files, held, item_line, push, read, reports, run
from said import Call
from served import WRITTEN, Served

from pipelines.admin import credentials
from pipelines.admin.rebuild import rebuild
from pipelines.admin.verify import verify
from pipelines.home import Home
from pipelines.simulation.client import Client, SyncError
from warehouse import report


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


def contacts(home: Home, site: int) -> list[tuple[str, str, str]]:
    with report.opened(home.reports) as con:
        return con.execute(
            "select what, app_version, error from marts.contact where site = ? order by all", [site]
        ).fetchall()


def test_calls_that_matter_come_to_the_reports_as_a_feed_of_their_own(served: Served) -> None:
    synced(served)
    with pytest.raises(SyncError):
        served.client(101, hardware="CLONE").call("GET", "site")
    with pytest.raises(SyncError):
        Client(served.url, "Nobody", "x", "HW").call("GET", "site")
    time.sleep(WRITTEN)
    served.cycle()
    told = contacts(served.home, 101)
    assert ("POST acknowledged_records", "2.19.00", "") in told
    assert ("GET site", "2.19.00", "site_incorrect_hardware_id") in told
    assert [error for _, _, error in contacts(served.home, 0)] == ["site_name_not_found"]
    served.cycle()
    rebuild(served.home)
    assert contacts(served.home, 101) == told
    with pytest.raises(SyncError):
        served.client(101, hardware="CLONE").call("GET", "site")
    time.sleep(WRITTEN)
    served.cycle()
    assert len(contacts(served.home, 101)) == len(told) + 1


def test_where_the_gateway_s_database_is_another_later_calls_are_taken(
    home_to_serve: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_to_serve
    for day, number in ((1, 7), (2, 3)):
        with credentials.opened(home) as con:
            con.execute("delete from contact")
            con.execute(
                "insert into contact values (?, 101, ?, 'GET site', 0, 0, '', '', '', '', 'x')",
                [number, f"2018-07-{day:02d}T06:00:00.123+00:00"],
            )
        for _ in range(2):
            run(home, f"2018-07-{day:02d}T07:00:00")
    assert len(contacts(home, 101)) == 2
    run(home, "2018-12-01T07:00:00")
    assert len(contacts(home, 101)) == 2, "they are dropped when others come"


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
