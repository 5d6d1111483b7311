"""The pages of reports show what the same report says, under the filters that it takes."""

import json
import shutil
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pytest
from shown import APP, figures, opened, turned
from small_home import NOW, held, run, send
from streamlit.testing.v1 import AppTest

from dashboard import answers, columns, declared, export, marks, menu, queries, show, tables
from dashboard.narrow import MORE, OFTEN
from pipelines.home import Home, make
from warehouse import report
from warehouse.catalogue import REPORTS

# A page, the report that its first view shows.
PAGES = {
    "batches": "stock-by-batch",
    "ledger": "stock-history",
    "stock_outs": "stock-outs",
    "expiring": "expiring",
    "redistribution": "redistribution",
    "consumption": "consumption",
    "transfers": "transfers",
    "orders": "orders",
    "confidence": "confidence",
}


@pytest.fixture
def home(traded: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home that is shown, at NOW."""
    monkeypatch.setenv("MAINSTEM_HOME", str(traded.path))
    monkeypatch.setenv("MAINSTEM_NOW", NOW)
    return traded


def rows(page: Any) -> pl.DataFrame:
    """The rows of the page's table."""
    return pl.from_pandas(page.dataframe[0].value).drop("note", strict=False)


def plain(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Rows as the CSV has them, words' spaces and days' zero hours apart."""
    told = json.loads(frame.write_json())
    return [
        tuple(
            value.replace("_", " ").removesuffix(" 00:00:00").replace("T00:00:00.000000", "")
            if isinstance(value, str)
            else value
            for value in row.values()
        )
        for row in told
    ]


@pytest.mark.parametrize("page", list(PAGES))
def test_a_page_shows_the_report(home: Home, page: str) -> None:
    told = report.read(home.reports, PAGES[page])
    assert told.height
    app = opened(page)
    assert plain(rows(app)) == plain(export.typed(told))
    assert f"{told.height} row{'s' * (told.height > 1)}" in [it.value for it in app.markdown]
    assert "Data of cycle 4, 2024-05-02 07:00 UTC" in [it.value for it in app.caption]
    offered = [it.label for it in app.get("download_button")]
    assert offered == ["PNG"] * len(app.get("vega_lite_chart")) + ["CSV", "Excel"]


def test_every_report_has_a_page_its_columns_a_name(home: Home) -> None:
    views = {name for part in menu.PAGES.values() for name in part}
    assert views == {path.stem for path in (APP.parent / "views").glob("*.py")}
    for name in PAGES.values():
        told = report.read(home.reports, name)
        for column, look in columns.of(name, told.columns).items():
            kind = look["type_config"]["type"]
            assert (kind == "number") == told[column].dtype.is_numeric(), (name, column)
            assert (kind == "date") == (told[column].dtype == pl.Date), (name, column)
        assert set(REPORTS[name].takes) <= set(OFTEN | MORE)


def test_the_readme_lists_the_pages_as_the_menu_does() -> None:
    readme = (APP.parents[1] / "README.md").read_text(encoding="utf-8")
    table = readme.split("### On the dashboard")[1].split("## Where things are")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("|")][2:]
    told = [(part, title) for part, pages in menu.PAGES.items() for title in pages.values()]
    part, listed = "", []
    for first, title in rows:
        part = first.strip() or part
        listed.append((part, title.strip()))
    assert listed == told


def test_every_page_of_a_home_without_stores_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = make(tmp_path / "home")
    run(empty, NOW)
    monkeypatch.setenv("MAINSTEM_HOME", str(empty.path))
    monkeypatch.setenv("MAINSTEM_NOW", NOW)
    app = opened()
    for page in [name for part in menu.PAGES.values() for name in part]:
        turned(app, page)
        assert not app.error
        assert bool(app.info) == (page not in ("overview", "runs")), page


def cell(value: Any) -> Any:
    """A value as a sheet gives it back: days as their midnight, times in UTC, no empty texts."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return (
        datetime.combine(value, time())
        if isinstance(value, date)
        else None
        if value == ""
        else value
    )


@pytest.mark.parametrize("name", list(PAGES.values()))
def test_excel_holds_every_row_of_a_report(home: Home, name: str) -> None:
    told = export.typed(report.read(home.reports, name))
    book = openpyxl.load_workbook(BytesIO(export.excel(told, name, [])))
    (sheet,) = book.worksheets
    assert list(sheet.iter_rows(min_row=4, values_only=True)) == [
        tuple(cell(value) for value in row) for row in told.rows()
    ]


@pytest.mark.parametrize(
    ("page", "told", "filters", "left"),
    [
        ("batches", {"store": "S1"}, {"stores": ("S1",)}, 2),
        (
            "ledger",
            {"from_": "2024-03-01", "to": "2024-03-31", "store": "N1"},
            {"start": date(2024, 3, 1), "end": date(2024, 3, 31), "stores": ("N1",)},
            2,
        ),
        ("stock_outs", {"to": "2024-03-14"}, {"end": date(2024, 3, 14)}, 0),
        ("expiring", {"within": "30"}, {"within": 30}, 1),
        ("expiring", {"item": ["PARA", "ORS"]}, {"items": ("PARA", "ORS")}, 2),
        ("redistribution", {"store": "S1"}, {"stores": ("S1",)}, 0),
        ("consumption", {"region": "South"}, {"regions": ("South",)}, 2),
        (
            "consumption",
            {"from_": "2024-03-01", "to": "2024-04-30", "item": "AMOX"},
            {"start": date(2024, 3, 1), "end": date(2024, 4, 30), "items": ("AMOX",)},
            3,
        ),
        ("transfers", {"store": "S1"}, {"stores": ("S1",)}, 1),
        ("orders", {"from_": "2024-02-02"}, {"start": date(2024, 2, 2)}, 0),
        ("confidence", {"region": ["South", "North"]}, {"regions": ("South", "North")}, 3),
        ("ledger", {"level": "Clinic"}, {"levels": ("Clinic",)}, 4),
        ("expiring", {"category": "Pills, tablets"}, {"categories": ("Pills, tablets",)}, 2),
        ("transfers", {"district": "Valley"}, {"districts": ("Valley",)}, 1),
        ("consumption", {"site": "103"}, {"sites": (103,)}, 1),
        ("batches", {"as-of": "2024-03-31"}, {"as_of": date(2024, 3, 31)}, 3),
    ],
)
def test_a_page_takes_the_filters_of_its_report_from_the_link(
    home: Home, page: str, told: dict[str, Any], filters: dict[str, Any], left: int
) -> None:
    whole = report.read(home.reports, PAGES[page], report.Filters(**filters))
    assert whole.height == left
    app = opened(page, **told)
    if not left:
        assert not app.dataframe and len(app.info) == 1
    else:
        assert plain(rows(app)) == plain(export.typed(whole))


@pytest.mark.parametrize(
    ("page", "show", "column", "left"),
    [
        ("batches", "Below zero", "store_code", []),
        ("batches", "Without expiry", "store_code", ["S1", "S1", "S2"]),
        ("ledger", "Below zero", "store_code", []),
        ("stock_outs", "Out now", "item_code", []),
        ("stock_outs", "At risk", "store_code", ["N1", "S2"]),
        ("expiring", "Expired", "item_code", ["ORS"]),
        ("expiring", "Will be left", "item_code", ["PARA", "AMOX"]),
        ("transfers", "In transit", "to_store", ["S2", "S1"]),
        ("transfers", "Overdue", "to_store", ["S2"]),
        ("transfers", "Without partner", "to_store", ["X1"]),
        ("orders", "Open", "ordered", [100]),
        ("orders", "Short", "ordered", []),
        ("confidence", "Not good", "store_code", ["S1", "S2", "X1"]),
    ],
)
def test_a_view_shows_part_of_the_report(
    home: Home, page: str, show: str, column: str, left: list[Any]
) -> None:
    app = opened(page, show=show)
    assert (list(app.dataframe[0].value[column]) if app.dataframe else []) == left
    assert bool(app.info) == (not left)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("batches", "Batches 6 · Units 9,198 · Value 2,319.80 · Without expiry 3 · Below zero 0"),
        ("value", "Value 2,319.80 · Stores 4 · Without stock 1 · Below zero 0"),
        ("ledger", "Months 4 · Received 10,310 · Issued 550 · Adjusted +0"),
        ("stock_outs", "Spells 1 · Not over 1 · Stores 1 · Days 49 · Longest 49"),
        ("expiring", "Batches 3 · Expired 1 · Expired value 32.00 · Value at risk 2,225.84"),
        (
            "redistribution",
            "Suggestions 1 · Value 7.50 · Stores helped 1 · Givers 1 · Distance —",
        ),
        ("consumption", "Units used 550 · Months 4 · Stores 3 · Items 2"),
        ("transfers", "Transfers 3 · In transit 2 · Overdue 1 · Without partner 1 · Days —"),
        (
            "orders",
            "Lines 2 · Open 1 · Filled by quantity 60.0% · Filled by line 70.0% · Lead time —",
        ),
        ("confidence", "Good 1 · Fair 1 · Poor 1 · None 1"),
    ],
)
def test_the_figures_of_a_page_are_of_its_report(home: Home, page: str, told: str) -> None:
    shown = figures(opened(page))
    assert " · ".join(f"{label} {value}" for label, value in shown.items()) == told


