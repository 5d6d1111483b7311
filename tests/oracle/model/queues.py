"""The queues and the central log: rules R9-R13, V3, I1."""

from . import merges, owners, transfers
from .places import Places
from .routes import HALVES, due, in_central_log, processed, settled
from .state import Key, Record, Sent, State

MERGE = "merge"


class Queues:
    """Fills the queues cycle by cycle; a merge is a thing of its own beside its record."""

    def __init__(self) -> None:
        self.were_due: dict[Key, set[int]] = {}
        self.versions: dict[Key, tuple[bool, str]] = {}
        self.active: dict[str, int] = {}  # where stores were active last
        self.introduced: set[tuple[str, int]] = set()  # stores to sites, by a transfer copy

    def fill(self, state: State, places: Places) -> None:
        """Queue what changed for those who should have it, and what is newly due (R13)."""
        moved = {
            (store, site)
            for store, site in places.active.items()
            if self.active.get(store, site) != site and site in places.sites
        }
        self.active |= places.active
        for site in state.initialised:
            state.queues[site].clear()
        for record in state.records():
            before = self.versions.get(record.key)
            changed = before != record.version
            self.versions[record.key] = record.version
            if record.deleted:
                if changed and before and not before[0]:
                    self.delete(state, places, record)
                self.were_due[record.key] = set()
                continue
            sites = due(state, places, record)
            fresh = set() if settled(record) else sites - self.were_due.get(record.key, set())
            self.were_due[record.key] = sites
            whole = {(owners.store_of(state, record), site) for site in sites} & moved
            for site in (sites if changed else fresh) - {record.origin}:
                self.send(state, site, record, again=changed)
            anew = set() if processed(record) else sites & state.initialised
            for site in {site for _, site in whole} | anew:
                self.send(state, site, record, again=True)
            if changed and in_central_log(record):
                state.central_log[(*record.key, "")] = Sent("update", record.text, state.cycle)
        self.merge(state, places)
        known = places.transfer_copies | self.partners(state, places)
        for store, site in known:
            if (store, site) not in self.introduced or site in state.initialised:
                self.introduce(state, places, store, site)
        self.introduced = known

    def partners(self, state: State, places: Places) -> set[tuple[str, int]]:
        """The stores that a site has one half of a transfer with."""
        pairs = [told.stores for told in state.transfers.values()]
        pairs += [(to, store) for store, to in pairs]
        for table in HALVES:
            for record in state.all(table):
                if to := transfers.sent_to(state, places, record):
                    pairs.append((record.store, to))
                if asked := transfers.answers(state, places, record):
                    pairs.append((record.store, asked))
        return {(store, places.active[at]) for store, at in pairs if at in places.active}

    def send(self, state: State, site: int, record: Record, again: bool = False) -> None:
        """Queue a record for a site that lacks its newest version."""
        sent = Sent("update", record.text, state.cycle)
        last = state.queues[site].get((*record.key, ""))
        if again or last is None or last.version != sent.version:
            state.queues[site][(*record.key, "")] = sent

    def introduce(self, state: State, places: Places, store: str, site: int) -> None:
        """R13: a store, and the joins between it and the stores of a site, once."""
        if site not in places.sites or site in places.disabled:
            return
        own = {code for code, at in places.active.items() if at == site}
        if (told := state.alive("store", store)) and site != state.options.central:
            self.send(state, site, told)
            for join in state.all("name_store_join"):
                name = merges.resolved(state, "name", join.data.get("name_ID") or "")
                between = {places.party.get(name), join.data.get("store_ID")}
                if store in between and between & own:
                    self.send(state, site, join)

    def delete(self, state: State, places: Places, record: Record) -> None:
        """R10: wherever the record went."""
        gone = Sent("delete", None, state.cycle)
        for site, queue in state.queues.items():
            if (*record.key, "") in queue and site not in places.disabled | {record.origin}:
                queue[(*record.key, "")] = gone
        if (*record.key, "") in state.central_log:
            state.central_log[(*record.key, "")] = gone

    def merge(self, state: State, places: Places) -> None:
        """R9: wherever the kept or the merged record goes; G4: all of them to who begins anew."""
        for told in state.merges:
            records = [r for id in (told.gone, told.kept) if (r := state.record(told.table, id))]
            entry, sent = (told.table, told.gone, MERGE), Sent(MERGE, told.text, state.cycle)
            if any(in_central_log(record) for record in records):
                if told.cycle == state.cycle:
                    state.central_log[entry] = sent
                continue
            sites = set().union(*(due(state, places, record) for record in records))
            new = sites - {told.origin} if told.cycle == state.cycle else set()
            for site in new | sites & state.initialised:
                state.queues[site][entry] = sent
