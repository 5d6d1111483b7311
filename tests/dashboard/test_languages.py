"""The dashboard speaks five languages: all that it says is a message, and each is translated."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import messages
import openpyxl
import polars as pl
import pytest
import streamlit as st
from babel.messages import Catalog
from google.protobuf.json_format import MessageToDict
from shown import figures, opened, turned
from small_home import NOW, run
from streamlit.testing.v1 import AppTest

from dashboard import faults, language, menu, spoken, words, written
from dashboard.language import n_
from pipelines import history, settings
from pipelines.admin import sessions
from pipelines.errors import MainstemError
from pipelines.home import Home, make
from quality.judge import Result, Verdict
from quality.suites import suites
from warehouse import report
from warehouse.filters import Filters

PAGES = [name for part in menu.PAGES.values() for name in part]


@pytest.fixture
def home(traded: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home that is shown, at NOW."""
    monkeypatch.setenv("MAINSTEM_HOME", str(traded.path))
    monkeypatch.setenv("MAINSTEM_NOW", NOW)
    return traded


@pytest.mark.parametrize("code", messages.CODES)
def test_a_catalogue_has_what_the_code_says(code: str) -> None:
    assert not messages.problems(code)


WRONG = """
msgid "empty"
msgstr ""

#, fuzzy
msgid "unsure"
msgstr "incertain"

msgid "of {place}"
msgstr "de {endroit}"

msgid "run `mainstem sync`, **now**"
msgstr "lancez mainstem sync, **maintenant**"

msgid "{count} row of {page}"
msgid_plural "{count} rows of {page}"
msgstr[0] "une ligne de {page}"
msgstr[1] "{count} lignes"

msgid "old"
msgstr "vieux"
"""


def test_what_is_wrong_with_a_catalogue_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Catalog()
    for id in ("empty", "unsure", "of {place}", "run `mainstem sync`, **now**", "new"):
        told.add(id)
    told.add(("{count} row of {page}", "{count} rows of {page}"))
    monkeypatch.setattr(messages, "template", lambda: told)
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    (tmp_path / "fr.po").write_bytes(messages._header("fr") + WRONG.encode())
    assert [it.split(": ")[0] for it in messages.problems("fr")] == [
        "not in the catalogue", "said no more", "not translated", "fuzzy",
        "has ['{endroit}'] and not ['{place}']",
        "has ['**'] and not ['**', '`mainstem sync`']",
        "has ['{count}'] and not ['{count}', '{page}']",
    ]  # fmt: skip
    messages.update("fr")
    left = {it.split(": ")[0] for it in messages.problems("fr")}
    assert not left & {"not in the catalogue", "said no more"}
    assert "vieux" not in (tmp_path / "fr.po").read_text(encoding="utf-8")


class Pseudo(NullTranslations):
    """A language whose messages are the English ones in brackets; it knows what was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.asked.add(msgid1)
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


SAID = ("label", "body", "help", "placeholder", "delta", "content", "text", "title")
LISTED = ("options", "domain", "sort")
# What is said in no language's words.
NAMES = {"Mainstem", "CSV", "Excel", "PNG", "UTC", "mainstem", "quarantine", "retry", "show"}
NAMES |= set(spoken.NAMES.values())


def said(told: Any) -> Iterator[str]:
    """The texts of an element, or of a part of one: what its fields of SAID hold."""
    parts = told.items() if isinstance(told, dict) else enumerate(told)
    for key, value in parts:
        if isinstance(value, str):
            if key in ("columns", "spec"):
                yield from said(json.loads(value))
            elif key in SAID:
                yield re.sub(r"<(script|style).*?</\1>|<.*?>|\]\(.*?\)", "", value, flags=re.DOTALL)
        elif isinstance(value, dict | list):
            if key == "tooltip":
                assert all("title" in each for each in value)
            if key in LISTED:
                yield from (each for each in value if isinstance(each, str))
            yield from said(value)


def seen(app: AppTest) -> Iterator[str]:
    """All that a page says: its elements' texts, what tables and charts have in words."""
    for node in app.main:
        if node.proto is None:
            continue
        yield from said(MessageToDict(node.proto))
        if node.type == "arrow_data_frame":
            shown = node.proto.column_order or list(node.value.columns)
            config = json.loads(node.proto.columns)
            yield from (name for name in shown if not config.get(name, {}).get("label"))
            for name in set(words.COLUMNS) & set(node.value.columns):
                yield from map(str, node.value[name].unique())
        if node.type == "vega_lite_chart":
            drawn = pl.read_ipc_stream(node.proto.data.data or node.proto.datasets[0].data.data)
            for column in drawn.iter_columns():
                if column.dtype == pl.String:
                    yield from column.unique()


