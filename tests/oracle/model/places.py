"""Where things are: sites, stores, what is visible where (the base of rules R3, R5-R7, O3, O4)."""

from typing import Any

from . import merges
from .state import State

JOINS = {
    "name": ("name_store_join", "name_ID"),
    "clinician": ("clinician_store_join", "prescriber_ID"),
}


class Places:
    """What stands of sites, stores and joins at one moment."""

    def __init__(self, state: State) -> None:
        self.options = state.options
        self.sites: dict[int, dict[str, Any]] = {
            record.data["site_ID"]: record.data for record in state.all("site")
        }
        self.sites.setdefault(state.options.central, {})
        self.disabled = {number for number, data in self.sites.items() if data.get("disabled")}
        self.open = set(self.sites) - self.disabled - {state.options.central}  # that get a queue
        stores = state.all("store")
        self.active = {
            record.id: record.data["sync_id_remote_site"]
            for record in stores
            if record.data.get("sync_id_remote_site")
        }
        self.dispensaries = {r.id for r in stores if r.data.get("store_mode") == "dispensary"}
        self.store_name = {r.id: r.data.get("name_ID") or "" for r in stores}
        self.copies = self._copies(state, "collector")
        self.transfer_copies = self._copies(state, "transfer")
        self.visible = {kind: self._joined(state, kind, *told) for kind, told in JOINS.items()}
        self.party = merges.party(state)
        self._names: dict[str, list[str]] = {}
        for name, store in self.party.items():
            self._names.setdefault(store, []).append(name)
        self._holders: dict[str, set[int]] = {}
        self._seen: dict[str, set[int]] = {}

    def _copies(self, state: State, kind: str) -> set[tuple[str, int]]:
        """Stores and the sites that hold a copy of them."""
        return {
            (record.data["store_ID"], record.data["site_ID"])
            for record in state.all("store_site")
            if record.data.get("sync_type") == kind
        }

    def _joined(self, state: State, kind: str, table: str, key: str) -> dict[str, set[str]]:
        """By name (or prescriber) the stores that it is joined to."""
        found: dict[str, set[str]] = {}
        for record in state.all(table):
            if not record.data.get("inactive") and record.data.get("store_ID"):
                told = merges.resolved(state, kind, record.data.get(key) or "")
                found.setdefault(told, set()).add(record.data["store_ID"])
        return found

    def active_stores(self, site: int) -> list[str]:
        """The stores active at a site."""
        return sorted(store for store, at in self.active.items() if at == site)

    def active_dispensaries(self, site: int) -> list[str]:
        return [store for store in self.active_stores(site) if store in self.dispensaries]

    def holders(self, store: str) -> set[int]:
        """The sites that have a store whole: where it is active, and collectors."""
        if not self._holders:
            for code, site in (*self.active.items(), *self.copies):
                self._holders.setdefault(code, set()).add(site)
        return set(self._holders.get(store, ()))

    def seen(self, store: str) -> set[int]:
        """The sites where a store is visible (R3), both ways round."""
        if not self._seen:
            for told in self.store_name:
                self._see(told)
        return self._seen.get(store, set())

    def _see(self, store: str) -> None:
        for site in self.holders(store):
            self._seen.setdefault(store, set()).add(site)
        if self.options.primary != self.options.central:
            self._seen.setdefault(store, set()).add(self.options.primary)
        for name in self._names.get(store, ()):
            for other in self.visible["name"].get(name, set()) & set(self.active):
                self._seen.setdefault(store, set()).add(self.active[other])
                if store in self.active:
                    self._seen.setdefault(other, set()).add(self.active[store])
