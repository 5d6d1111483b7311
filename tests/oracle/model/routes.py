"""Where a record goes: rules R1-R9, as the set of sites that should have it."""

from collections.abc import Callable

from . import merges, owners, patients, transfers
from .places import Places
from .state import Record, State
from .tables import TABLES

Route = Callable[[State, Places, Record], set[int]]
HALVES = ("transact", "requisition", "purchase_order")
CENTRAL = ("item", "unit", "list_master", "dashboard_report", "barcode", "user")


def in_central_log(record: Record) -> bool:
    """R1; patients and a site's own preferences are not for all."""
    if record.table == "hub_preference":
        return not record.data.get("site_ID")
    if record.table == "preference":
        return not record.data.get("store_id")
    return record.table in CENTRAL or (record.table == "name" and not patients.is_patient(record))


def due(state: State, places: Places, record: Record) -> set[int]:
    """The known sites that should have a record in their own queues (R11: no disabled ones)."""
    found = ROUTES.get(record.table, store_data)(state, places, record)
    for also in BESIDES:
        found |= also(state, places, record)
    return found & places.open


def of_transfer(state: State, places: Places, record: Record) -> set[int]:
    """T: both halves whole at both sites; to a site that makes its own, the initiating half."""
    half = root(state, record)
    stores: set[str] = set()
    for told in state.transfers.values():
        if half.key in (told.initiating, told.responding):
            stores |= set(told.stores)
    if half.table in HALVES and (to := transfers.sent_to(state, places, half)):
        stores.add(to)
    if half.table in HALVES and (asked := transfers.answers(state, places, half)):
        stores.add(asked)
    return {places.active[store] for store in stores if store in places.active}


def of_move(state: State, places: Places, record: Record) -> set[int]:
    """P3: a patient's prescriptions go to a new home once, whether they follow patients or not."""
    told = root(state, record)
    if not is_prescription(state, record, told):
        return set()
    home = state.rehomed.get(merges.resolved(state, "name", told.data["name_ID"]), "")
    return {places.active[home]} if home in places.active else set()


def of_receipt(state: State, places: Places, record: Record) -> set[int]:
    """T6: goods received go to the ordering store's site; whole to a primary that sums them up."""
    goods = root(state, record)
    if goods.table != "Goods_received":
        return set()
    told = state.alive("purchase_order", goods.data.get("purchase_order_ID") or "")
    site = places.active.get(told.store) if told else None
    if site is None:
        return set()
    if not told or not owners.in_force(state, "centralised_procurement", site):
        return {site}
    changed = (
        root(state, line).data.get("purchase_order_ID") == told.id
        for table in ("Goods_received", "Goods_received_line")
        for line in state.tables[table].values()
        if line.changed == state.cycle
    )
    anew = state.options.primary in state.initialised
    return {site, state.options.primary} if anew or any(changed) else {site}


def nowhere(state: State, places: Places, record: Record) -> set[int]:
    return set()


def dispensary(state: State, places: Places, record: Record) -> set[int]:
    """R2: sites with an active dispensary."""
    return {places.active[store] for store in places.dispensaries if store in places.active}


def seen(places: Places, store: str) -> set[int]:
    """R3: the sites where a store is visible."""
    return set(places.seen(store))


def a_store(state: State, places: Places, record: Record) -> set[int]:
    return seen(places, record.id)


def store_join(state: State, places: Places, record: Record) -> set[int]:
    return seen(places, record.store) if record.store else set()


def store_data(state: State, places: Places, record: Record) -> set[int]:
    """R4; of prescriptions R5, where the preference says so."""
    found = places.holders(owners.store_of(state, record))
    told = root(state, record)
    if state.options.prescriptions_follow_patient and is_prescription(state, record, told):
        found |= sees(state, places, told.data["name_ID"])
    return found


def is_prescription(state: State, record: Record, told: Record) -> bool:
    """Whether a record hangs on one that is a prescription; a line of a deleted one does not."""
    gone = told.deleted and told.key != record.key
    return told.table == "transact" and not gone and patients.is_prescription(state, told.data)


