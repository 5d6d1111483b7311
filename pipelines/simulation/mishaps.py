"""What goes wrong in the simulated country: sites that are silent, lines that are refused."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from random import Random

from pipelines.simulation.catalogue import item_record
from pipelines.simulation.items import Item
from pipelines.simulation.places import Site
from pipelines.simulation.records import Ids, Record, change

LATE, SILENT = 4, 2  # how many sites; one more never sends
SILENT_DAYS = (32, 45)  # days without a segment before the end
HOLDING, FEW = range(1, 5), range(1, 6)  # stretches, and lines, of the header that comes late
EDITORS, TRESPASSERS = 2, 2  # sites that push what is not theirs


@dataclass(frozen=True)
class Mishaps:
    """Which facility sites send how far, and which spoil a line; all by site number."""

    late: tuple[int, ...]  # the last stretch is missing
    silent: tuple[int, ...]  # nothing for more than a month
    never: int  # nothing at all
    editors: tuple[int, ...]  # edit an item, which only the primary may
    trespassers: tuple[int, ...]  # edit another site's location
    cut: int  # sends a line that is cut short, then whole again
    slow: int  # sends one small transact a stretch after its lines
    _kept: dict[int, list[Record]] = field(default_factory=dict)

    def sends(self, site: int, day: date, end: date) -> bool:
        """Whether the segment of the stretch that ends on `day` arrives before `end`."""
        missing = (end - day).days
        if site in self.silent:
            return missing > SILENT_DAYS[self.silent.index(site) % len(SILENT_DAYS)]
        return site != self.never and not (site in self.late and missing == 0)

    def spoil(
        self, site: int, stretch: int, changes: list[Record], ids: Ids, item: Item, victim: Site
    ) -> list[Record]:
        """A site's changes of a stretch as they are sent: with edits of what is not its own.

        `stretch` counts from 0; `item` and `victim` are what is edited.
        """
        changes = self._kept.get(site, []) + changes
        if self._kept.get(site, []):
            self._kept[site] = []
        elif site == self.slow and site not in self._kept and stretch in HOLDING:
            lines = Counter(told["recordData"].get("transaction_ID") for told in changes)
            headers = [told for told in changes if lines[told["recordId"]] in FEW]
            if headers:
                self._kept[site] = headers[:1]
                changes.remove(headers[0])
        if site in self.editors and stretch == 1 + self.editors.index(site):
            renamed = {"item_name": f"{item.name} (renamed at a site)"}
            changes.append(change("item", item_record(ids, item) | renamed))
        if site in self.trespassers and stretch == 1 + self.trespassers.index(site):
            store = victim.stores[0].code
            record: Record = {
                "ID": ids.of("Location", store, "MAIN"),
                "Description": "Not our shelf",
            }
            record |= {"code": "MAIN", "hold": False, "store_ID": ids.of("store", store)}
            changes.append(change("Location", record | {"type_ID": "", "Volume": 0}))
        return changes


def draw(seed: int, sites: tuple[Site, ...]) -> Mishaps:
    """Choose the sites that something goes wrong at, each for one thing."""
    single = [site.number for site in sites if site.stores[0].level == "centre"]
    drawn = iter(Random(f"{seed}/mishaps").sample(single, LATE + SILENT + 1 + 6))

    def some(count: int) -> tuple[int, ...]:
        return tuple(next(drawn) for _ in range(count))

    return Mishaps(
        late=some(LATE),
        silent=some(SILENT),
        never=next(drawn),
        editors=some(EDITORS),
        trespassers=some(TRESPASSERS),
        cut=next(drawn),
        slow=next(drawn),
    )
