"""The tour of the README in a real Chromium: what a person finds from the overview, by clicks."""

from collections.abc import Iterator

import pytest
from barriers import barriers, paint
from browsing import BROWSER, EVERY, PATIENCE, chromium, drawn, served
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from small_home import NOW

from pipelines.home import Home
from warehouse import report

Table = list[list[str]]
# The cells of each table, which its canvas holds for those who do not see it.
CELLS = """
return [...document.querySelectorAll('[data-testid=stDataFrame] canvas')]
    .map(it => [...it.querySelectorAll('tr')].map(
        row => [...row.children].map(cell => cell.textContent)))
    .filter(it => it.length);
"""
HEAD, ROW = 30, 30  # pixels
# Pages about one thing, and those that a small home leaves empty.
FULL = {
    "expiring": "expiring",
    "redistribution": "redistribution",
    "transfers": "transfers",
    "orders": "orders",
    "quarantine": "quarantine",
    "store?store=N1": "store",
    "item?item=AMOX": "item",
    "site?site=101": "site",
}

pytestmark = BROWSER


@pytest.fixture(scope="module")
def address(traded: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server shows a home in which something is on every page."""
    log = tmp_path_factory.mktemp("served") / "log"
    with served(traded, log, "administrator", NOW) as url:
        yield url


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A Chromium with a new profile."""
    with chromium(tmp_path_factory.mktemp("chromium")) as chrome:
        yield chrome


class Person:
    """Begins at the overview, clicks, and counts the clicks."""

    def __init__(self, browser: Chrome, address: str) -> None:
        self.browser, self.clicks = browser, 0
        paint_light_and_open(browser, address)

    def follow(self, label: str, title: str) -> None:
        """Click a link on the page, to the page of a title."""
        links = f"//*[@data-testid='stPageLink']//a[contains(., '{label}')]"
        WebDriverWait(self.browser, PATIENCE).until(lambda it: it.find_elements(By.XPATH, links))
        self.browser.find_element(By.XPATH, links).click()
        self.clicks += 1
        drawn(self.browser, title)

    def table(self, *columns: str) -> tuple[int, Table]:
        """The table that has these columns: its place on the page, and its rows."""

        def found(it: Chrome) -> tuple[int, Table] | None:
            for at, (head, *rows) in enumerate(it.execute_script(CELLS)):
                if set(columns) <= set(head) and rows:
                    places = [head.index(column) for column in columns]
                    return at, [[row[place] for place in places] for row in rows]
            return None

        return WebDriverWait(self.browser, PATIENCE).until(found)

    def pick_first(self, table: int) -> None:
        """Click the first cell of a table."""
        grid = self.browser.find_elements(By.CSS_SELECTOR, "[data-testid=stDataFrame]")[table]
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", grid)
        across, down = 40 - grid.size["width"] // 2, HEAD + ROW // 2 - grid.size["height"] // 2
        ActionChains(self.browser).move_to_element_with_offset(grid, across, down).click().perform()
        self.clicks += 1


def paint_light_and_open(browser: Chrome, address: str) -> None:
    """Open the overview."""
    browser.get(address)
    drawn(browser, "Overview")
    paint(browser, "light")


def test_three_searches_from_the_overview_take_three_clicks_at_most(
    browser: Chrome, address: str, traded: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINSTEM_NOW", NOW)
    expired = report.read(traded.reports, "expiring").filter(days_to_expiry=-2)
    assert expired["store_code"].to_list() == ["N1"]

    person = Person(browser, address)
    table, rows = person.table("Store", "Batches", "Value")
    assert rows == [["N1", "1", "32"]]
    person.pick_first(table)
    drawn(browser, "Store")
    assert browser.current_url == f"{address}/store?store=N1" and person.clicks == 1
    person = Person(browser, address)
    person.follow("All expired stock", "Expiring")
    _, rows = person.table("Store", "Value", "Days left")
    assert rows == [["N1", "32", "-2"]] and person.clicks == 1

    sites = report.read(traded.reports, "sync")
    silent = sites.filter(sites["status"].is_in(["alert", "never"]))["site"].to_list()
    person = Person(browser, address)
    person.follow("Silent over 30 days", "Sync")
    _, rows = person.table("Site", "Status")
    assert sorted(int(site) for site, _ in rows) == silent == [103, 104]
    assert {status for _, status in rows} == {"alert", "never"} and person.clicks == 1

    person = Person(browser, address)
    _, rows = person.table("From store", "To store", "Sent on")
    assert rows == [["N1", "S2", "2024-03-20"]] and person.clicks == 0
    person.follow("All overdue transfers", "Transfers")
    _, rows = person.table("From store", "To store", "Received")
    assert rows == [["N1", "S2", ""]] and person.clicks == 1


@pytest.mark.parametrize("page", list(FULL))
def test_a_full_page_keeps_nobody_out(browser: Chrome, address: str, page: str) -> None:
    browser.get(f"{address}/{page}")
    drawn(browser, EVERY[FULL[page]])
    for scheme in ("light", "dark"):
        assert not barriers(browser, scheme), scheme
