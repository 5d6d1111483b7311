"""The judging of one cycle: order, repetition, what waits (rules O13, O14)."""

import hashlib
from datetime import timedelta

from . import merging, owners, patients
from .places import Places
from .state import ACCEPTED, DEFERRED, ORPHAN, SUPERSEDED, WAITING, Change, Key, Record, State
from .tables import TABLES

PATIENCE = timedelta(days=30)
AGAIN = ("unknown_site", "site_disabled")  # judged again when the site is known and enabled
FIRST = owners.REASONS[: owners.REASONS.index(DEFERRED) + 1]  # what comes before `superseded`


def judge(state: State) -> None:
    """Give every change that can be judged now its outcome, parents before children."""
    depths: dict[float, list[Change]] = {}
    for change in state.changes:
        if to_judge(change):
            depths.setdefault(depth(change), []).append(change)
    for _, changes in sorted(depths.items()):
        places = Places(state)
        early: dict[Key, list[Change]] = {}  # deletes of what was never seen
        for change in changes:
            first_look(change, places)
            if not change.outcome:
                look(state, places, change, early)
    for change in state.changes:
        change.asked = False
        if change.outcome == DEFERRED and state.clock - change.since >= PATIENCE:
            change.outcome = ORPHAN
    state.once_active |= set(Places(state).active.items())


def depth(change: Change) -> float:
    """Parents are judged before children, records before merges of them."""
    table = TABLES.get(change.table)
    return (table.depth if table else 0) + (0.5 if change.action == "merge" else 0)


def to_judge(change: Change) -> bool:
    """New, waiting, or asked for."""
    return not change.outcome or change.outcome in (*WAITING, *AGAIN) or change.asked


def first_look(change: Change, places: Places) -> None:
    """Settle a new line, or one of a site that was not known, by its envelope."""
    if change.outcome in WAITING and not change.asked:
        change.outcome = ""
        return
    change.outcome = owners.envelope(change, places)


def look(state: State, places: Places, change: Change, early: dict[Key, list[Change]]) -> None:
    """Judge one change; deletes take effect right after the first version of their record."""
    if change.action == "merge":
        merging.judge(state, places, change)
        return
    stored = state.record(*change.key)
    if change.action == "delete" and stored is None:
        change.outcome = owners.reason(state, places, change) or DEFERRED
        if change.outcome == DEFERRED:
            early.setdefault(change.key, []).append(change)
        return
    one(state, places, change)
    if stored is None and change.outcome == ACCEPTED:
        for waiting in early.pop(change.key, []):
            one(state, places, waiting, early=True)


def one(state: State, places: Places, change: Change, early: bool = False) -> None:
    """Judge one change, and apply it when it is accepted."""
    why = owners.reason(state, places, change)
    stored = state.record(*change.key)
    if why in FIRST:
        change.outcome = why
    elif stored and stored.cursor > change.cursor and not early:
        change.outcome = SUPERSEDED
    else:
        change.outcome = why or ACCEPTED
    if change.outcome == ACCEPTED:
        store = patients.store_of_new(state, places, change)
        apply(state, change, stored, store)
        if change.action != "delete" and TABLES[change.table].style == "order":
            central = owners.central_orders(state, places, store)
            state.tables[change.table][change.id].centralised = central


def apply(state: State, change: Change, stored: Record | None, store: str) -> None:
    """Make a change the newest version of its record; an equal one changes nothing."""
    if stored is None:
        state.tables[change.table][change.id] = Record(
            change.table, change.id, change.text or "", change.cursor, change.cursor,
            change.site, change.site, state.cycle, store=store, data=change.data,
        )  # fmt: skip
        return
    stored.cursor = max(stored.cursor, change.cursor)
    if change.action == "delete":
        if not stored.deleted:
            stored.deleted, stored.changed, stored.origin = True, state.cycle, change.site
    elif change.text != stored.text:
        stored.text, stored.data, stored.deleted = change.text or "", change.data, False
        stored.changed, stored.origin = state.cycle, change.site
        if change.table not in patients.HOMED:  # a home store is fixed at first sight
            stored.store = store or stored.store


def digest(text: str) -> str:
    """What tells the content of segments apart."""
    return hashlib.sha256(text.encode()).hexdigest()
