"""Makes a home whose published reports are a nation's."""

from datetime import UTC, datetime
from pathlib import Path

from pipelines import cycle, home, quiet
from pipelines.home import Home
from warehouse import engine
from warehouse.marts import MODELS

HERE = Path(__file__).parent
# All that there is, for the mart's own query.
HELD = f"""
create temp view held_line as
select store.store_key, item.item_key, line.*
from marts.stock_line as line
join marts.store as store using (store_id) join marts.item as item using (item_id);
create temp view held_use as
select store.store_key, item.item_key, sum(ledger.issued) as quantity
from marts.ledger as ledger
join marts.store as store using (store_id) join marts.item as item using (item_id)
where ledger.day > getvariable('today') - 91 and ledger.day <= getvariable('today')
group by all;
insert into marts.held by name {MODELS["marts.held"].query}
"""


def nation(folder: Path, stores: int, items: int) -> Home:
    """The home in a folder, made by an empty cycle and then filled, if it is not there."""
    if (folder / "whole").exists():
        return Home(folder)
    quiet.hush()
    made = home.make(folder)
    cycle.run(made)
    with engine.opened(made.warehouse) as con:
        con.execute("set memory_limit = '6GB'")
        engine.attach(con, made.reports, "reports")
        con.execute("use reports")
        con.execute(f"set variable stores = {stores}")
        con.execute(f"set variable items = {items}")
        con.execute(f"set variable today = date '{datetime.now(UTC).date()}'")
        con.execute((HERE / "made.sql").read_text(encoding="utf-8"))
        con.execute(HELD)
        con.execute("use warehouse")
        con.execute("detach reports")
    (folder / "whole").touch()
    return made
