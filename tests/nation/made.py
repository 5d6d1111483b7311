"""Makes a home whose published reports are a nation's."""

from datetime import UTC, datetime
from pathlib import Path

from pipelines import cycle, home, quiet
from pipelines.home import Home
from warehouse import engine
from warehouse.filters import HELD_THEN

HERE = Path(__file__).parent
# All that there is, as a report works it out for another day than the last cycle's.
HELD = f"""
set variable day = getvariable('today');
create temp view stock_line as from marts.stock_line;
{HELD_THEN};
insert into marts.held by name from held;
create or replace temp view held_known as from marts.held;
insert into marts.held_status by name from held_status
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
