"""What of a page keeps people from using it, as axe finds it in the browser."""

import time
from importlib.resources import files

from selenium.webdriver import Chrome
from selenium.webdriver.support.wait import WebDriverWait

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(told => done(told.violations.flatMap(
    it => it.nodes.map(node => [it.impact, it.id, node.target.join(' '), node.failureSummary])
)));
"""
GRAVE = ("serious", "critical")
TRIES = 5
LUMINANCE = """
const told = getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor;
return Math.max(...told.match(/\\d+/g).slice(0, 3).map(Number));
"""


def paint(browser: Chrome, scheme: str) -> None:
    """Show the page that is open as a system with the colours `light` or `dark` does."""
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    WebDriverWait(browser, 30).until(
        lambda it: (it.execute_script(LUMINANCE) < 128) == (scheme == "dark")
    )


def barriers(browser: Chrome, scheme: str) -> list[list[str]]:
    """The serious and critical violations of the page that is open: impact, rule, where, why.

    What was drawn before fades for a moment, so it is looked at again before it is told.
    """
    paint(browser, scheme)
    browser.execute_script(AXE)
    for _ in range(TRIES):
        found = browser.execute_async_script(RUN)
        if not (grave := [it for it in found if it[0] in GRAVE]):
            break
        time.sleep(1)
    return grave
