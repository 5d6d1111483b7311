"""The queues and the central log: rules R9-R13."""

from .places import Places
from .routes import due, in_central_log
from .state import Key, Record, Sent, State

MERGE = "merge"


class Queues:
    """Fills the queues cycle by cycle; a merge is a thing of its own beside its record."""

    def __init__(self) -> None:
        self.were_due: dict[Key, set[int]] = {}
        self.versions: dict[Key, tuple[bool, str]] = {}

    def fill(self, state: State, places: Places, newly: bool) -> None:
        """Queue what changed for those who should have it, and (R13) what is newly due."""
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
            fresh = sites - self.were_due.get(record.key, set()) if newly else set()
            self.were_due[record.key] = sites
            sent = Sent("update", record.text, state.cycle)
            for site in (sites if changed else fresh) - {record.origin}:
                last = state.queues[site].get((*record.key, ""))
                if changed or last is None or last.version != sent.version:
                    state.queues[site][(*record.key, "")] = sent
            if changed and in_central_log(record):
                state.central_log[(*record.key, "")] = sent
        self.merge(state, places)

    def delete(self, state: State, places: Places, record: Record) -> None:
        """R10: wherever the record went."""
        gone = Sent("delete", None, state.cycle)
        for site, queue in state.queues.items():
            if (*record.key, "") in queue and site not in places.disabled | {record.origin}:
                queue[(*record.key, "")] = gone
        if (*record.key, "") in state.central_log:
            state.central_log[(*record.key, "")] = gone

    def merge(self, state: State, places: Places) -> None:
        """R9: wherever the kept or the merged record goes."""
        for table, gone, kept, text, origin in state.merges:
            records = [record for id in (gone, kept) if (record := state.record(table, id))]
            sent = Sent(MERGE, text, state.cycle)
            if any(in_central_log(record) for record in records):
                state.central_log[(table, gone, MERGE)] = sent
                continue
            for site in set().union(*(due(state, places, record) for record in records)):
                if site != origin:
                    state.queues[site][(table, gone, MERGE)] = sent
