"""Pushes under way: what was answered is on the disk, whatever became of the gateway since."""

import multiprocessing
import os
import signal

import pytest
from builders import item_line, read
from served import Served
from serving import serving

from pipelines.gateway.pushed import PART, Batch, Pushes
from pipelines.home import Home


def batch(*lines: str, rest: int = 1) -> Batch:
    return Batch(rest, list(lines), 0)


def segments(home: Home, site: int = 101) -> list[str]:
    folder = home.inbox / str(site)
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.ndjson"))]


@pytest.mark.parametrize("torn", ["", "x", '{"half', "y" * 200_000, "z" * 65_536])
def test_a_line_that_was_torn_by_a_kill_is_cut_off(torn: str, home: Home) -> None:
    Pushes(home).take(101, batch("first", "second"))
    with (home.inbox / "101" / PART).open("a", encoding="utf-8") as part:
        part.write(torn)
    Pushes(home).take(101, batch("third", rest=0))
    assert segments(home) == ["first\nsecond\nthird\n"]


def test_a_file_that_is_torn_from_the_start_is_begun_anew(home: Home) -> None:
    (home.inbox / "101").mkdir()
    (home.inbox / "101" / PART).write_text("no end" * 30_000, encoding="utf-8")
    Pushes(home).take(101, batch("first", rest=0))
    assert segments(home) == ["first\n"]


def test_segments_stand_in_the_order_of_their_pushes(home: Home) -> None:
    pushes = Pushes(home)
    for number in range(20):
        pushes.take(101, batch(str(number), rest=0))
    assert segments(home) == [f"{number}\n" for number in range(20)]


def test_a_disk_that_refuses_leaves_the_next_batch_whole(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushes = Pushes(home)
    pushes.take(101, batch("first"))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(OSError, match="no room"):
            pushes.take(101, batch("second"))
    pushes.take(101, batch("second", rest=0))
    (segment,) = segments(home)
    assert segment.splitlines()[0] == "first" and segment.splitlines()[-1] == "second"


def refuse(_: int) -> None:
    raise OSError("no room")


def test_sites_push_at_once_and_apart(home: Home) -> None:
    pushes = Pushes(home)
    for number in range(3):
        for site in (101, 102):
            pushes.take(site, batch(f"{site}-{number}", rest=2 - number))
    for site in (101, 102):
        assert segments(home, site) == ["".join(f"{site}-{number}\n" for number in range(3))]


def serve(home: Home, address: "multiprocessing.Queue[str]") -> None:
    with serving(home) as url:
        address.put(url)
        signal.pause()


def test_a_gateway_that_is_killed_loses_nothing_that_it_answered(home_to_serve: Home) -> None:
    context = multiprocessing.get_context("spawn")
    lines = [
        {**item_line("S101", f"I{number}", 1), "syncOutId": str(number), "action": "Update"}
        for number in range(4)
    ]
    for at, rest in enumerate((4, 3, 2, 1, 0)):
        address = context.Queue()
        gateway = context.Process(target=serve, args=(home_to_serve, address))
        gateway.start()
        client = Served(home_to_serve, address.get(timeout=120)).client(101)
        told = {"queueLength": rest, "data": lines[at : at + 1]}
        assert client.call("POST", "queued_records", told) == {"integrationStarted": rest == 0}
        os.kill(gateway.pid or 0, signal.SIGKILL)
        gateway.join()
    (segment,) = segments(home_to_serve)
    assert [line.count('"recordId"') for line in segment.splitlines()] == [1, 1, 1, 1]
    summary = Served(home_to_serve, "").cycle()
    assert (summary["changes"], summary["deferred"]) == (4, 0)
    assert read(home_to_serve, "records").filter(table="item_line")["records"].item() == 4


def test_an_acknowledgement_stands_when_the_gateway_is_killed(home_to_serve: Home) -> None:
    context = multiprocessing.get_context("spawn")
    with serving(home_to_serve) as url:
        served = Served(home_to_serve, url)
        with served.looped():
            served.client(101).call("POST", "initialise", {})
    lengths = []
    for _ in range(2):
        address = context.Queue()
        gateway = context.Process(target=serve, args=(home_to_serve, address))
        gateway.start()
        client = Served(home_to_serve, address.get(timeout=120)).client(101)
        told = client.call("GET", "queued_records", limit=1)
        lengths.append(told["queueLength"])
        client.call("POST", "acknowledged_records", {"syncIDs": [told["data"][0]["syncOutId"]]})
        os.kill(gateway.pid or 0, signal.SIGKILL)
        gateway.join()
    assert lengths[1] == lengths[0] - 1
