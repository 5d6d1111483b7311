"""The dashboard in a real Chromium, served as `mainstem up` serves it."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import requests
from barriers import barriers
from browsing import BROWSER, EVERY, PATIENCE, chromium, drawn, served
from browsing import texts as _texts
from identity_provider import SECRET, configure, providing
from page_socket import page
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait
from small_home import NOW

from dashboard import access
from pipelines import output
from pipelines.admin import sessions, users
from pipelines.home import Home
from warehouse import report
from warehouse.scope import Scope

TITLES = {"stock": "Stock on hand", "": "Overview", "sync": "Sync"}
LINKS = (By.CSS_SELECTOR, "[data-testid=stPageLink] a")

pytestmark = BROWSER


@pytest.fixture(scope="module")
def address(made: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server shows the home to everybody; it ran no page before."""
    with served(made, tmp_path_factory.mktemp("served") / "log", "administrator", NOW) as url:
        yield url


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A Chromium with a new profile; it downloads into its folder `downloads`."""
    with chromium(tmp_path_factory.mktemp("chromium")) as chrome:
        yield chrome


def _show(browser: Chrome, address: str, page: str) -> None:
    """Open a page by its address and wait until it is drawn to the end."""
    browser.get_log("browser")
    browser.get(f"{address}/{page}")
    drawn(browser, EVERY[page])
    if page in TITLES:
        WebDriverWait(browser, PATIENCE).until(
            lambda it: it.find_elements(By.CSS_SELECTOR, "[data-testid=stDataFrame] canvas")
        )


# A page's own address is first taken for the server's: Streamlit's page asks for these two there.
EXPECTED = ("/_stcore/health", "/_stcore/host-config")


@pytest.mark.parametrize("page", list(EVERY))
def test_a_page_loads_by_its_address_without_errors_and_fetches_nothing_from_elsewhere(
    browser: Chrome, address: str, page: str
) -> None:
    _show(browser, address, page)
    expected = tuple(f"{address}/{page}{path} " for path in EXPECTED if page)
    log = browser.get_log("browser")
    assert not [
        it for it in log if it["level"] == "SEVERE" and not it["message"].startswith(expected)
    ]
    assert "Data of cycle 3, 2024-05-02 06:00 UTC" in _texts(
        browser, "[data-testid=stCaptionContainer]"
    )
    assert browser.title == f"{EVERY[page]} · Mainstem"
    fetched = browser.execute_script(
        "return performance.getEntriesByType('resource').map(it => it.name)"
    )
    assert fetched and not [it for it in fetched if not it.startswith((address, "data:"))]
    for scheme in ("light", "dark"):
        assert not barriers(browser, scheme), scheme


def test_the_system_value_is_the_reports(browser: Chrome, address: str, made: Home) -> None:
    _show(browser, address, "")
    value = report.read(made.reports, "stock-value")["value"][-1]
    assert f"{value:,.2f}" in _texts(browser, "[data-testid=stMetricValue]")


def test_the_overview_leads_to_the_stock_outs(browser: Chrome, address: str) -> None:
    _show(browser, address, "")
    WebDriverWait(browser, PATIENCE).until(
        lambda it: any("All stock-outs" in link.text for link in it.find_elements(*LINKS))
    )
    browser.find_elements(*LINKS)[0].click()
    WebDriverWait(browser, PATIENCE).until(
        lambda it: it.current_url == f"{address}/stock?status=out"
    )
    WebDriverWait(browser, PATIENCE).until(lambda it: _texts(it, "h1") == ["Stock on hand"])
    WebDriverWait(browser, PATIENCE).until(
        lambda it: any(
            text.startswith("1 row ·") for text in _texts(it, "[data-testid=stMarkdown]")
        )
    )


def test_a_language_holds_from_page_to_page_and_is_chosen_below_it(
    browser: Chrome, address: str
) -> None:
    def told() -> tuple[str, str, str]:
        """The title, the page's language and direction."""
        root = browser.find_element(By.CSS_SELECTOR, "html")
        title = _texts(browser, "h1")[:1]
        return (*title, root.get_attribute("lang"), root.get_attribute("dir"))

    def wait(*wanted: str) -> None:
        WebDriverWait(browser, PATIENCE, 0.5, [StaleElementReferenceException]).until(
            lambda it: (
                told() == wanted
                and it.find_elements(By.CSS_SELECTOR, "[data-test-script-state=notRunning]")
            )
        )

    browser.get(f"{address}/?lang=ar")
    wait("نظرة عامة", "ar", "rtl")
    number = "return new Intl.NumberFormat(navigator.languages).format(1234.5)"
    assert browser.execute_script(number) == "1,234.5"
    place = "return arguments[0].getBoundingClientRect().right"
    link = WebDriverWait(browser, PATIENCE).until(lambda it: it.find_elements(*LINKS))[0]
    title = browser.find_element(By.CSS_SELECTOR, "h1 span")
    middle = browser.execute_script("return innerWidth / 2")
    assert browser.execute_script(place, title) > middle
    browser.execute_script("arguments[0].click()", link)
    wait("المخزون المتوفر", "ar", "rtl")
    assert browser.current_url == f"{address}/stock?status=out&lang=ar"
    browser.find_element(By.CSS_SELECTOR, ".stSelectbox input").send_keys("Français", Keys.ENTER)
    wait("Stock disponible", "fr", "ltr")
    assert browser.current_url == f"{address}/stock?status=out&lang=fr"
    assert browser.execute_script(number) == "1\u202f234,5"
    assert browser.title == "Stock disponible · Mainstem"


