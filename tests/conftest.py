"""What all tests share: the folder of real data, an empty home, a fixed clock."""

import os
import sys
from pathlib import Path

import pytest
from builders import NOW
from said import Call, Said

from pipelines import cli
from pipelines import home as homes
from pipelines.home import Home

# A small cycle plans queries more than it runs them, of many small allocations: they are a sixth
# faster where the C library keeps what is freed. It is read as a process begins, such as a worker;
# what tests begin themselves is as users have it.
ALLOCATING = {
    "tcache_count": 60_000, "hugetlb": 1, "trim_threshold": 1 << 30, "top_pad": 1 << 26,
    "mmap_threshold": 1 << 26,
}  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Set up the workers that share the tests."""
    # What tests start, hundreds of times, reads what was compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if hasattr(config, "workerinput"):
        os.environ.pop("GLIBC_TUNABLES", None)
    elif config.getoption("numprocesses", None):
        told = ":".join(f"glibc.malloc.{name}={value}" for name, value in ALLOCATING.items())
        os.environ["GLIBC_TUNABLES"] = told


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
