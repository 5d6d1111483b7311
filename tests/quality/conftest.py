"""Homes for the tests of the suites."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
import tiny

from pipelines import cycle
from pipelines.home import Home
from pipelines.hub import Hub


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that has done one cycle; not to be changed."""
    made = tiny.make(tmp_path_factory.mktemp("settled") / "home")
    assert cycle.run(made)["accepted"] == 9
    return made


@pytest.fixture
def hub(settled: Home, tmp_path: Path) -> Generator[Hub]:
    """A copy of it, open as the quality op has it, right after its cycle.

    Its reports are attached as `broken`, so that a test can break them.
    """
    shutil.copytree(settled.path, tmp_path / "home")
    with cycle.opened(Home(tmp_path / "home")) as hub:
        hub.con.execute(f"attach '{hub.home.reports}' as broken")
        for name in ("cycle", "central", "primary"):
            hub.con.execute(f'set variable "{name}" = 1')
        yield hub
