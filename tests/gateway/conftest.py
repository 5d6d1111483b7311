"""A home after its first cycle, whose sites have credentials: served, one for each test."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from builders import NOW, country, push, run
from served import PASSWORDS, Served
from serving import serving

from pipelines import home as homes
from pipelines.admin import credentials
from pipelines.home import Home


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after its first cycle, with credentials of two sites; to be copied."""
    home = homes.make(tmp_path_factory.mktemp("gateway") / "home")
    push(home, 1, "001", country())
    run(home)
    told = [(site, f"Site {site}", password) for site, password in PASSWORDS.items()]
    credentials.keep(home, told)
    return home.path


@pytest.fixture
def home_to_serve(template: Path, tmp_path: Path) -> Home:
    """A home of one's own."""
    return Home(Path(shutil.copytree(template, tmp_path / "home")))


@pytest.fixture
def served(home_to_serve: Home, monkeypatch: pytest.MonkeyPatch) -> Generator[Served]:
    """The same, served."""
    monkeypatch.setenv("MAINSTEM_NOW", NOW)
    with serving(home_to_serve) as url:
        yield Served(home_to_serve, url)
