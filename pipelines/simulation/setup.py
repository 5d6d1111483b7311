"""What stands before the first day: sites, stores, visibility, names."""

from datetime import date

from pipelines.simulation.held import Record
from pipelines.simulation.items import Item
from pipelines.simulation.places import CENTRAL, COUNTRY, NATIONAL, Place, Store
from pipelines.simulation.records import Ids, join, name
from pipelines.simulation.site import Site

CLIENTS = {"hospital": "CLIENTS-H", "centre": "CLIENTS-C"}  # level → code of its clients' name
INVAD, DONOR, DONOR_TWICE = "invad", "DONOR", "DONOR-2"


def carries(store: Store, item: Item) -> bool:
    """Whether a store keeps an item: health centres leave out what is for hospitals only."""
    return store.level != "centre" or item.level == "centre"


def by_central(central: Site, ids: Ids, places: tuple[Place, ...], day: date) -> None:
    """Sites, stores, who holds a copy of which, and which names are visible where."""
    stores = [store for place in places for store in place.stores]
    central.write("site", _site(ids, CENTRAL, f"{COUNTRY} (simulated) central server", "CENTRAL"))
    for place in places:
        kind = "site" if place.makes_halves else "central"
        record = _site(ids, place.number, place.name, place.stores[0].code)
        central.write("site", record | {"kind": place.kind, "transfers": kind})
    for store in stores:
        central.write("store", _store(ids, store, day))
    for code, holder in _copies(places):
        record: Record = {"ID": ids.of("store_site", code, holder), "site_ID": holder}
        record |= {"store_ID": ids.of("store", code), "sync_type": "collector"}
        central.write("store_site", record)
    for seen, by in _visible_names(stores):
        id = ids.of("name_store_join", seen, by)
        central.write("name_store_join", join(id, ids.of("name", seen), ids.of("store", by)))


def by_primary(
    primary: Site, ids: Ids, places: tuple[Place, ...], items: tuple[Item, ...], day: date
) -> None:
    """Names of stores and of everybody else; which items are visible where."""
    plain = [
        (INVAD, INVAD, "Inventory adjustments"),
        ("repack", "repack", "Repack"),
        ("facility", CLIENTS["hospital"], "Patients of hospitals (simulated)"),
        ("facility", CLIENTS["centre"], "Patients of health centres (simulated)"),
        ("facility", DONOR, "Simulated Donors' Procurement Agency"),
        ("facility", DONOR_TWICE, "Simulated Donors' Procurement Agency (entered twice)"),
    ]
    for kind, code, text in plain:
        record = name(ids.of("name", code), code, text, kind, day)
        primary.write("name", record | {"customer": not code.startswith(DONOR)})
    stores = [store for place in places for store in place.stores]
    for store in stores:
        place: Record = {"region": store.region, "district": store.district}
        place |= {"type": store.level, "simulated": True}
        place |= {"latitude": store.latitude, "longitude": store.longitude}
        told = {"country": COUNTRY, "custom_data": place}
        id = ids.of("name", store.code)
        primary.write("name", name(id, store.code, store.name, "store", day, **told))
    for store in stores:
        for item in items:
            if carries(store, item):
                primary.write("item_store_join", _visible_item(ids, store, item))


def by_site(site: Site, ids: Ids, places: Place) -> None:
    """What a site itself has to say first: its locations, and how it wants to procure."""
    for store in places.stores:
        for code, text in (("MAIN", "Main shelves"), ("COLD", "Refrigerator")):
            record: Record = {"ID": ids.of("Location", store.code, code), "Description": text}
            record |= {"code": code, "hold": False, "store_ID": ids.of("store", store.code)}
            site.write("Location", record | {"type_ID": "", "Volume": 0})
        if store.orders == "central":
            key = "centralised_procurement"
            record = {"ID": ids.of("hub_preference", key, site.number), "key": key}
            site.write("hub_preference", record | {"site_ID": site.number, "value": True})


def _site(ids: Ids, number: int, text: str, code: str) -> Record:
    record: Record = {"ID": ids.of("site", number), "site_ID": number, "name": text, "code": code}
    return record | {"kind": "desktop", "transfers": "central", "disabled": False}


def _copies(places: tuple[Place, ...]) -> list[tuple[str, int]]:
    """Codes of stores and sites that hold a collector copy of them.

    The primary has copies of the stores it orders for, a region has one of its first hospital.
    """
    site_of = {store.code: place.number for place in places for store in place.stores}
    stores = [store for place in places for store in place.stores]
    copies = [(store.code, NATIONAL) for store in stores if store.orders == "central"]
    return copies + [(s.code, site_of[s.supplier]) for s in stores if s.code == "H-01"]


def _store(ids: Ids, store: Store, day: date) -> Record:
    return {
        "ID": ids.of("store", store.code),
        "name": store.name,
        "code": store.code,
        "name_ID": ids.of("name", store.code),
        "sync_id_remote_site": store.site,
        "store_mode": store.mode,
        "disabled": False,
        "logo": "",
        "tags": "",
        "custom_data": None,
        "created_date": day.isoformat(),
    }


def _visible_names(stores: list[Store]) -> list[tuple[str, str]]:
    """Codes of a name and of the store it is visible in."""
    pairs = [(DONOR, "NMS"), (DONOR_TWICE, "NMS")]
    for store in stores:
        pairs += [(INVAD, store.code), ("repack", store.code)]
        if store.supplier:
            pairs += [(store.supplier, store.code), (store.code, store.supplier)]
        if store.level in CLIENTS:
            pairs.append((CLIENTS[store.level], store.code))
    return pairs


def _visible_item(ids: Ids, store: Store, item: Item) -> Record:
    return {
        "ID": ids.of("item_store_join", item.code, store.code),
        "item_ID": ids.of("item", item.code),
        "store_ID": ids.of("store", store.code),
        "default_price": item.cost,
        "ignore_for_orders": False,
        "margin": 0,
        "default_location_ID": "",
        "inactive": False,
    }
