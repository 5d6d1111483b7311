"""What a site waits for: the cycle that takes its push or its request to have published."""

from collections.abc import Callable
from pathlib import Path

from anyio import move_on_after, sleep

from pipelines import ahead, archive
from pipelines.home import Home

POLLED = 0.1  # seconds between two looks at what is waited for


def done(home: Home, path: Path) -> bool:
    """Whether the cycle that took a segment or a request has published.

    A cycle writes its manifest, then moves what it took, then publishes and notes so.
    """
    if path.exists():
        return False
    noted = ahead.noted(home)
    coming = noted.cycle + 1 if noted else 1
    return not (archive.folder(home, coming) / "manifest.json").exists()


async def wait(is_done: Callable[[], bool], patience: float) -> bool:
    """Wait for something that a cycle does; whether it was done in so many seconds."""
    with move_on_after(patience):
        while not is_done():
            await sleep(POLLED)
        return True
    return False


def wake(home: Home) -> None:
    """Tell the loop that something waits."""
    bell(home).touch()


def bell(home: Home) -> Path:
    """The file whose time says when the loop was woken last."""
    return home.requests / ".wake"
