"""Patients, prescribers and what hangs on them: rules O4, O10, P1."""

from typing import Any

from . import merges, owners
from .owners import by_store, central_only, primary_only, unseen, versions
from .places import Places
from .state import DEFERRED, Change, Record, State
from .tables import TABLES, Table

HOMED = ("name", "clinician")


def is_patient(record: Record | None) -> bool:
    return record is not None and record.data.get("type") == "patient"


def name(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> list[str]:
    """O1 for facilities, O4 for patients; who was the one may not become the other."""
    found = unseen(change, stored)
    kinds = {data.get("type") == "patient" for data in versions(change, stored)}
    if False in kinds:
        found += primary_only(state, places, change, table, stored)
    if True in kinds:
        found += at_home(state, places, change, table, stored)
    return found


def first_home(state: State, places: Places, change: Change, table: Table) -> str:
    """O4: the home store of a new patient or prescriber."""
    if change.data.get(table.store):
        return change.data[table.store]
    own = places.active_dispensaries(change.site)
    kind = "name" if change.table == "name" else "clinician"
    joined = [store for store in own if store in places.visible[kind].get(change.id, set())]
    return next(iter([*joined, *own]), "")


def at_home(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> list[str]:
    """O4: from the site where the home store is active."""
    found = unseen(change, stored)
    if found:
        return found
    homes: set[str] = set()
    if table.parent:
        homes, waits = owners.owners(state, change, table, stored)
        if waits:
            found.append(DEFERRED)
        elif not homes:
            found.append("not_home_site")
    else:
        if stored:
            homes.add(stored.store)
            if change.action != "delete" and change.data.get(table.store):
                homes.add(change.data[table.store])
        else:
            homes.add(first_home(state, places, change, table))
    for home in homes:
        if not home:
            found.append("not_home_site")
        elif home not in places.active:
            found.append(DEFERRED)
        elif places.active[home] != change.site:
            found.append("not_home_site")
    known = owner_id(state, change, table, stored) if settled(state, table, stored) else set()
    if known & leaving(state):
        return [*found, "not_home_site"]
    if "not_home_site" in found and edits_where_visible(state, places, change, table, stored):
        found.remove("not_home_site")
    return found


def owner_id(state: State, change: Change, table: Table, stored: Record | None) -> set[str]:
    """The patients or prescribers that a change is about."""
    if not table.parent:
        return {change.id}
    found: set[str] = set()
    for data in versions(change, stored):
        at, of = table, data
        while at.parent:
            parent = state.record(at.parent, of.get(at.by) or "")
            if parent is None:
                break
            at, of = TABLES[at.parent], parent.data
            if not at.parent:
                found.add(parent.id)
    return found


def edits_where_visible(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> bool:
    """The preferences that let other sites edit (O4)."""
    options = state.options
    if change.table == "name" and stored and options.patients_edited_where_visible:
        return visible_at(state, places, change.id, change.site)
    if table.style == "repeat" and options.repeats_everywhere:
        patients = {data.get(table.by) or "" for data in versions(change, stored)}
        return all(visible_at(state, places, patient, change.site) for patient in patients)
    return False


def visible_in(state: State, places: Places, patient: str) -> set[str]:
    """The stores that a patient is visible in: by joins, and its home store."""
    patient = merges.resolved(state, "name", patient)
    record = state.record("name", patient)
    home = {record.store} if is_patient(record) and record else set()
    return places.visible["name"].get(patient, set()) | home


def visible_at(state: State, places: Places, patient: str, site: int) -> bool:
    return any(places.active.get(s) == site for s in visible_in(state, places, patient))


def name_join(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> list[str]:
    """O2 for facilities and from the central, O10 for patients from where the store is active."""
    if change.site == state.options.central:
        return central_only(state, places, change, table, stored)
    found = unseen(change, stored)
    if stored and stored.origin == state.options.central:
        found.append("central_only")  # existing visibility is the central's (O2)
    for data in versions(change, stored):
        known = state.record("name", merges.resolved(state, "name", data.get("name_ID") or ""))
        if is_patient(known):
            found += by_store(state, places, change, table, stored)
        else:
            found.append("central_only" if known else DEFERRED)
    return found


def clinician_join(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> list[str]:
    """O2 from the central, O10 from where the store is active."""
    if change.site == state.options.central:
        return central_only(state, places, change, table, stored)
    if stored and stored.origin == state.options.central:
        return ["central_only"]
    return by_store(state, places, change, table, stored)


def is_prescription(state: State, data: dict[str, Any]) -> bool:
    told = (data.get("type"), data.get("mode")) == ("ci", "dispensary")
    name = merges.resolved(state, "name", data.get("name_ID") or "")
    return told and is_patient(state.record("name", name))


def transact(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> list[str]:
    """O3; new prescriptions from where the patient is visible to an active dispensary (O4)."""
    found = by_store(state, places, change, table, stored)
    if stored is None and change.action != "delete" and is_prescription(state, change.data):
        own = set(places.active_dispensaries(change.site))
        if not own & visible_in(state, places, change.data["name_ID"]):
            found.append("not_home_site")
    return found


owners.STYLES |= {
    "name": name,
    "home": at_home,
    "repeat": at_home,
    "name_join": name_join,
    "clinician_join": clinician_join,
    "transact": transact,
}


def store_of_new(state: State, places: Places, change: Change) -> str:
    """The store that owns a record by its new version; a home store at its first one."""
    table = TABLES[change.table]
    if change.table == "clinician" or (
        change.table == "name" and change.data.get("type") == "patient"
    ):
        return first_home(state, places, change, table)
    return owners.new_store(state, change, table)[0]


def moves(state: State) -> list[Record]:
    """The changes of home store that the central began and that are not complete (P3, P4)."""
    return [
        record
        for record in state.all("message")
        if record.maker == state.options.central
        and record.data.get("type") == "home_store_change"
        and record.data.get("status") != "processed"
    ]


def leaving(state: State) -> set[str]:
    """The patients and prescribers that nobody may edit (P3, P4)."""
    return {record.data["body"]["name_ID"] for record in moves(state)}


def settled(state: State, table: Table, stored: Record | None) -> bool:
    """Whether a change is not of a patient or prescriber who comes in this very cycle."""
    return bool(table.parent) or (stored is not None and stored.created < state.cycle)
