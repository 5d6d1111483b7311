"""A dashboard served as `mainstem up` serves it, and Debian's Chromium to look at it."""

import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from dashboard import menu, serve
from pipelines.home import Home

CHROMIUM, DRIVER = shutil.which("chromium") or "", shutil.which("chromedriver") or ""
BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(
        "" in (CHROMIUM, DRIVER), reason="Debian's chromium or its chromedriver is not installed"
    ),
]
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
# Every page's title, by its address.
EVERY = {
    "" if name == "overview" else name: title
    for part in menu.PAGES.values()
    for name, title in part.items()
}
PATIENCE = 90.0  # seconds that a page may take on a machine that is busy


@contextmanager
def served(
    home: Home, log: Path, signed_in_as: str | None = None, now: str | None = None
) -> Iterator[str]:
    """Where a server shows a home, at a moment (by default its own clock's)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clock = {"MAINSTEM_NOW": now} if now else {}
    with log.open("wb") as out:
        server = subprocess.Popen(
            serve.command(home.path, port),
            env=serve.environment(home.path, signed_in_as) | clock,
            cwd=log.parent,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_it_answers(f"http://127.0.0.1:{port}/_stcore/health", log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_until_it_answers(url: str, log: Path) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.read() == b"ok":
                    return
        except OSError:  # it does not listen yet, or is busy
            time.sleep(0.2)
    raise TimeoutError(f"the dashboard did not answer: {log.read_text()}")


@contextmanager
def chromium(profile: Path) -> Iterator[Chrome]:
    """A Chromium with a new profile."""
    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={profile}")
    options.add_argument("--window-size=1440,1000")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = Chrome(options=options, service=Service(DRIVER))
    try:
        yield chrome
    finally:
        chrome.quit()


def texts(browser: Chrome, selector: str) -> list[str]:
    """The texts of what a selector finds."""
    return [it.text for it in browser.find_elements(By.CSS_SELECTOR, selector)]


def drawn(browser: Chrome, title: str) -> None:
    """Wait until the page of a title is drawn to the end."""
    done = "[data-test-script-state=notRunning]"
    WebDriverWait(browser, PATIENCE).until(
        lambda it: texts(it, "h1") == [title] and it.find_elements(By.CSS_SELECTOR, done)
    )
