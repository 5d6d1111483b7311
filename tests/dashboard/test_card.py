"""The report card says what the reports say, of what its reader may see; charts are pictures."""

import logging
from io import BytesIO
from pathlib import Path

import polars as pl
import pypdfium2
import pytest
from click.testing import CliRunner
from PIL import Image
from shown import opened, turned
from small_home import NOW

from dashboard import charts, picture, printed, serve, spoken
from pipelines.cli import cli
from pipelines.home import Home
from warehouse import card, report
from warehouse.scope import Scope

ARABIC = "صيدلية المركز"


@pytest.fixture(autouse=True)
def home(traded: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home that is shown, at NOW."""
    monkeypatch.setenv("MAINSTEM_HOME", str(traded.path))
    monkeypatch.setenv("MAINSTEM_NOW", NOW)
    return traded


def lines(file: bytes) -> list[str]:
    """The text of a card, line by line; it is one page."""
    (page,) = pypdfium2.PdfDocument(file)
    return page.get_textpage().get_text_range().splitlines()


def figures(told: list[str]) -> dict[str, str]:
    """What stands under each label."""
    return {label: told[told.index(label) + 1] for _, label, _ in printed.TILES}


def test_the_card_says_what_the_reports_say(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "country.pdf"
    done = CliRunner().invoke(cli, ["card", "--output", str(file)])
    assert done.exit_code == 0 and done.output == f"The card of All stores is in {file}.\n"
    told = lines(file.read_bytes())
    assert told[:2] == ["Mainstem · Report card", "All stores"]
    grades = dict(report.read(home.reports, "confidence")["grade"].value_counts().rows())
    said = ", ".join(f"{grades.get(it, 0)} {it}" for it in ("good", "fair", "poor", "none"))
    assert told[2] == f"Data of cycle 4, 2024-05-02 07:00 UTC · Confidence of stores: {said}"
    stock, expiring, orders, transfers = (
        report.read(home.reports, name)
        for name in ("stock-on-hand", "expiring", "orders", "transfers")
    )
    gone = pl.col("days_to_expiry") <= 0
    came = orders.select(pl.min_horizontal("supplied", "ordered").sum())["supplied"][0]
    waiting = transfers.filter(pl.col("received").is_null(), outcome="created")
    silent = report.read(home.reports, "sync-stores")["days_since_contact"].max()
    value = report.read(home.reports, "stock-value")["value"][-1]
    assert figures(told) == {
        "Stock value": f"{value:,.2f}",
        "Items in stock": f"{stock.filter(pl.col('quantity') > 0)['item_code'].n_unique()}",
        "Out of stock": f"{stock.filter(status='out').height}",
        "Under 3 months": f"{stock.filter(status='low').height}",
        "Above 6 months": f"{stock.filter(status='over').height}",
        "Expired value": f"{expiring.filter(gone)['value'].sum():,.2f}",
        "Expires in 180 days, value": f"{expiring.filter(~gone)['value'].sum():,.2f}",
        "Orders filled": f"{came / orders['ordered'].sum():.1%}",
        "Transfers in transit": f"{waiting.height}",
        "Transfers overdue": "1",
        "Transfers without partner": "1",
        "Days silent, the longest": f"{silent}",
    }
    soonest = told.index("Expired or expiring, the soonest first") + 2
    assert told[soonest] == "N1 =ORS sachet B1 2024-04-30 32.00"


def test_a_card_of_a_store_is_of_it_alone(home: Home) -> None:
    told = lines(printed.pdf(card.read(home.reports, "S1")))
    values = report.read(home.reports, "stock-value", report.Filters(stores=("S1",)))
    assert told[1] == "S1 · South clinic"
    assert figures(told)["Stock value"] == f"{values['value'][-1]:,.2f}"
    assert not [line for line in told if "S2" in line or "Lake" in line]


def test_the_card_of_a_supervisor_names_no_other_store(home: Home) -> None:
    told = lines(printed.pdf(card.read(home.reports, scope=Scope(stores=("N1",)))))
    assert told[1] == "All stores granted"
    words = {word for line in told for word in line.split()}
    assert "N1" in words and not words & {"S1", "S2", "South", "Lake"}
    values = report.read(home.reports, "stock-value", scope=Scope(stores=("N1",)))
    assert figures(told)["Stock value"] == f"{values['value'][-1]:,.2f}"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (["--store", "XX", "--output", "card.pdf"], "There is no store XX"),
        (["--output", "card.txt"], "name a file that ends in .pdf"),
    ],
)
def test_what_is_wrong_with_a_card_is_said(
    told: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["card", *told])
    assert said in str(done.exception) and not list(tmp_path.iterdir())


def test_names_of_every_script_are_written(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    known = card.read(home.reports)
    with caplog.at_level(logging.WARNING, "fpdf"):
        told = lines(printed.pdf(card.Card(**vars(known) | {"name": f"Ñŋ Ɛdé Жу Đường {ARABIC}"})))
    assert not caplog.records
    assert told[1].startswith("Ñŋ Ɛdé Жу Đường") and set(ARABIC) <= set(told[1])


def test_a_card_is_in_the_language_that_is_spoken(home: Home) -> None:
    known = card.read(home.reports)
    with spoken.speaking(spoken.locale_of("fr")):
        told = lines(printed.pdf(known))
    assert told[:2] == ["Mainstem · Fiche de synthèse", "Tous les magasins"]
    assert told[2].startswith("Données du cycle 4, 02/05/2024 07:00 UTC · Fiabilité des magasins")
    assert "Valeur du stock" in told and "Stock value" not in told
    assert "30/04/2024" in " ".join(told)
    with spoken.speaking(spoken.locale_of("ar")):
        arabic = lines(printed.pdf(known))
    assert not [it for it in arabic if "Stock" in it] and len(arabic) > 20


def test_a_viewer_is_offered_neither_card_nor_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened()
    assert [it.label for it in app.get("download_button")] == ["Report card", "PNG", "PNG"]
    monkeypatch.setenv(serve.OPEN, "viewer")
    assert not turned(app, "overview").get("download_button")


def test_a_chart_is_a_picture_that_says_what_it_shows() -> None:
    chart = charts.statuses({"out": 1, "low": 2})
    pictures = [picture.png(chart, "Status", [note]) for note in ("One store", ARABIC)]
    first, second = (Image.open(BytesIO(it)) for it in pictures)
    assert first.format == "PNG" and first.width > picture.WIDTH * picture.SCALE
    assert first.tobytes() != second.tobytes()


def test_a_picture_has_numbers_and_lines_as_the_language_does() -> None:
    counts = {"out": 1234, "low": 2}
    told = {}
    for code in ("en", "fr", "ar"):
        with spoken.speaking(spoken.locale_of(code)):
            told[code] = picture.png({**charts.statuses(counts)}, "1", ["2"])
    assert len(set(told.values())) == 3


def test_a_picture_fetches_nothing() -> None:
    chart = charts.statuses({"out": 1}) | {"data": {"url": "http://127.0.0.1:9/rows.csv"}}
    with pytest.raises(ValueError, match="not allowed"):
        picture.png(chart, "Status", [])
