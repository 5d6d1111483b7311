"""Who may edit: rules O1-O8, O10-O13. A change's reason is the first that holds."""

from collections.abc import Callable
from typing import Any

from .places import Places
from .state import DEFERRED, Change, Record, State
from .tables import TABLES, Table

REASONS = (
    "malformed", "unknown_table", "unknown_site", "site_disabled", "local_only", "central_only",
    "primary_only", DEFERRED, "store_inactive_here", "not_owner", "not_home_site",
    "different_home_stores", "message_is_final", "mobile_site_full",
)  # fmt: skip
PREFERENCES = ("centralised_procurement", "centralised_payments", "supervisor_ordering")


def envelope(change: Change, places: Places) -> str:
    """What can be said of a line without looking at records; empty: nothing."""
    if change.table not in TABLES:
        return "unknown_table"
    if change.site not in places.sites:
        return "unknown_site"
    if change.site in places.disabled:
        return "site_disabled"
    return "local_only" if TABLES[change.table].style == "local" else ""


def reason(state: State, places: Places, change: Change) -> str:
    """Why a change of a known site and table is not accepted; empty: it is."""
    stored = state.record(change.table, change.id)
    table = TABLES[change.table]
    found = set(STYLES[table.style](state, places, change, table, stored))
    return next((name for name in REASONS if name in found), "")


def owners(
    state: State, change: Change, table: Table, stored: Record | None
) -> tuple[set[str], bool]:
    """The stores that a change is judged by: of the stored record and of the new one (O3).

    True when the new one's owning parent has not come.
    """
    stores = {store_of(state, stored)} if stored else set()
    new, waits = new_store(state, change, table)
    return (stores | {new}) - {""}, waits


def store_of(state: State, record: Record) -> str:
    """The store that owns a record now: a child's is its owning parent's."""
    table = TABLES[record.table]
    if not table.parent:
        return record.store
    parent = state.record(table.parent, record.data.get(table.by) or "")
    return store_of(state, parent) if parent else ""


def new_store(state: State, change: Change, table: Table) -> tuple[str, bool]:
    """The store that a change names, itself or by its owning parent; whether it waits for that."""
    if change.action == "delete":
        return "", False
    if table.parent:
        parent = state.record(table.parent, change.data.get(table.by) or "")
        if parent:
            return store_of(state, parent), False
        return "", bool(change.data.get(table.by))
    return (change.id if table.store == "ID" else change.data.get(table.store) or ""), False


def by_store(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> list[str]:
    """O3: from the site where the store is active, the stored one and the new one."""
    stores, waits = owners(state, change, table, stored)
    found = [DEFERRED] if waits or any(store not in places.active for store in stores) else []
    if not stores and not waits:
        return [DEFERRED if change.action == "delete" and not stored else "not_owner"]
    for store in stores:
        if store in places.active and places.active[store] != change.site:
            found.append("not_owner")
            if (store, change.site) in state.once_active:
                found.append("store_inactive_here")
    return found


def primary_only(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> list[str]:
    """O1, O2, O5."""
    if change.site != state.options.primary:
        return ["primary_only"]
    return unseen(change, stored)


def central_only(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> list[str]:
    """O1, O2, O7."""
    if change.site != state.options.central:
        return ["central_only"]
    return unseen(change, stored)


def setting(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> list[str]:
    """O2 a store's preferences are the central's, O6 global ones the primary's."""
    if change.action == "delete" and not stored:
        both = {state.options.central, state.options.primary}
        return [DEFERRED if change.site in both else "primary_only"]
    found: list[str] = []
    for data in versions(change, stored):
        of_store = bool(data.get(table.store))
        found += (central_only if of_store else primary_only)(state, places, change, table, stored)
    return found


def versions(change: Change, stored: Record | None) -> list[dict[str, Any]]:
    """What a change is judged by: the stored record and the new one."""
    found = [stored.data] if stored else []
    return found if change.action == "delete" else [*found, change.data]


def a_store(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> list[str]:
    """O2; a mobile site has one active store (V5)."""
    found = central_only(state, places, change, table, stored)
    site = change.data.get("sync_id_remote_site")
    others = (record for record in state.all("store") if record.id != change.id)
    if places.sites.get(site, {}).get("kind") == "mobile" and any(
        record.data.get("sync_id_remote_site") == site for record in others
    ):
        found.append("mobile_site_full")
    return found


def anyone(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> list[str]:
    return unseen(change, stored)


def unseen(change: Change, stored: Record | None) -> list[str]:
    """O14: a delete of a record never seen waits."""
    return [DEFERRED] if change.action == "delete" and not stored else []


def preference(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> list[str]:
    """O12: the system's value is the primary's, a site's own that site's."""
    found = unseen(change, stored)
    for data in versions(change, stored):
        if not data.get("site_ID"):
            found += primary_only(state, places, change, table, stored)
        elif data["site_ID"] != change.site:
            found.append("not_owner")
    return found


def in_force(state: State, key: str, site: int) -> bool:
    """The value of a preference at a site: its own, else the system's (O12)."""
    values = {
        record.data.get("site_ID") or 0: bool(record.data.get("value"))
        for record in sorted(state.all("hub_preference"), key=lambda r: r.id)
        if record.data.get("key") == key
    }
    return values.get(site, values.get(0, False))


def central_orders(state: State, places: Places, store: str) -> bool:
    """Whether the orders of a store are the primary's to edit (O12)."""
    keys = ("centralised_procurement", "supervisor_ordering")
    site = places.active.get(store)
    return site is not None and any(in_force(state, key, site) for key in keys)


def order(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> list[str]:
    """O12: an order is the primary's while procurement is centralised at its store's site."""
    stores, waits = owners(state, change, table, stored)
    found: list[str] = [DEFERRED] if waits else []
    for store in stores:
        if central_orders(state, places, store):
            if change.site != state.options.primary:
                found.append("primary_only")
        else:
            found += by_store(state, places, change, table, stored)
    return found if stores or waits else by_store(state, places, change, table, stored)


Judge = Callable[[State, Places, Change, Table, Record | None], list[str]]
STYLES: dict[str, Judge] = {
    "sync": central_only,
    "a_store": a_store,
    "central_only": central_only,
    "primary_only": primary_only,
    "any": anyone,
    "preference": setting,
    "store": by_store,
    "hub_preference": preference,
    "order": order,
}