def root(state: State, record: Record) -> Record:
    """The owning parent of the owning parent, as far as they go."""
    table = TABLES[record.table]
    parent = state.record(table.parent, record.data.get(table.by) or "") if table.parent else None
    return root(state, parent) if parent else record


def order(state: State, places: Places, record: Record) -> set[int]:
    """R3 for what was said while procurement was centralised, else R4."""
    store = owners.store_of(state, record)
    return seen(places, store) if record.centralised else places.holders(store)


def sees(state: State, places: Places, name: str) -> set[int]:
    """R5, R7: the sites with an active or collector store in which a name is visible."""
    name = merges.resolved(state, "name", name)
    found: set[int] = set()
    for store in patients.visible_in(state, places, name):
        found |= places.holders(store)
    if name in places.party:
        found |= seen(places, places.party[name])
    return found


def a_name(state: State, places: Places, record: Record) -> set[int]:
    """R5; facilities are central data."""
    return sees(state, places, record.id) if patients.is_patient(record) else set()


def of_patient(state: State, places: Places, record: Record) -> set[int]:
    """R5: what hangs on a patient goes where the patient goes."""
    return sees(state, places, root(state, record).id)


def of_name(state: State, places: Places, record: Record) -> set[int]:
    """R7."""
    return sees(state, places, record.data.get("name_ID") or "")


def name_join(state: State, places: Places, record: Record) -> set[int]:
    """R3; the joins of patients that sites make R5."""
    name = state.record("name", record.data.get("name_ID") or "")
    if patients.is_patient(name) and record.origin != state.options.central:
        return of_name(state, places, record)
    return store_join(state, places, record)


def prescriber(state: State, places: Places, id: str) -> set[int]:
    """R6: the sites of dispensaries where a prescriber has prescribed or is visible."""
    id = merges.resolved(state, "clinician", id)
    told = state.alive("clinician", id)
    stores = {told.store if told else ""} | places.visible["clinician"].get(id, set())
    for transact in state.all("transact"):
        data = transact.data
        by = merges.resolved(state, "clinician", data.get("prescriber_ID") or "")
        if by == id and (data.get("type"), data.get("mode")) == ("ci", "dispensary"):
            stores.add(transact.store)
    return {places.active[at] for at in stores & places.dispensaries if at in places.active}


def a_prescriber(state: State, places: Places, record: Record) -> set[int]:
    return prescriber(state, places, record.id)


def prescriber_join(state: State, places: Places, record: Record) -> set[int]:
    """R3; those that sites make R6."""
    if record.origin == state.options.central:
        return store_join(state, places, record)
    return prescriber(state, places, record.data.get("prescriber_ID") or "")


def message(state: State, places: Places, record: Record) -> set[int]:
    """R8."""
    to = record.data.get("toStoreID")
    if to:
        return {places.active[to]} if to in places.active else set()
    return set() if record.data.get("fromStoreID") else set(places.sites)


def settled(record: Record) -> bool:
    """R8: a message for every site is for those there are, a processed one for nobody new."""
    data = record.data
    to_all = not data.get("toStoreID") and not data.get("fromStoreID")
    return record.table == "message" and (to_all or processed(record))


def processed(record: Record) -> bool:
    """R8: a message that nobody waits for any more."""
    return record.table == "message" and record.data.get("status") == "processed"


ROUTES: dict[str, Route] = {
    **dict.fromkeys((*CENTRAL, "site", "store_site", "system_log", "hub_preference"), nowhere),
    **dict.fromkeys(("abbreviation", "insuranceProvider"), dispensary),
    **dict.fromkeys(("item_store_join", "preference"), store_join),
    **dict.fromkeys(("purchase_order", "purchase_order_line"), order),
    **dict.fromkeys(
        ("nameInsuranceJoin", "om_encounter", "om_vaccination", "repeat_table"), of_patient
    ),
    **dict.fromkeys(("name_tag_join", "list_master_name_join"), of_name),
    "store": a_store,
    "name": a_name,
    "name_store_join": name_join,
    "clinician": a_prescriber,
    "clinician_store_join": prescriber_join,
    "message": message,
}
BESIDES: tuple[Route, ...] = (of_transfer, of_move, of_receipt)  # what goes further still
