"""What all tests share: the folder of real data, an empty home, a fixed clock."""

from pathlib import Path

import pytest
from builders import NOW

from pipelines import home as homes
from pipelines.home import Home


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ../shared, which holds real data and the tool that makes feeds of it."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared with real data is not there")
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home, at the moment NOW."""
    monkeypatch.setenv("MAINSTEM_NOW", NOW)
    return homes.make(tmp_path / "home")
