"""The pages of the hub itself: quarantine, a site, the cycles; their figures are the commands'."""

import shutil
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest
from shown import figures, opened, turned
from small_home import NOW, held, run, send
from streamlit.testing.v1 import AppTest

from dashboard import access, hub, serve
from pipelines import history
from pipelines.admin import quarantine, sessions
from pipelines.admin.verify import verify
from pipelines.home import Home, make
from quality.judge import Result, Verdict
from quality.suites import Expectation, Suite
from warehouse import report
from warehouse.scope import Scope


@pytest.fixture(scope="module")
def troubled(made: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home after a cycle that refused four lines of two sites, and has one wait."""
    home = Home(shutil.copytree(made.path, tmp_path_factory.mktemp("troubled") / "home"))
    line = {"ID": "LATE-1", "transaction_ID": "LATE", "item_ID": "AMOX", "quantity": 1}
    send(home, 101, "0002", [*held("S1", "AMOX", 1), ("trans_line", line)])
    send(home, 102, "0002", [*held("N1", "AMOX", 1), *held("N1", "PARA", 1)])
    (home.inbox / "102" / "0003.ndjson").write_text("nothing\n", encoding="utf-8")
    run(home, "2024-05-02T07:00:00")
    return home


@pytest.fixture
def home(troubled: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home that is shown, at NOW."""
    monkeypatch.setenv("MAINSTEM_HOME", str(troubled.path))
    monkeypatch.setenv("MAINSTEM_NOW", NOW)
    return troubled


def named(app: AppTest) -> list[str]:
    """The lines that the page's command asks to have judged again."""
    return app.code[0].value.split(" retry")[1].split()


def picking(app: AppTest) -> bool:
    """Whether the page asks to pick lines."""
    return any(it.value.startswith("Pick up to 2 lines") for it in app.caption)


def test_quarantine_shows_what_the_command_lists(home: Home) -> None:
    told = quarantine.listed(home)
    assert {line["reason"] for line in told} == {"not_owner", "malformed"} and len(told) == 4
    assert hub.held_rows(hub.Held()).to_dicts() == told
    app = opened("quarantine")
    shown = app.dataframe[0].value
    assert list(shown["id"]) == [line["id"] for line in told]
    assert list(shown["detail"]) == [line["detail"] for line in told]
    assert shown["reason"][0] == told[0]["reason"].replace("_", " ")
    texts = [it.value for it in app.markdown]
    assert any(text.startswith("**not owner** · 3 lines. The record belongs") for text in texts)
    assert "4 rows" in texts
    assert app.code[0].value == (
        f"mainstem quarantine show {told[0]['id']}\nmainstem quarantine retry"
    )


def test_what_waits_is_shown_apart(home: Home) -> None:
    (told,) = quarantine.listed(home, deferred=True)
    app = opened("quarantine", show="Waiting")
    assert list(app.dataframe[0].value["id"]) == [told["id"]]
    assert app.code[0].value.endswith(f"mainstem quarantine retry {told['id']}")


def test_quarantine_is_narrowed_by_reason_and_site(home: Home) -> None:
    told = quarantine.listed(home, site=102, reason="not_owner")
    app = opened("quarantine", reason="not_owner", site="102")
    ids = [line["id"] for line in told]
    assert list(app.dataframe[0].value["id"]) == ids and len(ids) == 2
    assert app.code[0].value.endswith(f"mainstem quarantine retry {ids[0]} {ids[1]}")
    none = opened("quarantine", reason="malformed", site="101")
    assert "Remove a filter" in none.info[0].value and not none.dataframe


def test_lines_that_are_picked_are_named_in_the_command(home: Home) -> None:
    app = opened("quarantine")
    app.session_state[f"lines:4:{hub.Held()}"] = {
        "selection": {"rows": [1, 3], "columns": [], "cells": []}
    }
    app.run()
    ids = list(app.dataframe[0].value["id"])
    assert app.code[0].value == (
        f"mainstem quarantine show {ids[1]}\nmainstem quarantine retry {ids[1]} {ids[3]}"
    )
    turned(app, "quarantine", site="102")
    ids = [line["id"] for line in quarantine.listed(home, site=102)]
    assert named(app) == [str(id) for id in ids], "of other lines none is picked yet"
    app.session_state[f"lines:3:{hub.Held()}"] = {"selection": {"rows": [0]}}
    assert not named(turned(app, "quarantine")), "nor of those of another cycle"


def test_a_long_list_is_named_by_picking(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("quarantine", site="102")
    assert len(named(app)) == 3 and not picking(app)
    monkeypatch.setattr(hub, "NAMED", 2)
    assert len(named(app.run())) == 2 and picking(app)
    monkeypatch.setattr(hub, "SHOWN", 1)
    app.run()
    assert "3 rows · the first 1 are shown, downloads hold all" in [it.value for it in app.markdown]


def test_an_empty_quarantine_says_so(made: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAINSTEM_HOME", str(made.path))
    assert opened("quarantine").info[0].value.startswith("No line is in quarantine")
    assert opened("quarantine", show="Waiting").info[0].value.startswith("No line waits")


CALLED = """
insert into marts.contact values
    (102, '2024-05-02 07:10:00', 'push', 12, 0.5, 'Open mSupply Desktop', '2.9.1', '5',
        '10.0.0.2', null),
    (102, '2024-05-02 07:20:00', 'site', 0, 0.1, 'Open mSupply Desktop', '2.9.2', '5',
        '10.0.0.2', 'site_incorrect_password'),
    (101, '2024-05-02 07:30:00', 'pull', 3, 0.1, null, null, '5', '10.0.0.1', null)
"""


@pytest.fixture
def called(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of the home, whose sites have called over HTTP too."""
    copy = Home(shutil.copytree(home.path, tmp_path / "home"))
    with duckdb.connect(str(copy.reports)) as con:
        con.execute(CALLED)
    monkeypatch.setenv("MAINSTEM_HOME", str(copy.path))
    return copy


def test_a_site_shows_its_line_of_the_sync_report(home: Home) -> None:
    (told,) = report.read(home.reports, "sync").filter(site=102).to_dicts()
    app = opened("site", site="102")
    assert figures(app) == {
        "Status": told["status"].capitalize(),
        "Days silent": str(told["days_since_contact"]),
        "Data age": str(told["data_age_days"]),
        "Queue": str(told["queue_length"]),
        "In quarantine": "3",
    }
    assert (told["days_since_contact"], told["data_age_days"]) == (0, 12)
    stores = report.read(home.reports, "confidence", report.Filters(sites=(102,)))
    assert list(app.dataframe[0].value["store_code"]) == stores["store_code"].to_list() == ["S1"]
    texts = [it.value for it in app.markdown]
    assert texts == ["**not owner** · 2 lines", "**malformed** · 1 line"]
    assert any("not called over HTTP" in it.value for it in app.caption)


def test_a_site_shows_its_contacts_its_software_and_what_went_wrong(called: Home) -> None:
    app = opened("site", site="102")
    contacts = app.dataframe[1].value
    assert list(contacts["what"]) == ["site", "push"]
    assert contacts["error"][0] == "site_incorrect_password"
    assert app.markdown[-1].value == (
        "2 contacts · 1 went wrong · Open mSupply Desktop 2.9.2 and Open mSupply Desktop 2.9.1"
    )
    assert opened("site", site="101").markdown[-1].value == (
        "1 contact · 0 went wrong · it does not say its software"
    )


LENGTHS = """
delete from marts.queue_length;
insert into marts.queue_length values
    (102, '2023-11-01', 4), (102, '2024-01-15', 7), (102, '2024-04-30', 5), (102, '2024-05-02', 1),
    (101, '2024-05-01', 10)
"""


def charted(app: AppTest) -> list[tuple[str, int]]:
    """The days of the page's chart and what stands after each."""
    (chart,) = app.get("vega_lite_chart")
    return pl.read_ipc_stream(chart.proto.data.data).select("day", "units").rows()


def test_the_length_of_queues_is_shown_for_ninety_days(called: Home) -> None:
    with duckdb.connect(str(called.reports)) as con:
        con.execute(LENGTHS)
    told = charted(opened("site", site="102"))
    assert told[0] == ("2024-02-03", 7), "what was counted before stands as of the first day"
    assert told[-4:] == [("2024-04-29", 7), ("2024-04-30", 5), ("2024-05-01", 5), ("2024-05-02", 1)]
    assert len(told) == 90
    assert charted(opened("sync"))[-3:] == [
        ("2024-04-30", 5),
        ("2024-05-01", 15),
        ("2024-05-02", 11),
    ]
    assert charted(opened("sync", find="101")) == [("2024-05-01", 10), ("2024-05-02", 10)]


def test_sync_shows_the_software_of_sites_and_what_went_wrong(called: Home) -> None:
    shown = opened("sync").dataframe[0].value.set_index("site")
    assert list(shown.loc[102, ["software", "version", "errors", "last_error"]]) == [
        "Open mSupply Desktop 2.9.2", "5", 1, "site_incorrect_password",
    ]  # fmt: skip
    assert shown.loc[101, "errors"] == 0 and pd.isna(shown.loc[101, "software"])
    assert pd.isna(shown.loc[103, "errors"])


def test_a_site_that_is_not_in_the_sync_report_has_a_page(home: Home) -> None:
    central = figures(opened("site", site="1"))
    assert (central["Status"], central["Days silent"]) == ("Central", "—")
    never = figures(opened("site", site="104"))
    assert (never["Status"], never["Days silent"], never["In quarantine"]) == ("Never", "—", "0")


def test_a_click_on_the_sync_page_leads_to_the_site(home: Home) -> None:
    app = opened("sync")
    at = list(app.dataframe[0].value["site"]).index(103)
    cell = {"rows": [], "columns": [], "cells": [(at, "site_name")]}
    app.session_state["sites"] = {"selection": cell}
    app.run()
    assert [it.value for it in app.title] == ["Site"]
    assert app.query_params == {"site": "103"} and app.subheader[0].value == "103 · Lake"


def test_the_site_page_begins_with_a_choice(home: Home) -> None:
    app = opened("site")
    assert not app.metric and app.info[0].value.startswith("Choose a site")
    app.selectbox(key="one:site").select("101").run()
    assert app.query_params == {"site": "101"} and app.subheader[0].value == "101 · North"
    assert [it.value for it in opened("site", site="999").warning] == ["There is no site 999."]


def test_runs_shows_the_cycles_the_newest_first(home: Home) -> None:
    with report.opened(home.reports) as con:
        told = con.execute("from marts.cycle order by cycle desc").pl()
    assert told["cycle"].to_list() == [4, 3, 2, 1] and told["quarantined"][0] == 4
    app = opened("runs")
    shown = pl.from_pandas(app.dataframe[0].value)
    assert shown.drop("clock").rows() == told.drop("clock").rows()
    assert shown["clock"].to_list() == told["clock"].to_list()
    assert figures(app) == {
        "Last cycle": "4",
        "Lines": str(told["changes"][0]),
        "Accepted": "0",
        "Wait": "1",
        "Refused": "4",
    }
    (chart,) = app.get("vega_lite_chart")
    drawn = pl.read_ipc_stream(chart.proto.data.data)
    assert drawn.filter(cycle=4).select("kind", "units").rows() == [("wait", 1), ("refused", 4)]
    counted = told.select(pl.sum_horizontal("accepted", "deferred", "quarantined").sum()).item()
    assert drawn["units"].sum() == counted


@pytest.mark.parametrize("role", ["administrator", "supervisor"])
def test_runs_leads_administrators_to_dagster(
    own_home: Home, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    history.keep_run(own_home, 2, "a-run")
    monkeypatch.setenv(serve.OPEN, role)
    assert "run" not in opened("runs").dataframe[0].value
    monkeypatch.setenv("MAINSTEM_DAGSTER_URL", "http://127.0.0.1:3000/")
    app = opened("runs")
    leads = [it.value for it in app.caption if "Dagster's page" in it.value]
    if role == "administrator":
        told = app.dataframe[0].value
        runs = dict(zip(told["cycle"], told["run"], strict=True))
        assert {cycle: run for cycle, run in runs.items() if pd.notna(run)} == {
            2: "http://127.0.0.1:3000/runs/a-run"
        }
        assert len(leads) == 1 and "(http://127.0.0.1:3000)" in leads[0]
    else:
        assert "run" not in app.dataframe[0].value and not leads


JUDGED = (
    Result(Expectation("a", {}, "warning", "Nothing is less."), False, 3, [{"store_code": "S1"}]),
    Result(Expectation("b", {}, "critical", "All is there."), True, 0, []),
)


def test_quality_shows_how_the_suites_judged_and_what_verify_finds(
    own_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for cycle, results in ((3, JUDGED[1:]), (4, JUDGED)):
        verdict = Verdict(SUITE, 12, results)
        history._keep(own_home, cycle, "2024-05-02T07:00:00Z", [(SUITE, verdict)])
    told = verify(own_home)
    assert told["ledger_disagreements"]
    app = opened("quality")
    assert figures(app) == {
        "Expectations met": "1 of 2",
        "Broken": "1",
        "Disagreements": str(len(told["ledger_disagreements"])),
        "Below nothing": str(len(told["below_nothing"])),
        "Unknown items": str(len(told["unknown_items"])),
    }
    (chart,) = app.get("vega_lite_chart")
    drawn = pl.read_ipc_stream(chart.proto.data.data).sort("cycle")
    assert drawn.select("suite", "cycle", "standing", "rows", "broken").rows() == [
        ("trial", 3, "met", 12, 0), ("trial", 4, "warning", 12, 3),
    ]  # fmt: skip
    newest, examples, disagreements = (it.value for it in app.dataframe)
    assert list(newest["standing"]) == ["warning", "met"] and list(newest["cycle"]) == [4, 4]
    assert app.expander[0].label == "trial · Nothing is less. 3 of 12 rows break it"
    assert list(examples["store_code"]) == ["S1"]
    assert disagreements.to_dict("records") == told["ledger_disagreements"]
    user = sessions.User("binta", "supervisor", Scope(stores=("S2",)))
    monkeypatch.setattr(access, "of_token", lambda _: user)
    app = opened("quality")
    assert "Expectations met" not in figures(app) and not app.get("vega_lite_chart")
    of_store = [it for it in told["ledger_disagreements"] if it["store_code"] == "S2"]
    assert figures(app)["Disagreements"] == str(len(of_store))


SUITE = Suite("trial", "marts.trial", "A trial.", "", tuple(one.expectation for one in JUDGED))


def test_the_chart_of_runs_leaves_out_cycles_without_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = make(tmp_path / "home")
    run(quiet, NOW)
    monkeypatch.setenv("MAINSTEM_HOME", str(quiet.path))
    app = opened("runs")
    assert figures(app)["Lines"] == "0" and not app.get("vega_lite_chart")
