"""The home folder: its paths, making one, and the lock that lets one cycle run at a time."""

import fcntl
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines import settings, swap
from pipelines.errors import CycleRunningError, MainstemError

PATIENCE = 60.0  # seconds that a command waits for a running cycle


@dataclass(frozen=True)
class Home:
    """The paths of one home; nothing is opened or made."""

    path: Path

    @property
    def toml(self) -> Path:
        return self.path / "mainstem.toml"

    @property
    def inbox(self) -> Path:
        return self.path / "inbox"

    @property
    def archive(self) -> Path:
        return self.path / "archive"

    @property
    def outbox(self) -> Path:
        return self.path / "outbox"

    @property
    def superseded(self) -> Path:
        return self.path / "superseded"

    @property
    def origin(self) -> Path:
        return self.path / "origin"

    @property
    def requests(self) -> Path:
        return self.path / "requests"

    @property
    def warehouse(self) -> Path:
        return self.path / "warehouse.duckdb"

    @property
    def reports(self) -> Path:
        return self.path / "reports.duckdb"

    @property
    def gateway(self) -> Path:
        return self.path / "gateway.db"

    @property
    def files(self) -> Path:
        return self.path / "files"

    @property
    def patients(self) -> Path:
        return self.path / "patients.db"

    @property
    def history(self) -> Path:
        return self.path / "history.db"

    @property
    def dlt(self) -> Path:
        return self.path / "dlt"

    @property
    def dagster(self) -> Path:
        return self.path / "dagster"

    def settings(self) -> settings.Settings:
        """Read mainstem.toml; errors name the key."""
        return settings.load(self.toml)


FOLDERS = ("inbox", "archive", "outbox", "requests", "dlt", "dagster")


def make(path: Path, central: int = 1, primary: int | None = None) -> Home:
    """Make a home at `path`; refuses one that is there, or a folder with anything in it."""
    home = Home(path)
    if home.toml.exists():
        raise MainstemError(f"{path} is a home already. Choose another folder with --home.")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise MainstemError(
            f"{path} exists and is not an empty folder. Choose another folder with --home."
        )
    if not all(1 <= number <= settings.LAST_SITE for number in (central, primary or central)):
        raise MainstemError(f"A site's number must be 1 to {settings.LAST_SITE}.")
    try:
        for name in FOLDERS:
            (path / name).mkdir(parents=True, exist_ok=True)
        text = settings.TEMPLATE.format(central=central, primary=primary or central)
        home.toml.write_text(text, encoding="utf-8")
    except OSError as error:
        raise MainstemError(f"{path} cannot be made a home: {error.strerror}.") from error
    return home


def find(told: Path | None) -> Home:
    """The home to work on; an error says how to make one."""
    home = Home(settings.home_path(told))
    if not home.toml.is_file():
        raise MainstemError(
            f"{home.path} is not a Mainstem home. Make one with 'mainstem init --home "
            f"{home.path}', or name another with --home."
        )
    return home


@contextmanager
def lock(home: Home, patience: float | None = None) -> Generator[None]:
    """Hold the home for one writer; the kernel lets go of it even after a kill -9.

    A restore that was killed while it put the new state in place is finished first.
    """
    with (home.path / ".lock").open("w") as handle:
        deadline = time.monotonic() + (PATIENCE if patience is None else patience)
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise CycleRunningError(
                        f"A cycle is running on {home.path}. Try again when it has ended."
                    ) from None
                time.sleep(0.1)
        swap.finish(home.path)
        yield
