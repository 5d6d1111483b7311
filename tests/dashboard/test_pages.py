"""The pages show what the reports say, and go on showing it whatever happens to the file."""

import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from shown import figures, opened, turned
from small_home import NOW, held, run, send
from streamlit.testing.v1 import AppTest

from dashboard import export, narrow, published, queries, tables
from dashboard.published import Snapshot
from pipelines.home import Home, make
from warehouse import report
from warehouse.scope import EVERYTHING


def codes(app: AppTest) -> list[tuple[str, str]]:
    """Store and item of each row of the page's table."""
    table = app.dataframe[0].value
    return list(zip(table["store_code"], table["item_code"], strict=True))


def test_the_fixture_has_each_status(home: Home) -> None:
    assert set(report.read(home.reports, "stock-on-hand")["status"]) == set(queries.STOCK_STATUSES)
    assert set(report.read(home.reports, "sync")["status"]) == set(queries.SYNC_STATUSES)


def test_the_overview_shows_the_figures_of_the_reports(home: Home) -> None:
    app = opened()
    stock = report.read(home.reports, "stock-on-hand")
    value = report.read(home.reports, "stock-value")["value"][-1]
    assert figures(app) == {
        "Stock value": f"{value:,.2f}",
        "Stores": "3",
        "Items in stock": str(stock.filter(stock["quantity"] > 0)["item_code"].n_unique()),
        "Stock-outs": str(stock.filter(stock["status"] == "out").height),
        "Sites late": "2",
    }
    notes = {metric.label: metric.delta for metric in app.metric}
    assert notes["Sites late"] == "1 alert, 1 never"
    stock_outs, late = (table.value for table in app.dataframe)
    assert list(stock_outs["item_code"]) == ["PARA"]
    assert list(late["site"]) == [104, 103, 102]


def test_use_by_month_is_the_consumption_report_transfers_apart(home: Home) -> None:
    use = queries.use()
    told = report.read(home.reports, "consumption").group_by("month").agg(pl.sum("quantity"))
    both = use.select("month", quantity=pl.col("used") + pl.col("transferred"))
    assert both.rows() == told.sort("month").rows()
    assert use["transferred"].to_list() == [0, 0, 25]


def test_every_page_says_how_fresh_its_data_is(home: Home) -> None:
    for page in ("overview", "stock", "sync"):
        assert "Data of cycle 3, 2024-05-02 06:00 UTC" in [it.value for it in opened(page).caption]


def test_stock_shows_the_report(home: Home) -> None:
    app = opened("stock")
    stock = report.read(home.reports, "stock-on-hand")
    shown = pl.from_pandas(app.dataframe[0].value)
    assert shown.drop("status").equals(stock.drop("status"))
    assert shown["status"].to_list() == [it.replace("_", " ") for it in stock["status"]]
    assert f"{stock.height} rows · value {stock['value'].sum():,.2f}" in app.markdown[0].value


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ({"region": ["South"]}, {("S1", "AMOX"), ("S1", "ORS"), ("S2", "AMOX")}),
        ({"store": ["N1", "S2"]}, {("N1", "AMOX"), ("N1", "PARA"), ("S2", "AMOX")}),
        ({"item": ["ORS"]}, {("S1", "ORS")}),
        ({"status": ["low", "out"]}, {("N1", "PARA"), ("S2", "AMOX")}),
        ({"region": ["South"], "item": ["AMOX"], "status": ["low"]}, {("S2", "AMOX")}),
        ({"district": ["Hills", "Shore"], "level": ["Clinic"]}, {("S2", "AMOX")}),
        ({"category": ["Pills, tablets"], "site": ["102"]}, {("S1", "AMOX")}),
        ({"programme": ["TB"], "level": ["Hospital"]}, {("N1", "AMOX")}),
        ({"as-of": ["2024-04-01"], "store": ["N1"]}, {("N1", "AMOX"), ("N1", "PARA")}),
        ({"known-on": ["2024-03-02"]}, {("S2", "AMOX")}),
    ],
)
def test_a_link_carries_the_filters(
    home: Home, told: dict[str, Any], left: set[tuple[str, str]]
) -> None:
    app = opened("stock", **told)
    assert set(codes(app)) == left
    filters = report.Filters(
        **{FIELDS[key]: READ.get(key, tuple)(told[key]) for key in told if key in FIELDS}
    )
    statuses = tuple(told.get("status", ()))
    rows = queries.stock_rows(filters, statuses)
    whole = report.read(home.reports, "stock-on-hand", filters)
    assert rows.equals(whole.filter(pl.col("status").is_in(statuses or whole["status"])))
    assert set(rows.select("store_code", "item_code").iter_rows()) == left


