"""The home that the dashboard's tests show: made by the real pipeline, each status in it once."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_home import NOW, Change, asked, central, held, moved, run, send, until

from dashboard import access, serve
from pipelines.home import Home, make


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home after three cycles; tests read it only."""
    home = make(tmp_path_factory.mktemp("dashboard") / "home")
    send(home, 1, "0001", central())
    send(
        home,
        103,
        "0001",
        [
            *moved("S2", "AMOX", "si", "2024-02-10", 6),
            *moved("S2", "AMOX", "ci", "2024-02-28", 4.5),
            *held("S2", "AMOX", 1.5),
        ],
    )
    run(home, "2024-03-01T06:00:00")
    send(
        home,
        102,
        "0001",
        [
            *moved("S1", "AMOX", "si", "2024-02-10", 20),
            *moved("S1", "AMOX", "ci", "2024-04-02", 10),
            *held("S1", "AMOX", 10),
            *held("S1", "ORS", 1.25, cost=1.237),
        ],
    )
    run(home, "2024-04-20T06:00:00")
    send(
        home,
        101,
        "0001",
        [
            *moved("N1", "AMOX", "si", "2024-02-10", 1000),
            *moved("N1", "AMOX", "ci", "2024-04-15", 30),
            *moved("N1", "AMOX", "ci", "2024-04-16", 2.5, to="NAMES1"),
            *held("N1", "AMOX", 967.5),
            *moved("N1", "PARA", "si", "2024-02-10", 5),
            *moved("N1", "PARA", "ci", "2024-03-15", 5),
            *held("N1", "PARA", 0),
        ],
    )
    run(home, "2024-05-02T06:00:00")
    return home


@pytest.fixture(scope="session")
def traded(made: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home after a cycle of trade: something to see on every page."""
    home = Home(shutil.copytree(made.path, tmp_path_factory.mktemp("traded") / "home"))
    places = {"N1": "North", "S2": "South"}
    changes: list[Change] = [
        (
            "name",
            {"ID": f"NAME{code}", "name": code, "code": code, "type": "store"}
            | {"custom_data": {"region": region, "district": "Hills", "type": "Hospital"}},
        )
        for code, region in places.items()
    ]
    changes += [
        ("name", {"ID": "NAMEX1", "name": "Unplaced", "code": "X1", "type": "store"}),
        ("store", {"ID": "X1", "code": "X1", "name": "Unplaced", "name_ID": "NAMEX1"}),
        ("name", {"ID": "MAKER", "name": "A maker", "type": "facility", "supplier": True}),
    ]
    send(home, 1, "0002", changes)
    mine = [
        *moved("N1", "AMOX", "ci", "2024-03-20", 1, to="NAMES2"),
        *moved("N1", "AMOX", "ci", "2024-05-01", 2, to="NAMEX1"),
        *until(held("N1", "PARA", 3), "2024-06-10"),
        *until(held("N1", "ORS", 4, cost=8), "2024-04-30"),
        *until(held("N1", "AMOX", 900), "2024-07-01"),
        *asked("N1", "PO1", "MAKER", 100, 4),
        *asked("N1", "PO2", "MAKER", 50, 5),
    ]
    send(home, 101, "0002", mine)
    send(home, 102, "0002", held("N1", "AMOX", 1))  # not its own
    run(home, "2024-05-02T07:00:00")
    return home


@pytest.fixture
def home(made: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home that the dashboard shows, at NOW."""
    monkeypatch.setenv("MAINSTEM_HOME", str(made.path))
    monkeypatch.setenv("MAINSTEM_NOW", NOW)
    return made


@pytest.fixture
def own_home(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of the home, to change."""
    copy = Home(shutil.copytree(home.path, tmp_path / "home"))
    monkeypatch.setenv("MAINSTEM_HOME", str(copy.path))
    return copy


@pytest.fixture(autouse=True)
def main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """An AppTest makes its page the main module; processes made later would run it."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(autouse=True)
def administrator(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Who looks without signing in."""
    monkeypatch.setenv(serve.OPEN, "administrator")
    with access.looking(""):
        yield
