"""A country that has played against the hub and was drained: one for all tests here."""

from collections import Counter
from collections.abc import Generator

import pytest
from played import END, PATIENCE, SMALL, Played, run

from pipelines import cycle
from pipelines import home as homes
from pipelines.simulation.country import fleet
from pipelines.simulation.places import NATIONAL


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Generator[Played]:
    """The small country after its last day, and drained."""
    home = homes.make(tmp_path_factory.mktemp("country") / "home", primary=NATIONAL)
    country, summed = fleet(SMALL, END), Counter[str]()
    run(home, country.play(home), summed, len(country.calendar.rounds()))
    with cycle.opened(home) as hub:
        contacts = hub.con.execute("select site, last_contact from collector.contact").fetchall()
    silent = {site: (END - last.date()).days for site, last in contacts}
    run(home, country.drain(home), summed, PATIENCE)
    with cycle.opened(home) as hub:
        yield Played(country, home, hub.con, summed, silent)