FIELDS = {option.removeprefix("--"): field for option, (field, _) in narrow.FIELDS.items()}
# How the fields are made of a link's values.
READ: dict[str, Callable[[list[str]], Any]] = {
    "site": lambda told: tuple(map(int, told)),
    "as-of": lambda told: date.fromisoformat(told[0]),
    "known-on": lambda told: date.fromisoformat(told[0]),
}


def test_the_rarer_filters_are_folded_away_counted_and_kept(home: Home) -> None:
    def label(app: AppTest) -> str:
        (popover,) = app.get("popover")
        return popover.proto.popover.label

    app = opened("stock")
    assert label(app) == "More filters"
    app.multiselect(key="level").select("Clinic").run()
    assert label(app) == "More filters · 1 set" and app.query_params == {"level": "Clinic"}
    app.date_input(key="day:as-of").set_value(date(2024, 4, 1)).run()
    assert label(app) == "More filters · 2 set"
    past = "**As of 2024-04-01**, not today: by the ledger, as it is known today."
    assert [it.value for it in app.info] == [past]
    turned(app, "batches")
    assert app.query_params == {"level": "Clinic", "as-of": "2024-04-01"}
    assert label(app) == "More filters · 2 set" and [it.value for it in app.info] == [past]
    assert set(app.dataframe[0].value["store_code"]) == {"S1", "S2"}
    turned(app, "transfers")
    assert "level" in app.query_params and not app.get("category")
    app = opened("value", **{"as-of": "2024-04-01", "known-on": "2024-04-01"})
    assert "clear one of them" in app.error[0].value and not app.dataframe
    app = opened("stock", district="Nowhere")
    assert app.warning[0].value == "There is no district Nowhere: it is left out of the filter."


def test_a_file_says_all_that_it_is_narrowed_to() -> None:
    told = narrow.words(
        report.Filters(
            regions=("A", "B"), districts=("C",), levels=("D",), categories=("E",), sites=(7,),
            programmes=("H",), stores=("F",), items=("G",), start=date(2024, 1, 1),
            end=date(2024, 1, 2), as_of=date(2024, 1, 3), known_on=date(2024, 1, 4), within=30,
        )
    )  # fmt: skip
    assert told == {
        "Regions": "A, B", "Districts": "C", "Levels": "D", "Stores": "F", "Items": "G",
        "Categories": "E", "Programmes": "H", "Sites": "7",
        "From": date(2024, 1, 1), "To": date(2024, 1, 2), "Days until expiry, at most": "30",
        "As of": date(2024, 1, 3), "As known on": date(2024, 1, 4),
    }  # fmt: skip
    assert set(FIELDS.values()) == {field.name for field in fields(report.Filters)} - {"now"}


def test_what_is_chosen_goes_into_the_url_and_out_again(home: Home) -> None:
    app = opened("stock")
    app.multiselect(key="store").select("S1").run()
    assert {store for store, _ in codes(app)} == {"S1"}
    assert app.query_params == {"store": "S1"}
    app.multiselect(key="store").unselect("S1").run()
    assert app.query_params == {} and len(codes(app)) == 5


def test_a_link_followed_later_wins_over_what_was_chosen(home: Home) -> None:
    app = opened("stock", status="out")
    app.query_params["status"] = "low"
    app.run()
    assert codes(app) == [("S2", "AMOX")]


def test_a_filter_that_nobody_has_is_told_and_left_out(home: Home) -> None:
    app = opened("stock", store="X9")
    assert [it.value for it in app.warning] == [
        "There is no store X9: it is left out of the filter."
    ]
    assert len(codes(app)) == 5


def test_an_empty_result_says_why(home: Home) -> None:
    app = opened("stock", region="North", item="ORS")
    assert not app.dataframe and "Remove a filter" in app.info[0].value


def test_sync_shows_the_report_the_worst_first(home: Home) -> None:
    app = opened("sync")
    assert figures(app) == {"Never": "1", "Alert": "1", "Late": "1", "Ok": "1"}
    told = report.read(home.reports, "sync").rows_by_key("site", named=True)
    rows = app.dataframe[0].value
    assert list(rows["site"]) == [104, 103, 102, 101]
    for row in rows.to_dict("records"):
        (same,) = told[row["site"]]
        assert row["status"] == same["status"] and row["queue_length"] == same["queue_length"]


def test_late_is_amber_and_alert_and_never_are_red(home: Home) -> None:
    table = opened("sync").dataframe[0]
    colours = {
        int(row): block.strip()
        for names, block in re.findall(r"([^{}]+)\{([^}]+)\}", table.proto.arrow_data.styler.styles)
        for row in re.findall(r"row(\d+)_col0\b", names)
    }
    told = [colours.get(row, "") for row in range(4)]
    assert list(table.value["status"]) == ["never", "alert", "late", "ok"]
    assert told == [tables.RED, tables.RED, tables.LATE, ""]


