"""The country plays over HTTP, on bad lines, with gateways that die: it ends as the hub has it."""

from collections import Counter
from contextlib import ExitStack
from itertools import islice

import pytest
from played import END, PATIENCE, SMALL, run
from serving import serving

from pipelines import cycle
from pipelines import home as homes
from pipelines.admin import credentials
from pipelines.home import Home
from pipelines.simulation.country import fleet
from pipelines.simulation.differences import beyond_form, differences
from pipelines.simulation.places import CENTRAL, NATIONAL
from pipelines.simulation.post import ByHttp

PASSWORD = "the same for all"
ROUNDS = 4  # of the country's rounds, then it is drained


class Gateways:
    """A gateway that can be stopped at any time; another one takes its place."""

    def __init__(self, home: Home) -> None:
        self._home, self._stack, self.started = home, ExitStack(), 0
        self.url = ""
        self.restart()

    def restart(self) -> None:
        self.stop()
        self.url = self._stack.enter_context(serving(self._home))
        self.started += 1

    def stop(self) -> None:
        self._stack.close()


def test_over_http_every_site_ends_with_what_the_hub_has(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = homes.make(tmp_path_factory.mktemp("http") / "home", primary=NATIONAL)
    country, summed = fleet(SMALL, END), Counter[str]()
    numbers = [number for number in country.sites if number != CENTRAL]
    (hash_,) = credentials.hashed([PASSWORD])
    with credentials.opened(home) as con:
        con.executemany(
            "insert into site (site, name, password) values (?, ?, ?)",
            [(number, f"Site {number}", hash_) for number in numbers],
        )
    gateways = Gateways(home)
    post = ByHttp(home, lambda: gateways.url, lambda _: PASSWORD, SMALL.seed, gateways.restart)
    try:
        run(home, islice(country.play(home, post), ROUNDS), summed, ROUNDS)
        run(home, country.drain(home, post), summed, PATIENCE)
    finally:
        gateways.stop()
    assert gateways.started > 5
    assert summed["accepted"] > 5000 and summed["made"] > 10
    with cycle.opened(home) as hub:
        for number in numbers:
            found = differences(country.sites[number], hub.con)
            assert [one for one in found if beyond_form(one)] == [], number