def test_a_chart_adds_up_what_is_shown(home: Home) -> None:
    months, items = (
        pl.read_ipc_stream(chart.proto.data.data)
        for chart in opened("consumption").get("vega_lite_chart")
    )
    used = months.select("month", "units").rows()
    assert used == [("2024-02", 45), ("2024-03", 60), ("2024-04", 425), ("2024-05", 20)]
    assert items.rows() == [("AMOX · Amoxicillin 250mg", 500), ("PARA · Paracetamol 500mg", 50)]


def test_filters_are_kept_from_page_to_page(home: Home) -> None:
    app = opened("stock", region="South", item="AMOX", status="low")
    turned(app, "consumption")
    assert app.query_params == {"region": "South", "item": "AMOX"}
    assert set(rows(app)["store_code"]) == {"S1", "S2"}
    app.date_input(key="day:to").set_value(date(2024, 3, 31)).run()
    assert set(rows(app)["store_code"]) == {"S2"}
    # A page shows those that it takes in its address, and the others are not lost on it.
    turned(app, "confidence")
    assert app.query_params == {"region": "South"}
    turned(app, "overview")
    assert not app.query_params
    turned(app, "consumption")
    assert app.query_params == {"region": "South", "item": "AMOX", "to": "2024-03-31"}
    assert set(rows(app)["store_code"]) == {"S2"}