@pytest.mark.parametrize(
    ("told", "left"),
    [({"status": "late"}, [102]), ({"find": "lak"}, [103]), ({"find": "101"}, [101])],
)
def test_sync_can_be_narrowed(home: Home, told: dict[str, str], left: list[int]) -> None:
    assert list(opened("sync", **told).dataframe[0].value["site"]) == left


def test_what_is_sought_goes_into_the_url(home: Home) -> None:
    app = opened("sync", status="alert")
    app.text_input(key="find").input("lake").run()
    assert app.query_params == {"status": "alert", "find": "lake"}
    app.text_input(key="find").input("").run()
    assert app.query_params == {"status": "alert"}


@pytest.mark.parametrize("page", ["overview", "stock", "sync"])
def test_without_reports_the_pages_say_what_to_do(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINSTEM_HOME", str(tmp_path))
    app = opened(page)
    assert [it.value for it in app.info] == ["No reports yet: run `mainstem sync`."]
    assert not app.metric and not app.dataframe


def test_a_home_without_stores_has_pages_that_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = make(tmp_path / "home")
    run(empty, NOW)
    monkeypatch.setenv("MAINSTEM_HOME", str(empty.path))
    assert figures(opened())["Stock value"] == "0.00"
    assert opened("stock").info[0].value.startswith("No store has stock")
    assert opened("sync").info[0].value.startswith("There is no remote site yet")


def test_a_damaged_file_is_told_in_plain_words(own_home: Home) -> None:
    own_home.reports.write_bytes(b"not a database" * 1000)
    app = opened()
    assert len(app.error) == 1 and "mainstem sync" in app.error[0].value


@pytest.mark.parametrize("page", ["overview", "stock", "sync"])
def test_simulated_data_is_labelled_on_every_page(own_home: Home, page: str) -> None:
    assert not opened(page).warning
    name = {"ID": "NAMEN1", "name": "North hospital", "code": "N1", "type": "store"}
    send(own_home, 1, "0002", [("name", name | {"custom_data": {"simulated": True}})])
    run(own_home, "2024-05-02T07:00:00")
    assert "Simulated data" in opened(page).warning[0].value


def test_a_new_cycle_shows_even_while_somebody_reads_the_old_file(own_home: Home) -> None:
    app = opened()
    before = figures(app)
    with report.opened(own_home.reports):
        send(own_home, 101, "0002", held("N1", "PARA", 8, cost=100))
        run(own_home, "2024-05-02T07:00:00")
        app.run()
    value = report.read(own_home.reports, "stock-value")["value"][-1]
    assert figures(app)["Stock value"] == f"{value:,.2f}" != before["Stock value"]
    assert figures(app)["Stock-outs"] == "0"
    assert "Data of cycle 4, 2024-05-02 07:00 UTC" in [it.value for it in app.caption]


def test_excel_has_a_header_block_and_real_numbers_and_times(home: Home) -> None:
    rows = queries.sync()
    book = openpyxl.load_workbook(BytesIO(export.excel(rows, "Sync", ["Filters: none", "Data: x"])))
    sheet = book["Sync"]
    assert [sheet.cell(row, 1).value for row in (1, 2, 3, 4)] == [
        "Sync", "Filters: none", "Data: x", None
    ]  # fmt: skip
    assert sheet.freeze_panes == "A6"
    header, *body = sheet.iter_rows(min_row=5, values_only=True)
    assert list(header) == rows.columns
    sites = {row[0]: dict(zip(rows.columns, row, strict=True)) for row in body}
    assert sites[102]["last_contact"] == datetime(2024, 4, 20, 6)
    assert sites[102]["days_since_contact"] == 12 and sites[104]["last_contact"] is None


def test_excel_keeps_text_text_and_has_every_row(home: Home) -> None:
    rows = queries.stock_rows(report.Filters())
    sheet = openpyxl.load_workbook(BytesIO(export.excel(rows, "Stock on hand", []))).active
    assert sheet is not None
    body = list(sheet.iter_rows(min_row=4, values_only=True))
    assert body == rows.rows()
    names = {cell.value: cell.data_type for cell in sheet["D"]}
    assert names["=ORS sachet"] == "s"


def test_a_question_waits_for_its_turn_and_not_on_a_page_that_was_left(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two are worked on; the third asks whether it is still wanted, which Streamlit answers."""

    class Left(Exception):
        pass

    class State(dict[str, object]):
        def get(self, *_: object) -> None:
            raise Left

    monkeypatch.setattr(published.st, "session_state", State())
    path = home.reports
    told = path.stat()
    snapshot = Snapshot(path, told.st_ino, told.st_mtime_ns, told.st_size, EVERYTHING)
    with snapshot.opened(), snapshot.opened(), pytest.raises(Left), snapshot.opened():
        pass
    with snapshot.opened(), snapshot.opened() as con:
        assert con.execute("select count(*) from marts.published").fetchall() == [(1,)]
