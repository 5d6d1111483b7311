"""What all tests share: the folder of real data, an empty home, a fixed clock."""

import sys
from pathlib import Path

import pytest
from builders import NOW
from said import Call, Said

from pipelines import cli
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


@pytest.fixture
def call(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs a command in this process; without `at`, on no home in particular."""
    monkeypatch.setenv("DAGSTER_HOME", "")

    def told(*given: object, at: Home | None = None) -> Said:
        argv = ["mainstem", *map(str, given), *(("--home", str(at.path)) if at else ())]
        monkeypatch.setattr(sys, "argv", argv)
        capsysbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsysbinary.readouterr()
        code = ended.value.code
        return Said(code if isinstance(code, int) else 0, said.out, said.err.decode())

    return told