def test_a_filter_taken_away_stays_away_and_a_link_says_all(home: Home) -> None:
    app = opened("consumption", region="South")
    app.multiselect(key="region").unselect("South").run()
    turned(app, "stock")
    assert not app.query_params and len(app.dataframe[0].value) == 6
    app = opened("consumption", region="South")
    turned(app, "stock", item="PARA")
    assert app.query_params == {"item": "PARA"} and len(app.dataframe[0].value) == 1


def test_what_is_shown_and_how_far_ahead_go_into_the_address(home: Home) -> None:
    app = opened("expiring")
    app.selectbox(key="one:within").select("90").run()
    app.segmented_control(key="one:show").select("Expired").run()
    assert app.query_params == {"within": "90", "show": "Expired"}
    assert app.segmented_control(key="one:show").proto.required  # it cannot be left empty
    app.selectbox(key="one:within").select("180").run()
    app.segmented_control(key="one:show").select("All").run()
    assert app.query_params == {}


def test_what_the_address_asks_and_nothing_has_is_told(home: Home) -> None:
    app = opened("stock_outs", show="Nothing", from_="2024-02-31", store="X9")
    assert [it.value for it in app.warning] == [
        "There is no show Nothing: Spells is shown.",
        "There is no store X9: it is left out of the filter.",
        "There is no day 2024-02-31: from is left out of the filter.",
    ]
    assert len(app.dataframe[0].value) == 1
    backwards = opened("stock_outs", from_="2024-03-02", to="2024-03-01")
    assert not backwards.dataframe and "2024-03-02, after its end" in backwards.error[0].value


