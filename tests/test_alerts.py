"""Alerts: what needs somebody is told once, until it changes, to whom and when it is to be told."""

import json
import shutil
import threading
from collections import namedtuple
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from builders import (
    country,
    issue,
    item_line,
    name_store_join,
    push,
    receipt,
    run,
    trans_line,
    transact,
)
from posting import REFUSED, posting
from said import Call, complains

from pipelines import alerts, loop
from pipelines import home as homes
from pipelines.errors import MainstemError
from pipelines.home import Home

LATER = "2018-08-15T12:00:00"


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home where each kind of trouble stands by LATER; not to be changed."""
    home = homes.make(tmp_path_factory.mktemp("troubled") / "home")
    text = home.toml.read_text(encoding="utf-8")
    home.toml.write_text(text.replace("vital = []", 'vital = ["AMOX"]'), encoding="utf-8")
    joined = [name_store_join("NAMES102", "S101"), name_store_join("NAMES101", "S102")]
    push(home, 1, "1", [*country((101, 102, 103)), *joined])
    shipped = transact("SHIP", "S101", "ci", "NAMES102", "2018-06-02")
    mine = [*receipt("S101", "2018-05-01", 9), item_line("S101", "AMOX", 7), shipped]
    push(home, 101, "1", [*mine, trans_line("SHIP", "AMOX", "stock_out", 1)])
    push(home, 102, "1", [*receipt("S102", "2018-05-01", 9), *issue("S102", "2018-06-01", 9)])
    run(home, "2018-07-01T08:00:00")
    # In contact, but with nothing that is its own.
    push(home, 102, "2", [item_line("S101", "ORS", 1), item_line("S101", "AMOX", 1)])
    run(home, LATER)
    return home


@pytest.fixture
def home(troubled: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of it, to change, at LATER."""

    monkeypatch.setenv("MAINSTEM_NOW", LATER)
    return Home(Path(shutil.copytree(troubled.path, tmp_path / "home")))


def prefer(home: Home, **told: object) -> None:
    """Set keys of mainstem.toml."""
    lines = home.toml.read_text(encoding="utf-8").splitlines()
    for key, value in told.items():
        lines = [
            f"{key} = {json.dumps(value)}" if it.startswith(f"{key} = ") else it for it in lines
        ]
    home.toml.write_text("\n".join(lines), encoding="utf-8")


def kinds(found: list[alerts.Alert]) -> list[tuple[str, str]]:
    return [(one.kind, one.key) for one in found]


def test_each_kind_of_trouble_is_found(home: Home, call: Call) -> None:
    told = call("alerts", "--json", at=home).json["alerts"]
    assert [(one["kind"], one["text"]) for one in told] == [
        ("quarantine_growing",
         "Of site 102, Site 102, 2 lines are in quarantine, most as not owner."),
        ("site_silent", "Site 101, Site 101, was last in contact on 2018-07-01."),
        ("site_without_data",
         "Site 102, Site 102, is in contact, but nothing of it was accepted since 2018-07-01."),
        ("transfer_missing", "To store S102, Store S102, 1 transfer is on the way for too long, "
         "the first since 2018-06-02."),
        ("vital_item_out",
         "Store S102, Store S102, is out of AMOX, Item AMOX, since 2018-06-01."),
    ]  # fmt: skip
    assert call("alerts", at=home).out.splitlines() == [one["text"] for one in told]