def test_downloads_hold_the_rows_of_the_filters(
    browser: Chrome, address: str, made: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINSTEM_NOW", NOW)
    told = report.read(made.reports, "stock-on-hand", report.Filters(regions=("South",)))
    browser.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)}
    )
    _show(browser, address, "stock")
    browser.get(f"{address}/stock?region=South")
    WebDriverWait(browser, PATIENCE).until(
        lambda it: (
            any(
                text.startswith(f"{told.height} rows")
                for text in _texts(it, "[data-testid=stMarkdown]")
            )
            and it.find_elements(By.CSS_SELECTOR, "[data-test-script-state=notRunning]")
        )
    )
    files = [tmp_path / f"stock-on-hand-2024-05-02.{kind}" for kind in ("csv", "xlsx")]

    def have_come(it: Chrome) -> bool:
        """Whether all files are there; a click on a button that is being made anew does nothing."""
        buttons = it.find_elements(By.CSS_SELECTOR, "[data-testid=stDownloadButton] button")
        for file, button in zip(files, buttons, strict=True):
            if not file.exists():
                button.click()
        return all(file.exists() for file in files)

    errors = [StaleElementReferenceException, ValueError]
    WebDriverWait(browser, PATIENCE, 2, errors).until(have_come)
    csv, excel = files
    assert csv.read_bytes() == output.csv(told)
    sheet = openpyxl.load_workbook(excel).active
    assert sheet is not None
    about = [row[0] for row in sheet.iter_rows(max_row=3, values_only=True)]
    assert about == [
        "Stock on hand",
        "Mainstem, data of cycle 3, 2024-05-02 06:00 UTC",
        "Regions: South",
    ]
    assert list(sheet.iter_rows(min_row=6, values_only=True)) == told.rows()


def _own_files(address: str, home: Home) -> None:
    """A file is for the session that was offered it, whoever else is signed in and knows of it."""
    token = sessions.sign_in(home, "binta", "a pass phrase", "here") or ""
    other = sessions.sign_in(home, "binta", "a pass phrase", "here") or ""
    with page(address, token) as own, page(address, other) as else_:
        csv = own.downloads("stock")[0]
        assert else_.downloads("stock") and csv
        else_.ask(csv)
        else_.say(rerun_script={"page_name": "stock"})
        said = {it.WhichOneof("type") for it in else_.hear("script_finished")}
        assert "backend_operation_response" not in said
        file = own.made(csv)
        for who, status in ((token, 200), (other, 404), ("", 401)):
            cookies = {access.COOKIE: who}
            answer = requests.get(address + file, cookies=cookies, timeout=60)
            assert answer.status_code == status and (b"S1," in answer.content) == (status == 200)


def test_a_supervisor_signs_in_by_a_link_sees_its_stores_and_signs_out(
    browser: Chrome, own_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = Scope(regions=("South",))
    users.add(own_home, "binta", "supervisor", scope, "a pass phrase", "amina@example.org")
    monkeypatch.setenv("MAINSTEM_OIDC_SECRET", SECRET)
    with served(own_home, tmp_path / "log", now=NOW) as address:
        browser.get(f"{address}/stock?item=AMOX")
        assert browser.current_url.startswith(f"{address}/sign-in?")
        browser.find_element(By.ID, "name").send_keys("binta")
        browser.find_element(By.ID, "password").send_keys("a pass phrase")
        browser.find_element(By.CSS_SELECTOR, "button").click()
        WebDriverWait(browser, PATIENCE).until(
            lambda it: any(t.startswith("2 rows") for t in _texts(it, "[data-testid=stMarkdown]"))
        )
        assert browser.current_url == f"{address}/stock?item=AMOX"
        sees = "Signed in as binta, supervisor: sees region South."
        assert sees in _texts(browser, "[data-testid=stCaptionContainer]")
        _own_files(address, own_home)
        _show(browser, address, "")
        value = report.read(own_home.reports, "stock-value", scope=scope)["value"][-1]
        assert f"{value:,.2f}" in _texts(browser, "[data-testid=stMetricValue]")
        browser.find_element(By.CSS_SELECTOR, "form[action='/sign-out'] button").click()
        WebDriverWait(browser, PATIENCE).until(lambda it: it.current_url == f"{address}/sign-in")
        browser.get(f"{address}/stock")
        assert browser.current_url == f"{address}/sign-in?next=%2Fstock"
        with providing() as provider:
            configure(own_home, provider.url, address)
            browser.get(f"{address}/stock?item=AMOX")
            browser.find_element(By.LINK_TEXT, "Sign in with Health <ID>").click()
            assert browser.current_url.startswith(f"{provider.url}/authorize?")
            browser.find_element(By.CSS_SELECTOR, "button").click()
            WebDriverWait(browser, PATIENCE).until(
                lambda it: sees in _texts(it, "[data-testid=stCaptionContainer]")
            )
            assert browser.current_url == f"{address}/stock?item=AMOX"