def data(home: Home) -> set[str]:
    """The texts that the reports hold: what nobody translates."""
    found: set[str] = set()
    with duckdb.connect(str(home.reports), read_only=True) as con:
        tables = con.execute(
            "select table_schema, table_name, column_name from information_schema.columns "
            "where data_type = 'VARCHAR'"
        ).fetchall()
        for schema, table, column in tables:
            query = f'select distinct "{column}" from "{schema}"."{table}"'
            found |= {value for (value,) in con.execute(query).fetchall() if value}
    return found


def unsaid(text: str, known: list[str]) -> str:
    """What of a text is neither in brackets nor data."""
    while text != (text := re.sub(r"⟦[^⟦⟧]*⟧", "", text)):
        pass
    for value in known:
        text = text.replace(value, "")
    return " ".join(re.findall(r"[^\W\d_]{2,}", text))


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Pseudo:
    """The pseudo-language, spoken instead of English."""
    told = Pseudo()
    monkeypatch.setattr(language, "catalogue", lambda code: told)
    return told


def untranslated(app: AppTest, known: list[str]) -> set[str]:
    """What a page says in plain English."""
    return {text for text in seen(app) if unsaid(text, known)}


def test_all_that_pages_say_is_a_message(home: Home, pseudo: Pseudo) -> None:
    known = sorted(data(home) | NAMES, key=len, reverse=True)
    app = opened()
    wrong = {}
    told: dict[str, dict[str, str]] = {
        "store": {"store": "N1"}, "item": {"item": "AMOX"}, "site": {"site": "101"}
    }  # fmt: skip
    shown = [(page, told.get(page, {})) for page in PAGES]
    shown += [("consumption", {"show": view}) for view in ("By level", "Years", "Stores")]
    shown += [("batches", {"as-of": "2024-05-01"}), ("batches", {"known-on": "2024-05-01"})]
    for page, filters in shown:
        turned(app, page, **filters)
        if left := untranslated(app, known):
            wrong[page] = left
    assert not wrong
    titles = {text for part, told in menu.PAGES.items() for text in (part, *told.values())}
    assert titles - {""} <= pseudo.asked
    templated = {messages._key(message) for message in messages.template() if message.id}
    assert not pseudo.asked - templated