def test_a_home_without_troubles_needs_nobody(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = homes.make(tmp_path / "new")
    assert call("alerts", at=home).out == "Nothing needs anybody.\n"
    push(home, 1, "1", country())
    run(home, LATER)
    monkeypatch.setenv("MAINSTEM_NOW", LATER)
    assert call("alerts", at=home).out == "Nothing needs anybody.\n", "a site that never called"


def test_every_kind_has_a_case_here_or_says_what_it_is(home: Home) -> None:
    files = {file.stem: file.read_text() for file in alerts.KINDS.glob("*.sql")}
    assert len(files) == 7
    assert all(text.startswith("-- description: ") for text in files.values())


def test_it_is_told_once_until_it_changes(home: Home) -> None:
    with posting() as kept:
        prefer(home, server=f"127.0.0.1:{kept.port}", security="none", sender="hub@example.org")
        prefer(home, to=["a@example.org", "b@example.org"])
        found = alerts.standing(home)
        assert alerts.tell(home) == found and len(found) == 5
        assert alerts.tell(home) == []
        push(home, 102, "3", [item_line("S101", "ORS", 2)])
        run(home, LATER)
        assert alerts.tell(home) == [], "three are not twice as many as two"
        push(home, 102, "4", [item_line("S101", "ORS", 3)])
        push(home, 101, "2", [item_line("S101", "AMOX", 8)])
        run(home, LATER)
        assert kinds(alerts.tell(home)) == [("quarantine_growing", "102")]
        assert "site_silent" not in [one.kind for one in alerts.standing(home)]
    first, second = kept
    assert (first["To"], first["Subject"]) == (
        "a@example.org, b@example.org", "Mainstem: 5 things need somebody",
    )  # fmt: skip
    assert first.get_content().splitlines() == [one.text for one in found]
    assert second["Subject"] == "Mainstem: 1 thing needs somebody"


def test_what_comes_again_is_told_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with posting() as kept:
        prefer(home, server=f"127.0.0.1:{kept.port}", security="none", sender="hub@example.org")
        prefer(home, to=["a@example.org"], vital=[])
        assert len(alerts.tell(home, "Cycle 3 failed.")) == 5
        assert alerts.tell(home, "Cycle 3 failed.") == []
        assert alerts.tell(home) == []
        assert kinds(alerts.tell(home, "Cycle 3 failed.")) == [("cycle_failed", "")]
        usage = namedtuple("usage", "total used free")
        monkeypatch.setattr(alerts.shutil, "disk_usage", lambda _: usage(100 << 30, 0, 9 << 30))
        (short,) = alerts.tell(home, "Cycle 3 failed.")
        assert short.text.endswith("is short: 9.0 of 100.0 GiB are free.")


def test_who_was_told_is_not_told_again_because_somebody_was_not(home: Home) -> None:
    with posting() as kept:
        prefer(home, server=f"127.0.0.1:{kept.port}", security="none", sender="hub@example.org")
        prefer(home, to=["a@example.org", REFUSED])
        with pytest.raises(MainstemError, match=f"refused {REFUSED}"):
            alerts.tell(home)
        assert alerts.tell(home) == [] and len(kept) == 1


def test_what_could_not_be_sent_is_told_later(home: Home) -> None:
    prefer(home, server="127.0.0.1:1", security="none", sender="hub@example.org")
    prefer(home, to=["a@example.org"])
    with pytest.raises(MainstemError, match="did not take the mail"):
        alerts.tell(home)
    with posting() as kept:
        prefer(home, server=f"127.0.0.1:{kept.port}")
        assert len(alerts.tell(home)) == 5


@pytest.mark.parametrize(
    ("quiet", "zone", "is_quiet"),
    [("11-13", "UTC", True), ("13-11", "UTC", False), ("20-7", "UTC", False),
     ("12-13", "UTC", True), ("11-12", "UTC", False), ("20-13", "UTC", True),
     ("0-12", "UTC", False),
     ("11-13", "Asia/Kathmandu", False), ("17-18", "Asia/Kathmandu", True)],
)  # fmt: skip
def test_in_quiet_hours_nobody_is_told(home: Home, quiet: str, zone: str, is_quiet: bool) -> None:
    prefer(home, quiet=quiet, timezone=zone)
    assert alerts.is_quiet(home.settings()) is is_quiet
    if is_quiet:
        prefer(home, to=["a@example.org"])
        assert alerts.tell(home) == [] and alerts.untold(home, alerts.standing(home))


class Channel(BaseHTTPRequestHandler):
    """A channel that takes what comes as JSON."""

    came: list[dict[str, str]] = []  # noqa: RUF012

    def do_POST(self) -> None:
        told = self.rfile.read(int(self.headers["Content-Length"]))
        self.came.append(json.loads(told))
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def channel() -> Iterator[int]:
    """The port of a channel."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Channel)
    threading.Thread(target=server.serve_forever).start()
    Channel.came.clear()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_other_channels_are_told(
    home: Home, channel: int, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.setenv(alerts.URLS, f"json://127.0.0.1:{channel}/broken?s=secret")
    said = call("alerts", "--send", at=home)
    complains(said, "did not take the alert")
    assert "secret" not in said.err
    monkeypatch.setenv(alerts.URLS, f"json://127.0.0.1:{channel}/ json://127.0.0.1:{channel}/2")
    assert len(call("alerts", "--send", "--json", at=home).json["alerts"]) == 5
    assert call("alerts", "--send", at=home).out == "There is nothing new to tell.\n"
    assert [told["title"] for told in Channel.came] == ["Mainstem: 5 things need somebody"] * 3
    monkeypatch.setenv(alerts.URLS, "nothing")
    Channel.came.clear()
    push(home, 101, "9", [item_line("S102", "ORS", 1)])
    run(home, LATER)
    complains(call("alerts", "--send", at=home), alerts.URLS, "apprise")


def test_that_nobody_is_set_to_be_told_is_said(home: Home, call: Call) -> None:
    said = call("alerts", "--send", at=home)
    assert (said.status, said.out) == (0, "")
    assert said.err.startswith("Nobody is set to be told")
    assert call("alerts", at=home).out


def test_the_loop_tells_of_a_cycle_that_failed(home: Home) -> None:
    with posting() as kept:
        prefer(home, server=f"127.0.0.1:{kept.port}", security="none", sender="hub@example.org")
        prefer(home, to=["a@example.org"], enabled=False)
        stop = threading.Event()
        running = threading.Thread(target=loop.run, args=(home, stop))
        running.start()
        for _ in range(600):
            if kept:
                break
            stop.wait(0.1)
        stop.set()
        running.join()
    assert "Synchronisation is disabled" in kept[0].get_content()


def test_bad_settings_of_alerts_are_named(home: Home, call: Call) -> None:
    whole = home.toml.read_text(encoding="utf-8")
    for key, value, wanted in (
        ("to", "a@example.org", "a list of mail addresses"),
        ("quiet", "20-25", "two hours"),
        ("security", "ssl", "starttls, tls or none"),
        ("server", "two words", "a host, or host:port"),
    ):
        home.toml.write_text(whole, encoding="utf-8")
        prefer(home, **{key: value})
        complains(call("alerts", at=home), f".{key} is {value!r}", wanted)


def test_nothing_is_read_of_who_is_not_to_be_told(home: Home) -> None:
    home.reports.write_bytes(b"damaged")
    assert alerts.tell(home) == []
