"""A small system that an operator looks after."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from builders import country, name, name_store_join, push, put, run, site, store

from pipelines import home as homes
from pipelines.home import Home

PATIENT = name("P1", "patient", supplying_store_id="S101")
PRESCRIBER = put("clinician", {"ID": "DOC1", "code": "D", "last_name": "Doe", "store_ID": "S101"})


def coded(line: dict[str, Any], code: str) -> dict[str, Any]:
    """A record with another code."""
    return line | {"recordData": line["recordData"] | {"code": code}}


@pytest.fixture(scope="session")
def managed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Sites 101-104 (103 mobile, 104 disabled), a store each at three; not to be changed.

    Two stores have the code TWIN, two names the code DOUBLE.
    """
    made = homes.make(tmp_path_factory.mktemp("managed") / "home")
    lines = [
        *country(),
        site(103, kind="mobile", **{"an odd key": 1.50}),
        site(104, disabled=True),
        *(name(code) for code in ("S103", "T1", "T2")),
        store("S103", 103, extra={"deep": [1, None]}),
        coded(store("T1", 102, store_mode="dispensary"), "TWIN"),
        coded(store("T2", 102), "TWIN"),
        coded(name("D1", "facility"), "DOUBLE"),
        coded(name("D2", "facility"), "DOUBLE"),
        name_store_join("D1", "S102", inactive=True, mine="kept"),
    ]
    push(made, 1, "1", lines)
    push(made, 101, "1", [PATIENT, PRESCRIBER])
    run(made)
    return made


@pytest.fixture
def home(managed: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of it, to change."""
    monkeypatch.setenv("MAINSTEM_NOW", "2018-07-02T08:00:00")
    return Home(Path(shutil.copytree(managed.path, tmp_path / "home")))


@pytest.fixture
def mirrored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A mirrored system, whose primary is site 2 (rule V8)."""
    monkeypatch.setenv("MAINSTEM_NOW", "2018-07-02T08:00:00")
    return homes.make(tmp_path / "mirrored", primary=2)