def test_what_the_address_says_is_shown_as_it_is(home: Home) -> None:
    told = "![x](https://else.where/p) *a*"
    (warning,) = opened("stock", store=told).warning
    assert "![" not in warning.value and "\\!\\[x\\]\\(https\\:" in warning.value


def test_an_excel_file_may_be_of_a_name_with_any_sign(home: Home) -> None:
    rows = pl.DataFrame({"a": [1]})
    book = openpyxl.load_workbook(BytesIO(export.excel(rows, "'AMX · 250mg/5ml: [a]*?\\, all", [])))
    assert book.sheetnames == ["AMX · 250mg 5ml   a    , all"]


def test_a_page_without_rows_says_why(home: Home) -> None:
    assert opened("orders", show="Short").info[0].value == (
        "Every order that was supplied was filled."
    )
    assert opened("transfers", show="Overdue", store="S1").info[0].value == (
        "No transfer is overdue. Remove a filter to see more."
    )


def test_a_table_shows_the_first_rows_and_says_so(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "SHOWN", 2)
    app = opened("consumption")
    assert len(app.dataframe[0].value) == 2 and figures(app)["Units used"] == "550"
    assert "6 rows · the first 2 are shown, downloads hold all" in [it.value for it in app.markdown]
    view = declared.View("All", "consumption", "")
    assert answers.rows(view, report.Filters()).equals(report.read(home.reports, "consumption"))


def test_excel_has_real_days(home: Home) -> None:
    told = report.read(home.reports, "transfers")
    sheet = openpyxl.load_workbook(BytesIO(export.excel(told, "Transfers", []))).active
    assert sheet is not None
    cell = sheet.cell(4, told.columns.index("initiated") + 1)
    assert (cell.value, cell.number_format) == (datetime(2024, 3, 20), "yyyy-mm-dd")


def headings(page: Any) -> list[str]:
    return [it.value for it in page.subheader]


def test_value_is_by_store_and_its_total_is_the_reports(home: Home) -> None:
    told = report.read(home.reports, "stock-value")
    app = opened("value")
    assert plain(rows(app)) == plain(told[:-1])
    assert figures(app)["Value"] == f"{told['value'][-1]:,.2f}"
    stores, regions = (
        pl.read_ipc_stream(chart.proto.data.data) for chart in app.get("vega_lite_chart")
    )
    assert stores["value"].sum() == pytest.approx(told["value"][-1])
    assert dict(regions.rows()) == {
        "North": pytest.approx(told["value"][0]), "South": pytest.approx(told["value"][1:3].sum()),
    }  # fmt: skip


def test_the_ledgers_charts_add_up_what_is_shown(home: Home) -> None:
    told = report.read(home.reports, "stock-history", report.Filters(stores=("N1",)))
    moved_, left = (
        pl.read_ipc_stream(chart.proto.data.data)
        for chart in opened("ledger", store="N1").get("vega_lite_chart")
    )
    sums = dict(moved_.group_by("kind").agg(pl.col("units").sum()).rows())
    assert sums == {"received": told["received"].sum(), "issued": -told["issued"].sum()}
    last = told.filter(month=told["month"].max())["closing"].sum()
    assert left["units"][-1] == last


def drawn(app: AppTest) -> list[pl.DataFrame]:
    """The values of the page's charts."""
    return [pl.read_ipc_stream(it.proto.data.data) for it in app.get("vega_lite_chart")]


