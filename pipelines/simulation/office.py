"""What the central and the primary edit while the country plays, and when."""

from collections.abc import Callable
from datetime import date

from pipelines.simulation.calendar import Calendar
from pipelines.simulation.held import Record
from pipelines.simulation.keeper import World
from pipelines.simulation.places import CENTRAL, NATIONAL
from pipelines.simulation.records import MORNING, join
from pipelines.simulation.setup import DONOR, DONOR_TWICE
from pipelines.simulation.site import Site

Sites = dict[int, Site]


def patient_seen_elsewhere(world: World, sites: Sites, day: date) -> None:
    """The central makes a patient of one dispensary visible in another one's store."""
    stores = _dispensaries(sites)
    if patient := _patient(sites, stores[0]):
        id = world.ids.of("name_store_join", patient, stores[1])
        sites[CENTRAL].write("name_store_join", join(id, patient, stores[1]))


def item_edited(world: World, sites: Sites, day: date) -> None:
    """The primary writes an item's strength down."""
    primary = sites[NATIONAL]
    item = primary.held.table("item")[world.item_id[world.items[0].code]]
    primary.write("item", item | {"strength": "20/120 mg"})


def donor_merged(world: World, sites: Sites, day: date) -> None:
    """The primary merges a name that was entered twice."""
    keep, away = world.ids.of("name", DONOR), world.ids.of("name", DONOR_TWICE)
    sites[NATIONAL].merge("name", keep, away)


def barcodes_added(world: World, sites: Sites, day: date) -> None:
    """Two sites add the same barcode of an item."""
    for number in sorted(sites)[-2:]:
        id = world.ids.of("barcode", number)
        record = {
            "ID": id,
            "barcode": "4006381333931",
            "itemID": world.item_id[world.items[1].code],
        }
        sites[number].write(
            "barcode", record | {"manufacturerID": "", "packSize": 0, "parentID": ""}
        )


def patient_moves(world: World, sites: Sites, day: date) -> None:
    """The central starts a change of a patient's home store."""
    stores = _dispensaries(sites)
    if patient := _patient(sites, stores[0]):
        body = {"name_ID": patient, "to_store_ID": stores[1]}
        record: Record = {
            "ID": world.ids.of("message", patient),
            "toStoreID": stores[0],
            "fromStoreID": "",
        }
        record |= {"body": body, "type": "home_store_change", "status": "new"}
        sites[CENTRAL].write(
            "message", record | {"createdDate": day.isoformat(), "createdTime": MORNING}
        )


Event = Callable[[World, Sites, date], None]
# the share of the country's days that has passed → what happens then
EVENTS: dict[float, Event] = {
    0.15: item_edited,
    0.25: barcodes_added,
    0.33: patient_seen_elsewhere,
    0.40: donor_merged,
    0.60: patient_moves,
}
DEVICE_LOST = 0.5  # when a site loses its device


def due(calendar: Calendar, day: date) -> list[Event]:
    """What happens on a day."""
    return [event for share, event in EVENTS.items() if calendar.at(share) == day]


def _dispensaries(sites: Sites) -> list[str]:
    """The ids of the dispensaries' stores, as the central wrote them, by code."""
    stores = sites[CENTRAL].held.table("store").values()
    found = [store for store in stores if store["store_mode"] == "dispensary"]
    return [store["ID"] for store in sorted(found, key=lambda store: store["code"])]


def _patient(sites: Sites, store: str) -> str | None:
    """The first patient whose home is a store, of whom its site has told the hub."""
    site = sites[sites[CENTRAL].held.table("store")[store]["sync_id_remote_site"]]
    found = [
        id
        for id, it in site.held.table("name").items()
        if it["type"] == "patient"
        and it["supplying_store_id"] == store
        and ("name", id) in site.held.texts
    ]
    return min(found, default=None)
