"""What the hub itself changes besides transfers: rules O9, P2, P3, P4."""

import json
from typing import Any

from . import merges, order, patients
from .places import Places
from .state import Change, State


def make(state: State, segments_from: set[int], acknowledged: set[tuple[int, str]]) -> None:
    """All of it, each rule seeing what the one before made."""
    barcodes(state)
    homes(state, segments_from, acknowledged)
    visibility(state)


def put(state: State, table: str, id: str, data: dict[str, Any], store: str = "") -> None:
    """A change of the hub's own; an equal one is none."""
    stored = state.record(table, id)
    if stored and not stored.deleted and stored.data == data:
        return
    state.cursor += 1
    change = Change(
        state.cursor, state.options.central, table, id, "update", json.dumps(data), state.clock
    )
    order.apply(state, change, stored, store)
    state.made.add((table, id))


def drop(state: State, table: str, id: str) -> None:
    """A delete of the hub's own."""
    stored = state.alive(table, id)
    if stored:
        state.cursor += 1
        change = Change(state.cursor, state.options.central, table, id, "delete", None, state.clock)
        order.apply(state, change, stored, "")
        state.made.add((table, id))


def barcodes(state: State) -> None:
    """O9: the one that came later becomes the one that came first."""
    first: dict[tuple[str, str], str] = {}
    for record in sorted(state.all("barcode"), key=lambda record: record.first):
        text = record.data.get("barcode")
        if not text or record.key in state.merged:
            continue
        item = merges.resolved(state, "item", record.data.get("itemID") or "")
        kept = first.setdefault((text, item), record.id)
        if kept != record.id:
            data = {"mergeIdToKeep": kept, "mergeIdToDelete": record.id}
            merges.apply(state, "barcode", data, json.dumps(data), state.options.central)


def visibility(state: State) -> None:
    """P2: new patients in the other dispensaries of their home site that want them."""
    places = Places(state)
    for patient in state.all("name"):
        if not patients.is_patient(patient) or patient.created != state.cycle:
            continue
        site = places.active.get(patient.store)
        for store in places.active_dispensaries(site) if site else []:
            seen = patients.visible_in(state, places, patient.id)
            if store not in seen and wants(state, store):
                join(state, "P2", "name_store_join", "name_ID", patient.id, store)


def wants(state: State, store: str) -> bool:
    return any(
        record.data.get("store_id") == store
        and record.data.get("key") == "new_patients_visible_in_this_store"
        and record.data.get("value") == "true"
        for record in state.all("preference")
    )


def join(state: State, rule: str, table: str, key: str, id: str, store: str) -> None:
    """A name or prescriber made visible in a store."""
    made = state.made_id(f"{rule}/{id}/{store}")
    data = {"ID": made, key: id, "store_ID": store}
    put(state, table, made, data | ({"inactive": False} if key == "name_ID" else {}), store)


def homes(state: State, segments_from: set[int], acknowledged: set[tuple[int, str]]) -> None:
    """P3, P4: a change of home store completes when the old home site has synced."""
    places = Places(state)
    for message in patients.moves(state):
        if message.created == state.cycle:
            continue
        id, to = message.data["body"]["name_ID"], message.data["body"]["to_store_ID"]
        for table, key, table_of_joins, id_key, rule in (
            ("name", "supplying_store_id", "name_store_join", "name_ID", "P3"),
            ("clinician", "store_ID", "clinician_store_join", "prescriber_ID", "P4"),
        ):
            record = state.alive(table, id)
            if record is None or to not in places.active:
                continue
            site = places.active.get(record.store or "")  # of its home, whomever the message is to
            away = site not in (state.options.central, state.options.primary)
            if away and site not in segments_from and (site, message.id) not in acknowledged:
                continue
            seen = places.visible[table].get(id, set())
            put(state, table, id, {**record.data, key: to})
            record.store = to
            state.rehomed[merges.resolved(state, table, id)] = to
            if to not in seen:
                join(state, rule, table_of_joins, id_key, id, to)
            put(state, "message", message.id, {**message.data, "status": "processed"})