def test_consumption_is_told_by_level_by_year_and_by_store(home: Home) -> None:
    told = report.read(home.reports, "consumption")
    by_level, levels = drawn(opened("consumption", show="By level"))
    of_store = {"N1": "Hospital", "S2": "Hospital", "S1": "Clinic"}
    sums: dict[tuple[str, str], float] = {}
    for month, store, _, quantity in told.rows():
        key = (month, of_store[store])
        sums[key] = sums.get(key, 0) + quantity
    assert {(month, kind): units for month, kind, units in by_level.rows()} == sums
    assert levels["value"].sum() == told["quantity"].sum()
    app = opened("consumption", show="Years")
    season, years = drawn(app)
    assert years.rows() == [("2024", told["quantity"].sum())]
    by_month = told.group_by(pl.col("month").str.slice(5)).agg(pl.sum("quantity")).sort("month")
    assert season.select("month", "units").rows() == by_month.rows()
    assert set(season["kind"]) == {"2024"}
    assert figures(app) == {
        "Last twelve months": f"{told['quantity'].sum():,.0f}",
        "The twelve before": "—", "Change": "—",
    }  # fmt: skip
    by_store, stores = drawn(opened("consumption", show="Stores", item="AMOX"))
    amox = told.filter(item_code="AMOX")
    assert (
        by_store.rows()
        == amox.select("month", "store_code", "quantity").sort("month", "store_code").rows()
    )
    assert stores["value"].sum() == amox["quantity"].sum() and stores.height == 3


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("expiring", ["expired", "will be left", "will be left"]),
        ("orders", ["", ""]),
        ("transfers", ["overdue", "", "no partner"]),
    ],
)
def test_rows_that_need_somebody_have_a_word_and_its_colour(
    home: Home, page: str, words: list[str]
) -> None:
    assert list(opened(page).dataframe[0].value["note"]) == words


def test_an_order_is_short_when_it_was_supplied_and_not_all_of_it_came() -> None:
    view = declared.View("All", "orders", "", marks=marks.ORDERS)
    lines = "(values (5, 0.5), (null, 0.5), (5, 1)) as shown (days, fill_rate)"
    with duckdb.connect() as con:
        told = con.execute(f"select {view.columns} from {lines}").fetchall()
    assert [note for note, *_ in told] == ["short", "", ""]


def test_the_colour_of_a_row_is_its_word() -> None:
    rows = pl.DataFrame({"note": ["overdue", "no partner", ""], "number": [1, 2, 3]})
    styles = tables.coloured(rows, "note")._compute().ctx
    told = {at: {name for name, _ in style} for at, style in styles.items()}
    assert told[0, 0] == {"background-color", "color"} and (2, 1) not in told
    assert styles[0, 1] != styles[1, 1]


def test_a_store_has_a_page(home: Home) -> None:
    app = opened("store", store="N1")
    stock = report.read(home.reports, "stock-on-hand", report.Filters(stores=("N1",)))
    assert figures(app) == {
        "Value": f"{stock['value'].sum():,.2f}", "Items in stock": "3", "Out": "0",
        "Low": str(stock.filter(status="low").height),
        "Over": str(stock.filter(status="over").height),
    }  # fmt: skip
    assert headings(app) == [
        "N1 · North hospital", "How far it is known", "Out or low", "Stock", "Expiring",
        "On the way", "Use",
    ]  # fmt: skip
    shown = [pl.from_pandas(it.value) for it in app.dataframe]
    assert shown[2].select("item_code", "quantity").rows() == [
        (code, quantity) for code, quantity in stock.select("item_code", "quantity").rows()
    ]
    assert set(shown[4]["to_store"]) == {"S1", "S2"}
    offered = [it.label for it in app.get("download_button")]
    assert offered == ["Report card"] + ["CSV", "Excel"] * len(shown)


def test_an_item_has_a_page(home: Home) -> None:
    app = opened("item", item="AMOX")
    stock = report.read(home.reports, "stock-on-hand", report.Filters(items=("AMOX",)))
    units, amc = stock["quantity"].sum(), stock["amc"].sum()
    assert figures(app) == {
        "Units": f"{units:,.0f}", "Value": f"{stock['value'].sum():,.2f}",
        "Used a month": f"{amc:,.1f}", "Months of stock": f"{units / amc:,.1f}",
        "Stores out": "0",
    }  # fmt: skip
    assert headings(app) == [
        "AMOX · Amoxicillin 250mg", "Stores", "Could be given", "Expiring", "Without stock", "Use",
    ]  # fmt: skip
    assert "No store that had it was ever without." in [it.value for it in app.caption]
    assert set(app.dataframe[0].value["store_code"]) == {"N1", "S1", "S2"}


