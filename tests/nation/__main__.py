"""Times the dashboard over a nation's stock, in a real Chromium.

    python -m tests.nation FOLDER [--stores N] [--items N] [--people N]

FOLDER holds the home, which is made when it is not there (20 million stock lines take some minutes
and 1.6 GB). For each page: seconds until a person who comes first sees its figures, and until one
who comes later does; for the page of stock, seconds until a filter shows. Then so many people turn
through all pages at once, each in a tab of its own, and what memory the server came to is told.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.dashboard.browsing import EVERY, chromium, drawn, served
from tests.nation.made import nation

PATIENCE = 600
FIRST = "[data-testid=stMetricValue], [data-testid=stDataFrame], [data-testid=stAlert]"
FILTERS = ("region=Region 7", "item=I0042", "store=S000042", "region=Region 3&status=out")


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 2)


def seen(browser: Chrome, url: str) -> None:
    """Open a page and wait for the first of its figures, its table or what it says."""
    browser.get("about:blank")
    browser.get(url)
    WebDriverWait(browser, PATIENCE, 0.02).until(
        lambda it: it.find_elements(By.CSS_SELECTOR, FIRST)
    )


def server_mib(log: Path, what: str) -> int:
    """A figure of the memory of the server that writes to a log, in MiB."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if (status.parent / "fd" / "1").resolve() == log:
                told = status.read_text(encoding="ascii").split(f"{what}:")[1]
                return int(told.split()[0]) >> 10
        except (OSError, IndexError):
            continue
    return 0


def main() -> None:
    """Make the home, open the pages, tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.nation", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--stores", type=int, default=40_000)
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--people", type=int, default=10)
    told = parser.parse_args()
    home = nation(told.folder, told.stores, told.items)
    with tempfile.TemporaryDirectory() as kept:
        log = Path(kept) / "log"
        with served(home, log, "administrator") as url, chromium(Path(kept) / "profile") as it:
            for page, title in EVERY.items():
                first = seconds(lambda at=f"{url}/{page}": seen(it, at))
                whole = first + seconds(lambda title=title: drawn(it, title))
                later = seconds(lambda at=f"{url}/{page}": seen(it, at))
                print(f"{title}: first {first}, whole {whole:.2f}, later {later}", flush=True)
                drawn(it, title)
            for told_filter in FILTERS:
                taken = seconds(lambda at=f"{url}/stock?{told_filter}": seen(it, at))
                print(f"Stock on hand, {told_filter}: {taken}", flush=True)
            print(f"server: {server_mib(log, 'VmRSS')} MiB", flush=True)
            for person in range(told.people):
                it.switch_to.new_window("tab")
                it.get(f"{url}/stock?region=Region {person % 20}")
            for page in EVERY:
                for handle in it.window_handles:
                    it.switch_to.window(handle)
                    it.get(f"{url}/{page}?region=Region {it.window_handles.index(handle) % 20}")
            drawn(it, EVERY[page])
            print(f"{told.people} people: at most {server_mib(log, 'VmHWM')} MiB", flush=True)


if __name__ == "__main__":
    main()
