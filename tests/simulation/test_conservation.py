"""Conservation: at the hub nothing that left a store, came to it or was landed goes astray."""

from collections.abc import Generator

import duckdb
import pytest
from played import Played

from pipelines.admin.figures import DISAGREEMENTS
from warehouse import report

OUTCOMES = ("accepted", "deferred", "quarantined", "superseded")

# What moved out of stores towards other stores, and the transfer that accounts for it: what it
# brought is received, or in transit while its other half waits.
LEFT = """
with moved as (
    select transaction_id, -sum(quantity) as units
    from marts.movement
    where is_transfer and quantity < 0
    group by transaction_id
)
select
    moved.transaction_id, moved.units, transfer.outcome, transfer.quantity_sent,
    transfer.quantity_received, transfer.received is null as in_transit
from moved
left join marts.transfer as transfer
    on transfer.initiating_table = 'transact' and transfer.initiating_id = moved.transaction_id
"""
ANSWERED = """
select coalesce(sum(quantity_received), 0) from marts.transfer where initiating_table = 'transact'
"""
ARRIVED = """
select coalesce(sum(quantity), 0) from marts.movement
where is_transfer and quantity > 0 and kind in ('received', 'adjusted')
"""
PICKED = """select "ID" from records.transact where status = 'cn'"""


@pytest.fixture(scope="module")
def reports(played: Played) -> Generator[duckdb.DuckDBPyConnection]:
    """The published reports of the country after its last round."""
    with report.opened(played.home.reports) as con:
        yield con


def test_what_left_a_store_is_in_transit_received_or_returned(
    reports: duckdb.DuckDBPyConnection, played: Played
) -> None:
    picked = {id for (id,) in played.rows(PICKED)}
    left = reports.execute(LEFT).fetchall()
    waiting = 0
    for id, units, outcome, sent, received, in_transit in left:
        if sent is None:  # picked, it has not left the building
            assert id in picked
            continue
        assert sent == units, id
        assert received == (0 if in_transit else sent), id
        assert outcome in ("created", "site_makes", "same_site"), id
        waiting += in_transit
    assert len(left) > 60 and 0 < waiting < len(left) / 2


def test_what_came_from_a_store_had_left_one(reports: duckdb.DuckDBPyConnection) -> None:
    arrived = reports.execute(ARRIVED).fetchall()
    assert arrived > [(0,)] and reports.execute(ANSWERED).fetchall() == arrived


def test_stock_on_hand_is_the_sum_of_its_ledger(reports: duckdb.DuckDBPyConnection) -> None:
    lines = reports.execute("select packs from marts.stock_line where packs > 0").fetchall()
    assert len(lines) > 500
    assert reports.execute(DISAGREEMENTS).fetchall() == []


def test_every_line_has_one_verdict_and_outcomes_add_up_to_lines(played: Played) -> None:
    doubtful = """
        select cursor from landing.change full join collector.verdict using (cursor)
        group by cursor having count(*) <> 1 or count(outcome) <> 1
    """
    assert played.rows(doubtful) == []
    ((landed,),) = played.rows("select count(*) from landing.change where segment is not null")
    told = played.summed
    assert landed == sum(told[key] for key in OUTCOMES)
    assert told["changes"] == landed + told["duplicate"]