@pytest.mark.parametrize(("page", "ask"), [("store", "Choose a store"), ("item", "Choose an item")])
def test_a_page_about_one_begins_with_a_choice(home: Home, page: str, ask: str) -> None:
    app = opened(page)
    assert app.info[0].value == f"{ask}, or follow a link to one." and not app.metric
    code = {"store": "S1", "item": "ORS"}[page]
    app.selectbox(key=f"one:{page}").select(code).run()
    assert app.query_params == {page: code} and headings(app)[0].startswith(f"{code} · ")
    turned(app, "stock")
    assert app.query_params == {page: code}, "it is kept as the filters are"
    told = opened(page, **{page: "X9"})
    assert told.warning[0].value == f"There is no {page} X9." and not told.metric


def test_the_map_has_the_stores_whose_place_is_known(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened("map")
    assert app.info[0].value.startswith("No store's place is known")
    assert figures(app) == {"Stores": "3", "Out of something": "0", "Items out": "0"}
    placed = Home(shutil.copytree(home.path, tmp_path / "home"))
    places = {"N1": (9.5, -5.6), "S1": (7.4, -7.5), "S2": (95, 0)}
    send(placed, 1, "0003", [
        ("name", {"ID": f"NAME{code}", "name": code, "code": code, "type": "store",
                  "custom_data": {"region": "North", "latitude": north, "longitude": east}})
        for code, (north, east) in places.items()
    ])  # fmt: skip
    send(placed, 101, "0003", held("N1", "PARA", 0))
    run(placed, "2024-05-02T07:30:00")
    monkeypatch.setenv("MAINSTEM_HOME", str(placed.path))
    app = opened("map")
    (chart,) = app.get("vega_lite_chart")
    drawn = pl.read_ipc_stream(chart.proto.data.data)
    assert drawn.select("store_code", "latitude", "longitude", "out", "is_out").rows() == [
        ("N1", 9.5, -5.6, 1, "a tenth or more"), ("S1", 7.4, -7.5, 0, "nothing"),
    ]  # fmt: skip
    said = (
        "2 stores, by what of the items that they use they are out of. "
        "Stores whose place is not known: 1."
    )
    assert said in [it.value for it in app.caption]
    assert "https:" not in chart.proto.spec and "http:" not in chart.proto.spec


@pytest.mark.parametrize(
    ("page", "key", "column", "leads"),
    [
        ("stock", "stock", "store_name", ("Store", {"store": "N1"})),
        ("stock", "stock", "item_code", ("Item", {"item": "ORS"})),
        ("stock", "stock", "quantity", ("Stock on hand", {})),
        ("expiring", "rows:Expiring, all", "item_code", ("Item", {"item": "ORS"})),
        ("confidence", "rows:Data confidence, all", "site_name", ("Site", {"site": "101"})),
        ("item", "rows:ORS · =ORS sachet, stores", "store_code", ("Store", {"store": "N1"})),
        ("item", "rows:ORS · =ORS sachet, stores", "item_code", ("Item", {"item": "ORS"})),
    ],
)
def test_a_click_leads_to_what_is_clicked(
    home: Home, page: str, key: str, column: str, leads: tuple[str, dict[str, str]]
) -> None:
    app = opened(page, **({"item": "ORS"} if page == "item" else {}))
    shown = app.dataframe[0].value
    at = next(
        at for at, row in enumerate(shown.to_dict("records"))
        if row["store_code"] == "N1" and row.get("item_code", "ORS") == "ORS"
    )  # fmt: skip
    app.session_state[key] = {"selection": {"rows": [], "columns": [], "cells": [(at, column)]}}
    app.run()
    assert ([it.value for it in app.title], app.query_params) == ([leads[0]], leads[1])


def test_what_is_too_much_at_once_is_narrowed_first(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show, "PAIRS", 1)
    (asks,) = opened("ledger").info
    assert asks.value.startswith(f"There are {queries.pairs()} items of stores: choose a region")
    assert queries.pairs() == report.read(home.reports, "stock-on-hand").height > 1
    assert not opened("ledger", store="N1").info
    assert opened("consumption").info and not opened("consumption", region="North").info
    for told in ({}, {"store": "N1"}):
        (asks,) = opened("redistribution", **told).info
        assert "choose an item, a category" in asks.value
    assert not [it for it in opened("redistribution", item="ORS").info if "choose" in it.value]
    assert not opened("expiring").info
