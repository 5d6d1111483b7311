"""Who may merge what: rules G1-G3."""

from . import merges, owners, patients
from .places import Places
from .state import ACCEPTED, DEFERRED, Change, Record, State

CENTRAL = ("item", "unit")
MERGED = ("item", "unit", "name", "clinician", "Location")


def judge(state: State, places: Places, change: Change) -> None:
    """Give a merge its outcome, and apply it when it is accepted."""
    found = set(reasons(state, places, change))
    change.outcome = next((name for name in owners.REASONS if name in found), ACCEPTED)
    if change.outcome == ACCEPTED:
        merges.apply(state, change.table, change.data, change.text or "", change.site)


def reasons(state: State, places: Places, change: Change) -> list[str]:
    """Why a merge is not accepted."""
    if change.table not in MERGED:
        return ["primary_only" if change.table == "barcode" else "malformed"]
    if change.table in CENTRAL and change.site != state.options.primary:
        return ["primary_only"]
    ids = change.data["mergeIdToKeep"], change.data["mergeIdToDelete"]
    both = [record for id in ids if (record := state.record(change.table, id))]
    if change.table == "name" and not all(patients.is_patient(record) for record in both):
        return ["primary_only"] if change.site != state.options.primary else waits(both)
    if len(set(ids)) > len(both):
        return [DEFERRED]
    if change.table in CENTRAL or (change.table == "name" and not patients.is_patient(both[0])):
        return []
    stores = {record.store for record in both}
    wrong = [store for store in stores if places.active.get(store) != change.site]
    if change.table == "Location":
        once = any((store, change.site) in state.once_active for store in wrong)
        return ["store_inactive_here" if once else "not_owner"] if wrong else []
    found = ["different_home_stores"] if len(stores) > 1 else []
    if any(record.id in patients.leaving(state) for record in both) or (wrong and not found):
        found.append("not_home_site")
    return found


def waits(both: list[Record]) -> list[str]:
    return [DEFERRED] if len(both) < 2 else []
