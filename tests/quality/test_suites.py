"""Every expectation of every suite: met by what the pipeline makes, broken by a bad row."""

import pytest

from pipelines import counts, tables
from pipelines.hub import Hub
from quality import judge, suites
from quality.judge import Verdict
from quality.suites import Suite

SUITES = {suite.name: suite for suite in suites.suites()}
COPY = "insert into {0} by name select * replace ({1}) from {0}"
# A statement that makes a bad row, for each expectation: what it says begins so.
BREAKS = {
    ("landing", "A cursor"): COPY.format("landing.change", "2 as line") + " where cursor = 1",
    ("landing", "The cursors"): "update landing.cycle set next_cursor = 99, cycle = 0",
    ("landing", "A change names"): "update landing.change set record_id = '' where cursor = 1",
    ("landing", "A change is"): "update landing.change set action = 'upsert' where cursor = 1",
    ("landing", "The site"): "update landing.change set site = 999 where cursor = 1",
    ("item_line", "A stock line"): COPY.format("records.item_line", "9 as quantity"),
    ("item_line", "The quantity is"): "update records.item_line set quantity = 9",
    ("item_line", "The quantity available"): "update records.item_line set available = null",
    ("item_line", "The pack size"): "update records.item_line set pack_size = 1",
    ("item_line", "The item"): "delete from records.item",
    ("item_line", "The store"): "delete from records.store",
    ("trans_line", "A transaction line"): COPY.format("records.trans_line", "9 as quantity"),
    ("trans_line", "The quantity"): "update records.trans_line set quantity = null",
    ("trans_line", "The pack size"): "update records.trans_line set pack_size = 1",
    ("trans_line", "The transaction"): "delete from records.transact",
    ("trans_line", "The item"): "delete from records.item",
    ("stock", "A stock line"): "update broken.marts.stock_line set packs = -1",
    ("stock", "No more"): "update broken.marts.stock_line set available_packs = 11",
    ("stock", "A cost price"): "update broken.marts.stock_line set cost_price = -0.5",
    ("stock", "A pack"): "update broken.marts.stock_line set pack_size = 0",
    ("stock", "A batch"): "update broken.marts.stock_line set expiry_date = date '0201-01-31'",
    ("ledger", "The ledger"): "update broken.marts.stock_line set packs = 9",
}


def judged(hub: Hub, suite: Suite) -> Verdict | None:
    hub.con.execute("detach broken")
    with counts.with_reports(hub):
        return judge.judge(hub.con, suite)


@pytest.mark.parametrize("name", SUITES)
def test_what_the_pipeline_makes_meets_its_suite(hub: Hub, name: str) -> None:
    verdict = judged(hub, SUITES[name])
    assert verdict is not None
    assert verdict.rows > 0
    assert verdict.failures == []


@pytest.mark.parametrize(("name", "says"), BREAKS, ids=lambda told: str(told))
def test_a_bad_row_breaks_its_expectation(hub: Hub, name: str, says: str) -> None:
    hub.con.execute(BREAKS[name, says])
    verdict = judged(hub, SUITES[name])
    assert verdict is not None
    broken = [result for result in verdict.failures if result.expectation.says.startswith(says)]
    assert len(broken) == 1
    assert broken[0].broken > 0
    assert broken[0].sample


def test_every_expectation_is_broken_once() -> None:
    told = [(suite.name, one.says) for suite in SUITES.values() for one in suite.expectations]
    assert all(
        sum(name == suite and says.startswith(start) for suite, start in BREAKS) == 1
        for name, says in told
    )
    assert len(told) == len(BREAKS)


def test_every_suite_judges_a_table_of_the_hub() -> None:
    known = {table.name for made in tables.flow().values() for table in made}
    assert {suite.table for suite in SUITES.values()} <= known


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_looks_at_its_own_cycle_only(hub: Hub, name: str) -> None:
    hub.con.execute("set variable cycle = 2")
    assert judged(hub, SUITES[name]) is None


def test_no_suite_shows_a_record_or_its_data(hub: Hub) -> None:
    hub.con.execute("detach broken")
    shown = {"data", "name_id", "name_ID", "record_id", "patient"}
    with counts.with_reports(hub):
        for suite in SUITES.values():
            columns = {told[0] for told in hub.con.execute(suite.query).description or ()}
            assert not columns & shown