def test_what_suites_say_and_where_runs_lead_is_a_message(
    own_home: Home, pseudo: Pseudo, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = suites()[0]
    broken = Result(suite.expectations[0], False, 3, [{"store_code": "S1"}])
    told = (suite, Verdict(suite, 12, (broken, Result(suite.expectations[1], True, 0, []))))
    history._keep(own_home, 4, "2024-05-02T07:00:00Z", [told])
    history.keep_run(own_home, 2, "a-run")
    monkeypatch.setenv("MAINSTEM_DAGSTER_URL", "http://127.0.0.1:3000/")
    known = sorted(data(own_home) | NAMES | {suite.name, "store_code"}, key=len, reverse=True)
    app = opened("quality")
    assert app.expander and not untranslated(app, known)
    assert not untranslated(turned(app, "runs"), known)
    templated = {messages._key(message) for message in messages.template() if message.id}
    assert not pseudo.asked - templated


def test_what_pages_say_of_nothing_and_of_mistakes_is_a_message(
    tmp_path: Path, pseudo: Pseudo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINSTEM_NOW", NOW)
    monkeypatch.setenv("MAINSTEM_HOME", str(tmp_path))
    known = [str(tmp_path), *NAMES, "sync", "add", "site", "X9", "Nothing"]
    assert not untranslated(opened(), known)
    empty = make(tmp_path / "home")
    monkeypatch.setenv("MAINSTEM_HOME", str(empty.path))
    run(empty, NOW)
    app = opened()
    for page in PAGES:
        told = {"show": "Nothing", "region": "X9", "store": "X9", "item": "X9", "site": "9"}
        turned(app, page, **told, from_="2024-05-02", to="2024-05-01")
        assert not untranslated(app, known), page
        turned(app, page, within="7")
        assert not untranslated(app, known), page
    templated = {messages._key(message) for message in messages.template() if message.id}
    assert not pseudo.asked - templated


def test_numbers_days_and_plurals_are_written_as_a_language_does() -> None:
    def all_of(tag: str) -> tuple[str, ...]:
        with spoken.speaking(spoken.locale_of(tag[:2], tag)):
            return (
                written.number(1234567.5, "{:,.2f}"), written.number(0.125, "{:.1%}"),
                written.day(date(2024, 5, 2)), written.moment(datetime(2024, 5, 2, 6, tzinfo=UTC)),
                written.month("2024-05"), written.month("05"),
                *(n_("{count} row", "{count} rows", count) for count in (0, 1, 2, 3, 1100)),
            )  # fmt: skip

    assert all_of("en-GB") == (
        "1,234,567.50", "12.5%", "2024-05-02", "2024-05-02 06:00 UTC", "2024-05", "05",
        "0 rows", "1 row", "2 rows", "3 rows", "1,100 rows",
    )  # fmt: skip
    assert all_of("fr-CI") == (
        "1\u202f234\u202f567,50", "12,5\xa0%", "02/05/2024", "02/05/2024 06:00 UTC",
        "mai 2024", "mai", "0 ligne", "1 ligne", "2 lignes", "3 lignes", "1\u202f100 lignes",
    )  # fmt: skip
    assert all_of("ar") == (
        "1,234,567.50", "12.5%", "02/05/2024", "02/05/2024 06:00 UTC", "مايو 2024", "مايو",
        "0 صف", "صف واحد", "صفان", "3 صفوف", "1,100 صف",
    )  # fmt: skip
    assert all_of("pt-BR")[0] == all_of("es")[0] == "1.234.567,50"
    assert all_of("es-MX")[0] == "1,234,567.50" and all_of("pt-XX")[0].endswith("567,50")


def test_what_is_wrong_with_reports_is_said_in_the_language(home: Home, tmp_path: Path) -> None:
    heard = []
    for path, filters in (
        (tmp_path / "reports.duckdb", None),
        (home.toml, None),
        (home.reports, Filters(stores=("X9",))),
    ):
        with pytest.raises(MainstemError) as error, report.opened(path, filters):
            pass
        with spoken.speaking(spoken.locale_of("pt")):
            heard.append(faults.said(error.value))
    assert heard == [
        f"Ainda não há relatórios em {tmp_path}. Execute primeiro “mainstem sync”.",
        f"Não é possível ler {home.toml}. Execute “mainstem sync” para o publicar.",
        "armazém: X9 não existe. O mais parecido: X1, N1, S1.",
    ]
    assert faults.said(MainstemError("Something else.")) == "Something else."


def test_every_language_that_settings_take_is_spoken(tmp_path: Path) -> None:
    assert tuple(spoken.NAMES) == settings.LANGUAGES == tuple(spoken.LOCALES)
    assert {path.stem for path in language.FOLDER.iterdir()} == {*messages.CODES}
    toml = tmp_path / "mainstem.toml"
    toml.write_text('[preferences]\nlanguage = "pt"\n')
    assert settings.load(toml).language == "pt"
    toml.write_text('[preferences]\nlanguage = "de"\n')
    with pytest.raises(MainstemError, match="must be one of en, fr, pt, es, ar"):
        settings.load(toml)


def title(app: AppTest) -> str:
    """The title of the page."""
    return str(app.title[0].value)


def test_a_language_is_the_addresss_the_sessions_the_browsers_or_the_homes(
    own_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants: list[str | None] = ["de-DE"]
    monkeypatch.setattr(type(st.context), "locale", property(lambda self: wants[0]))
    text = own_home.toml.read_text(encoding="utf-8")
    own_home.toml.write_text(text.replace('language = "en"', 'language = "pt"'), encoding="utf-8")
    app = opened("stock")
    assert title(app) == "Stock existente" and app.query_params == {}
    wants[0] = "fr-CI"
    assert title(turned(app, "stock")) == "Stock disponible" and app.query_params == {}
    assert title(turned(app, "stock", lang="es", region="South")) == "Existencias"
    assert title(turned(app, "sync")) == "Sincronización" and app.query_params == {"lang": "es"}
    kept = turned(app, "value").query_params
    assert kept == {"lang": "es", "region": "South"}, "a language is no filter"
    app.selectbox(key="language:widget").select("ar").run()
    assert title(app) == "القيمة" and app.query_params == kept | {"lang": "ar"}
    assert title(turned(app, "value", lang="xx")) == "القيمة" and app.query_params["lang"] == "ar"
    own_home.toml.write_text("nonsense", encoding="utf-8")
    assert title(opened("stock")) == "Stock disponible"
    wants[0] = None
    assert title(opened("stock")) == "Stock on hand"


def test_a_file_is_headed_in_the_language_its_columns_and_the_trail_are_not(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[Any] = []
    noted: list[str] = []
    monkeypatch.setattr(st, "download_button", lambda label, data, *_, **__: offered.append(data))
    monkeypatch.setattr(sessions, "note", lambda *told: noted.append(told[-1]))
    told = {"lang": "fr", "status": "no_use", "region": "South"}
    turned(opened(), "stock", **told)
    csv, excel = (data() for data in offered[-2:])
    sheet = openpyxl.load_workbook(BytesIO(excel)).active
    assert sheet is not None
    lines = [row[0] for row in sheet.iter_rows(max_row=6, values_only=True)]
    assert lines[:4] == [
        "Stock disponible", "Mainstem, données du cycle 4, 02/05/2024 07:00 UTC", "Régions: South",
        "Statuts: sans consommation",
    ]  # fmt: skip
    assert lines[5] == "store_code" and csv.startswith(b"store_code,") and b",no_use" in csv
    assert noted[0] == "stock-on-hand-2024-05-02.csv, Regions South, Statuses no_use"


def test_tables_and_charts_are_in_the_language(home: Home) -> None:
    app = turned(opened(), "expiring", lang="ar")
    table = app.dataframe[0]
    columns = json.loads(table.proto.columns)
    assert columns["expiry_date"]["label"] == "انتهاء الصلاحية"
    assert columns["expiry_date"]["type_config"]["format"] == "DD/MM/YYYY"
    assert table.proto.column_order[-2:] == ["store_code", "note"]
    assert not columns["store_code"]["pinned"]
    assert "منتهي الصلاحية" in list(table.value["note"])
    assert figures(app)["التشغيلات"] == "3"
    app = turned(opened(), "consumption", lang="fr")
    chart = app.get("vega_lite_chart")[0]
    drawn = pl.read_ipc_stream(chart.proto.data.data)
    assert drawn["month"][0] == "févr. 2024" and drawn["kind"][0] == "unités consommées"
    assert json.loads(chart.proto.spec)["config"]["locale"]["number"]["decimal"] == ","
