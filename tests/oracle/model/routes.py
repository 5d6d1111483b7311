"""Where a change goes: rules R1-R13, as the set of sites that should have a record."""

from collections import defaultdict
from collections.abc import Callable

from . import owners
from .places import Places
from .state import Key, Record, Sent, State
from .tables import TABLES

DISPENSARY = ("abbreviation", "insuranceProvider")
EVERYWHERE = ("item", "unit", "list_master", "dashboard_report", "barcode", "user")
NAME_DATA = ("name_tag_join", "list_master_name_join")
CENTRAL_STORE = ("item_store_join", "name_store_join", "preference", "clinician_store_join")
NOWHERE = ("site", "store_site", "system_log")


def in_central_log(record: Record) -> bool:
    """R1, and the system's preferences (O12)."""
    if record.table == "hub_preference":
        return not record.data.get("site_ID")
    return record.table in EVERYWHERE or (record.table == "name")


def due(state: State, places: Places, record: Record) -> set[int]:
    """The sites that should have a record in their own queues (the hub and disabled ones apart)."""
    found = ROUTES.get(record.table, store_data)(state, places, record)
    return found - places.disabled - {state.options.central}


def nowhere(state: State, places: Places, record: Record) -> set[int]:
    return set()


def dispensaries(state: State, places: Places, record: Record) -> set[int]:
    """R2."""
    return {places.active[store] for store in places.dispensaries if store in places.active}


def seen(store: str, places: Places) -> set[int]:
    """R3: the sites where a store is visible."""
    return {site for site in places.sites if store in places.stores_seen(site)}


def a_store(state: State, places: Places, record: Record) -> set[int]:
    return seen(record.id, places)


def store_join(state: State, places: Places, record: Record) -> set[int]:
    return seen(record.store, places)


def store_data(state: State, places: Places, record: Record) -> set[int]:
    """R4."""
    return places.holders(owners.store_of(state, record))


ROUTES: dict[str, Callable[[State, Places, Record], set[int]]] = {
    **dict.fromkeys((*EVERYWHERE, *NOWHERE, "hub_preference", "name"), nowhere),
    **dict.fromkeys(DISPENSARY, dispensaries),
    **dict.fromkeys(CENTRAL_STORE, store_join),
    "store": a_store,
}


class Queues:
    """Fills the queues cycle by cycle."""

    def __init__(self) -> None:
        self.were_due: dict[Key, set[int]] = {}
        self.versions: dict[Key, tuple[bool, str]] = {}

    def fill(self, state: State, places: Places, newly: bool) -> None:
        """Queue what changed for those who should have it, and (R13) what is newly due."""
        for record in state.records():
            before = self.versions.get(record.key)
            changed = before != record.version
            created = before is None or before[0]
            self.versions[record.key] = record.version
            if record.deleted:
                if changed and not created:
                    self.delete(state, places, record)
                self.were_due[record.key] = set()
                continue
            sites = due(state, places, record)
            fresh = sites - self.were_due.get(record.key, set()) if newly else set()
            self.were_due[record.key] = sites
            for site in (sites if changed else fresh) - {record.origin}:
                sent = state.queues[site].get(record.key)
                if changed or sent is None or (sent.action, sent.text) != ("update", record.text):
                    state.queues[site][record.key] = Sent("update", record.text, state.cycle)
            if changed and in_central_log(record):
                state.central_log[record.key] = Sent("update", record.text, state.cycle)

    def delete(self, state: State, places: Places, record: Record) -> None:
        """R10: wherever the record went."""
        gone = Sent("delete", None, state.cycle)
        for site, queue in state.queues.items():
            if record.key in queue and site not in places.disabled | {record.origin}:
                queue[record.key] = gone
        if record.key in state.central_log:
            state.central_log[record.key] = gone


def depth(key: Key) -> int:
    return TABLES[key[0]].depth
