"""The fleet: all sites of the simulated country, at trade by day and synchronising in rounds."""

from collections.abc import Iterator
from datetime import date, timedelta

from pipelines.home import Home
from pipelines.simulation import catalogue, halves, links, numbers, office, setup
from pipelines.simulation import day as days
from pipelines.simulation.keeper import Keeper, World
from pipelines.simulation.mishaps import Mishaps
from pipelines.simulation.places import CENTRAL, NATIONAL, Place
from pipelines.simulation.post import ByFiles, Post
from pipelines.simulation.site import Site

BEFORE = 365  # days before the first one that the country's stores and names were made


class Fleet:
    """Every site, the central's own too, which writes but pulls nothing."""

    def __init__(self, world: World, places: tuple[Place, ...]) -> None:
        """The country as it is set up, before anything was sent."""
        self.world = world
        self.places = places
        self.calendar = world.calendar
        self.sites = {CENTRAL: Site(CENTRAL)}
        self.sites |= {it.number: Site(it.number, it.kind, it.makes_halves) for it in places}
        self.mishaps = Mishaps(world.seed, self.calendar.others, world.ids)
        self.keepers: list[Keeper] = []
        self.supervised: list[Keeper] = []
        self._rounds = 0
        self._moved = 0
        made = self.calendar.start - timedelta(days=BEFORE)
        primary = self.sites[NATIONAL]
        setup.by_central(self.sites[CENTRAL], world.ids, places, made)
        catalogue.write(primary, world.ids, world.items, made)
        setup.by_primary(primary, world.ids, places, world.items, made)

    def play(self, home: Home, post: Post | None = None) -> Iterator[date]:
        """Play every day; it yields in a round's evening, when segments wait and a cycle is due.

        What the cycle publishes is pulled when the next evening is asked for. `post` carries what
        sites push and pull, by default files.
        """
        post = post or ByFiles(home)
        first, *evenings = self.calendar.rounds()
        yield from self._round(post, first)
        for place in self.places:
            self._settle(place)
        day = self.calendar.start
        for evening in evenings:
            while day <= evening:
                self._day(day)
                day += timedelta(days=1)
            yield from self._round(post, evening)

    def drain(self, home: Home, post: Post | None = None) -> Iterator[date]:
        """Rounds with everybody and without trade, until nothing moves any more."""
        post = post or ByFiles(home)
        evening = self.calendar.end
        while True:
            evening += timedelta(days=1)
            yield from self._round(post, evening, everybody=True)
            if not self._moved:
                return

    def _day(self, day: date) -> None:
        for event in office.due(self.calendar, day):
            event(self.world, self.sites, day)
        if day == self.calendar.at(office.DEVICE_LOST):
            self.sites[self.mishaps.losing].lose()
        for keeper in self.keepers:
            if not keeper.site.lost:
                days.work(keeper, day)
        for keeper in self.supervised:
            days.supervise(keeper, day)

    def _round(self, post: Post, day: date, everybody: bool = False) -> Iterator[date]:
        """Sites that have a line push, and pull once the caller has run a cycle."""
        online = [
            site
            for site in self.sites.values()
            if everybody or site.number == CENTRAL or self.calendar.online(site.number, day)
        ]
        self._rounds += 1
        self._moved = sum(self._push(post, site, day) for site in online)
        yield day
        for site in online:
            if site.number != CENTRAL:
                self._moved += post.pull(site)
                self._react(site, day)
                self._moved += post.ask(site)

    def _push(self, post: Post, site: Site, day: date) -> int:
        """Send a site's segment, as mishaps leave it; how many lines."""
        if site.lost:
            return 0
        item = self.sites[NATIONAL].held.table("item")[self.world.item_id[self.world.items[0].code]]
        lines = self.mishaps.spoil(site.number, site.drain(), item)
        if lines:
            name = f"{day:%Y%m%d}-{self._rounds:04d}"
            post.push(site, name, lines)
            if self.mishaps.repeats(site.number):
                post.push(site, f"{name}-again", lines)
        return len(lines)

    def _react(self, site: Site, day: date) -> None:
        """What a site does by itself with what it pulled: halves, links, numbers, messages."""
        arrived, site.arrived = list(site.arrived), {}
        for table in halves.LINES:  # requisitions come before the invoices made for them
            for kind, id in arrived:
                if kind == table and site.makes_halves:
                    halves.make(site, self.world.ids, table, id, day)
                    if half := site.held.get(table, id):
                        links.back(site, table, half)
        for kind, id in arrived:
            if kind == "message":
                numbers.read(site, id)
        numbers.give(site, self.world.ids, day)

    def _settle(self, place: Place) -> None:
        """Open the stores of a site, if it knows them."""
        site = self.sites[place.number]
        if not site.stores():
            return
        setup.by_site(site, self.world.ids, place)
        for store in place.stores:
            keeper = Keeper(self.world, site, store)
            self.world.donors.fill(keeper.book, store, keeper.rng)
            self.keepers.append(keeper)
            if store.orders == "central":
                self.supervised.append(Keeper(self.world, self.sites[NATIONAL], store))
