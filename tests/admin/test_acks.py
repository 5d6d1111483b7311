"""The command that acknowledges for a file site: a request that names no line that is not there."""

import json

import duckdb
import pytest
from builders import files, outbox, push, read, run, store
from edits import requested, settle, unchanged
from said import Call, complains

from pipelines import home as homes
from pipelines.home import Home
from warehouse import report


def test_all_that_is_published_is_acknowledged(home: Home, call: Call) -> None:
    last, last_central = len(outbox(home, 102)), len(outbox(home, "central"))
    assert min(last, last_central) > 0
    told = {"site": 102, "sequence": last, "central": last_central}
    assert call("ack", 102, "--json", at=home).json == told
    assert requested(home) == [{"acknowledge": told}]
    assert f"through {last}" in call("ack", 102, at=home).out


def test_what_is_acknowledged_is_no_longer_owed(home: Home, call: Call) -> None:
    before = call("site", "queue", 102, "--json", at=home).json["queue_length"]
    call("ack", 102, "--through", 1, at=home)
    run(home)
    after = call("site", "queue", 102, "--json", at=home).json
    assert after["queue_length"] == sum(row["queued"] for row in after["tables"]) == before - 1
    assert read(home, "sync", sites=(102,))["queue_length"].to_list() == [before - 1]
    call("ack", 102, at=home)
    run(home)
    assert call("site", "queue", 102, "--json", at=home).json["tables"] == []
    assert call("status", "--json", at=home).json["queues"]["102"] == 0
    push(home, 1, "2", [store("S102", 102, extra=1)])
    run(home)
    assert call("site", "queue", 102, "--json", at=home).json["queue_length"] == 1
    assert call("rebuild", at=home).status == 0
    assert call("site", "queue", 102, "--json", at=home).json["queue_length"] == 1


LENGTHS = "select day::varchar, length from marts.queue_length where site = 102 order by day"


def lengths(home: Home) -> list[tuple[str, int]]:
    """How long the queue of site 102 was, by day."""
    with report.opened(home.reports) as con:
        return con.execute(LENGTHS).fetchall()


def test_the_length_of_a_queue_is_kept_for_each_day(home: Home, call: Call) -> None:
    ((first, before),) = lengths(home)
    call("ack", 102, "--through", 1, at=home)
    run(home, "2018-07-03T06:00:00")
    run(home, "2018-07-04T06:00:00")
    call("ack", 102, "--through", 2, at=home)
    push(home, 1, "2", [store("S102", 102, extra=1)])
    run(home, "2018-07-05T06:00:00")
    call("ack", 102, at=home)
    run(home, "2018-07-05T18:00:00")
    kept = [(first, before), ("2018-07-03", before - 1), ("2018-07-05", 0)]
    assert lengths(home) == kept, "of a day without change nothing, of another the last"
    assert call("rebuild", at=home).status == 0
    assert lengths(home) == kept


def test_a_home_without_lengths_begins_with_all_queues(home: Home) -> None:
    before = lengths(home)
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("drop table outbox.length")
    run(home, "2018-07-03T06:00:00")
    assert lengths(home) == [*before, ("2018-07-03", before[0][1])]


def test_one_of_the_two_numbers_is_acknowledged_alone(home: Home, call: Call) -> None:
    call("ack", 102, "--through", 2, at=home)
    call("ack", 102, "--central-through", 1, at=home)
    call("ack", 102, "--through", 1, "--central-through", 2, at=home)
    assert [request["acknowledge"] for request in requested(home)] == [
        {"site": 102, "sequence": 2, "central": None},
        {"site": 102, "sequence": None, "central": 1},
        {"site": 102, "sequence": 1, "central": 2},
    ]


def test_a_site_without_a_queue_acknowledges_the_central_log(home: Home, call: Call) -> None:
    assert outbox(home, 104) == []
    told = call("ack", 104, "--json", at=home).json
    assert (told["sequence"], told["central"]) == (None, len(outbox(home, "central")))


def test_what_is_acknowledged_is_not_taken_back(home: Home, call: Call) -> None:
    settle(home)
    assert "nothing more" in call("ack", 102, at=home).out
    complains(call("ack", 102, "--through", 1, at=home), "before what is acknowledged")
    complains(call("ack", 102, "--central-through", 1, at=home), "before what is acknowledged")
    assert requested(home) == []


def test_requests_stand_in_the_order_asked(home: Home, call: Call) -> None:
    for number in range(1, 4):
        call("ack", 102, "--through", number, at=home)
    call("site", "initialise", 102, at=home)
    names = sorted(path.name for path in home.requests.iterdir())
    told = [json.loads((home.requests / name).read_text(encoding="utf-8")) for name in names]
    assert [next(iter(request)) for request in told] == ["acknowledge"] * 3 + ["initialise"]
    assert [request["acknowledge"]["sequence"] for request in told[:3]] == [1, 2, 3]


BAD = {
    "ack": (2, "N"),
    "ack x": (2, "x"),
    "ack 999": (1, "no site 999"),
    "ack 1": (1, "this hub"),
    "ack 102 --through 0": (2, "from 1 to"),
    "ack 102 --through 500": (1, "beyond the last line of the queue of site 102"),
    "ack 102 --central-through 500": (1, "beyond the last line of the central log"),
    "ack 102 --through 1 --central-through 500": (1, "beyond"),
    "ack 104 --through 1": (1, "beyond"),
    "ack 102 --through all": (2, "all"),
    "ack 102 --through 99999999999999999999999999": (2, "from 1 to"),
}


@pytest.mark.parametrize("given", BAD)
def test_bad_input(given: str, home: Home, call: Call) -> None:
    before = files(home.path)
    status, word = BAD[given]
    complains(call(*given.split(), at=home), word, status=status)
    assert unchanged(home, before)


def test_it_waits_for_a_running_cycle_and_gives_up_with_75(
    home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "PATIENCE", 0.2)
    with homes.lock(home):
        complains(call("ack", 102, at=home), "running", status=75)
    assert requested(home) == []
