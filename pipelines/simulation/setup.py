"""What the central server sets up before the first day: sites, stores, items and who sees what."""

from datetime import date

from pipelines.simulation.catalogue import catalogue
from pipelines.simulation.items import Item
from pipelines.simulation.places import CENTRAL, COUNTRY, Site, Store
from pipelines.simulation.records import Ids, Record, change, name

CLIENTS = {"hospital": "CLIENTS-H", "centre": "CLIENTS-C"}  # level → code of its clients' name
INVAD, DONOR = "invad", "DONOR"


def carries(store: Store, item: Item) -> bool:
    """Whether a store keeps an item: health centres leave out what is for hospitals only."""
    return store.level != "centre" or item.level == "centre"


def setup(ids: Ids, sites: tuple[Site, ...], items: tuple[Item, ...], day: date) -> list[Record]:
    """The changes of the central's first segment, parents before children."""
    stores = [store for site in sites for store in site.stores]
    return [
        *catalogue(ids, items, day),
        *_names(ids, stores, day),
        *_sites(ids, sites),
        *[change("store", _store(ids, store, day)) for store in stores],
        *_visible_names(ids, stores),
        *_visible_items(ids, stores, items),
    ]


def _names(ids: Ids, stores: list[Store], day: date) -> list[Record]:
    plain = [
        (INVAD, INVAD, "Inventory adjustments"),
        ("repack", "repack", "Repack"),
        ("facility", CLIENTS["hospital"], "Patients of hospitals (simulated)"),
        ("facility", CLIENTS["centre"], "Patients of health centres (simulated)"),
    ]
    records = [name(ids.of("name", code), code, text, kind, day) for kind, code, text in plain]
    donor = "Simulated Donors' Procurement Agency"
    records.append(name(ids.of("name", DONOR), DONOR, donor, "facility", day, customer=False))
    for store in stores:
        place: Record = {"region": store.region, "district": store.district, "simulated": True}
        place |= {"latitude": store.latitude, "longitude": store.longitude}
        id = ids.of("name", store.code)
        told = {"country": COUNTRY, "custom_data": place}
        records.append(name(id, store.code, store.name, "store", day, **told))
    return [change("name", record) for record in records]


def _sites(ids: Ids, sites: tuple[Site, ...]) -> list[Record]:
    told = [(CENTRAL, f"{COUNTRY} (simulated) central server", "CENTRAL", "desktop")]
    told += [(site.number, site.name, site.stores[0].code, site.kind) for site in sites]
    return [
        change(
            "site",
            {
                "ID": ids.of("site", number),
                "site_ID": number,
                "name": text,
                "code": code,
                "kind": kind,
                "transfers": "central",
                "disabled": False,
            },
        )
        for number, text, code, kind in told
    ]


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


def _visible_names(ids: Ids, stores: list[Store]) -> list[Record]:
    pairs = [("DONOR", "NMS")]
    for store in stores:
        pairs += [(INVAD, store.code), ("repack", store.code)]
        if store.supplier:
            pairs += [(store.supplier, store.code), (store.code, store.supplier)]
        if store.level in CLIENTS:
            pairs.append((CLIENTS[store.level], store.code))
    joins = []
    for seen, by in pairs:
        record: Record = {"ID": ids.of("name_store_join", seen, by), "inactive": False}
        record |= {"name_ID": ids.of("name", seen), "store_ID": ids.of("store", by)}
        joins.append(change("name_store_join", record))
    return joins


def _visible_items(ids: Ids, stores: list[Store], items: tuple[Item, ...]) -> list[Record]:
    return [
        change(
            "item_store_join",
            {
                "ID": ids.of("item_store_join", item.code, store.code),
                "item_ID": ids.of("item", item.code),
                "store_ID": ids.of("store", store.code),
                "default_price": item.cost,
                "ignore_for_orders": False,
                "margin": 0,
                "default_location_ID": "",
                "inactive": False,
            },
        )
        for store in stores
        for item in items
        if carries(store, item)
    ]
