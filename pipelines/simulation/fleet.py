"""The fleet: all sites of the simulated country, at trade by day and synchronising in rounds."""

from collections.abc import Iterator
from datetime import date, timedelta

from pipelines.home import Home
from pipelines.simulation import catalogue, halves, links, numbers, office, setup
from pipelines.simulation import day as days
from pipelines.simulation.keeper import Keeper, World
from pipelines.simulation.mishaps import Mishaps
from pipelines.simulation.places import CENTRAL, NATIONAL, Place
from pipelines.simulation.site import Site, send

BEFORE = 365  # days before the first one that the country's stores and names were made
LOST = 0.55  # the share of the days after which a site loses its device


class Fleet:
    """Every site, the central too, which writes but pulls nothing."""

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
        made = self.calendar.start - timedelta(days=BEFORE)
        primary = self.sites[NATIONAL]
        setup.by_central(self.sites[CENTRAL], world.ids, places, made)
        catalogue.write(primary, world.ids, world.items, made)
        setup.by_primary(primary, world.ids, places, world.items, made)

    def play(self, home: Home) -> Iterator[date]:
        """Play every day; it yields in a round's evening, when segments wait and a cycle is due.

        What the cycle publishes is pulled when the next evening is asked for.
        """
        first, *evenings = self.calendar.rounds()
        yield from self.round(home, first)
        for place in self.places:
            site = self.sites[place.number]
            if site.stores():
                setup.by_site(site, self.world.ids, place)
                self._settle(site, place)
        day = self.calendar.start
        length = (self.calendar.end - day).days + 1
        for evening in evenings:
            while day <= evening:
                self.day(day, (day - self.calendar.start).days / length, 1 / length)
                day += timedelta(days=1)
            yield from self.round(home, evening)

    def day(self, day: date, passed: float, step: float) -> None:
        """One day of the country, of whose days the share `passed` is over."""
        for share, event in office.EVENTS.items():
            if passed - step < share <= passed:
                event(self.world, self.sites, day)
        for keeper in self.keepers:
            if not keeper.site.lost:
                days.work(keeper, day)
        for keeper in self.supervised:
            days.supervise(keeper, day)

    def round(self, home: Home, day: date, everybody: bool = False) -> Iterator[date]:
        """Sites that have a line push, and pull once the caller has run a cycle."""
        online = [
            site
            for site in self.sites.values()
            if everybody or site.number == CENTRAL or self.calendar.online(site.number, day)
        ]
        self._rounds += 1
        for site in online:
            self._push(home, site, day)
        yield day
        for site in online:
            if site.number != CENTRAL:
                site.pull(home.outbox)
                self._react(site, day)
                site.acknowledge(home.requests)

    def _push(self, home: Home, site: Site, day: date) -> None:
        if site.lost:
            return
        item = self.sites[NATIONAL].held.table("item")[self.world.item_id[self.world.items[0].code]]
        lines = self.mishaps.spoil(site.number, site.drain(), item)
        if lines:
            name = f"{day:%Y%m%d}-{self._rounds:04d}"
            send(home.inbox, site.number, name, lines)
            if self.mishaps.repeats(site.number):
                send(home.inbox, site.number, f"{name}-again", lines)

    def _react(self, site: Site, day: date) -> None:
        """What a site does by itself with what it pulled: halves, links, numbers, messages."""
        arrived, site.arrived = list(site.arrived), {}
        for table in halves.LINES:  # requisitions come before the invoices made for them
            for kind, id in arrived:
                if kind == table:
                    if site.makes_halves:
                        halves.make(site, self.world.ids, table, id, day)
                    if site.makes_halves and (half := site.held.get(table, id)):
                        links.back(site, table, half)
        for kind, id in arrived:
            if kind == "message":
                numbers.read(site, id)
        numbers.give(site, self.world.ids, day)

    def _settle(self, site: Site, place: Place) -> None:
        """Open the stores of a site that knows them."""
        for store in place.stores:
            keeper = Keeper(self.world, site, store)
            days.open_store(keeper)
            self.keepers.append(keeper)
            if store.orders == "central":
                self.supervised.append(Keeper(self.world, self.sites[NATIONAL], store))
