"""The judging of one cycle: order, repetition, what waits (rules O13, O14)."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from . import owners, patients
from .places import Places
from .state import ACCEPTED, DEFERRED, ORPHAN, SUPERSEDED, WAITING, Change, Record, State
from .tables import TABLES

PATIENCE = timedelta(days=30)
AGAIN = ("unknown_site", "site_disabled")  # judged again when the site is known and enabled


def judge(state: State) -> None:
    """Give every change that can be judged now its outcome, parents before children."""
    depths: dict[int, list[Change]] = {}
    for change in state.changes:
        if to_judge(change):
            at = TABLES[change.table].depth if change.table in TABLES else 0
            depths.setdefault(at, []).append(change)
    for depth in sorted({table.depth for table in TABLES.values()}):
        places = Places(state)
        for change in depths.get(depth, []):
            first_look(change, places)
        waiting = [change for change in depths.get(depth, []) if not change.outcome]
        for key in dict.fromkeys(change.key for change in waiting):
            settle(state, places, [change for change in waiting if change.key == key])
    for change in state.changes:
        change.asked = False
        if change.outcome == DEFERRED and state.clock - change.since >= PATIENCE:
            change.outcome = ORPHAN
    at = Places(state).active
    state.once_active |= set(at.items())


def to_judge(change: Change) -> bool:
    """New, waiting, or asked for."""
    return not change.outcome or change.outcome in (*WAITING, *AGAIN) or change.asked


def first_look(change: Change, places: Places) -> None:
    """Settle a new line, or one of a site that was not known, by its envelope."""
    if change.outcome in WAITING and not change.asked:
        change.outcome = ""
        return
    change.outcome = owners.envelope(change, places)


def settle(state: State, places: Places, changes: Iterable[Change]) -> None:
    """Judge the changes of one record in their order; deletes wait for the first version."""
    early: list[Change] = []
    for change in changes:
        stored = state.record(*change.key)
        if change.action == "delete" and stored is None:
            change.outcome = owners.reason(state, places, change) or DEFERRED
            if change.outcome == DEFERRED:
                early.append(change)
            continue
        one(state, places, change)
        if stored is None and change.outcome == ACCEPTED:
            for waiting in early:
                one(state, places, waiting, early=True)
            early = []


def one(state: State, places: Places, change: Change, early: bool = False) -> None:
    """Judge one change, and apply it when it is accepted."""
    why = owners.reason(state, places, change)
    stored = state.record(*change.key)
    before = (*owners.REASONS[: owners.REASONS.index(DEFERRED) + 1],)
    if why in before:
        change.outcome = why
    elif stored and stored.cursor > change.cursor and not early:
        change.outcome = SUPERSEDED
    else:
        change.outcome = why or ACCEPTED
    if change.outcome == ACCEPTED:
        apply(state, places, change, stored)


def apply(state: State, places: Places, change: Change, stored: Record | None) -> None:
    """Make a change the newest version of its record; an equal one changes nothing."""
    if stored is None:
        text = change.text or ""
        state.tables[change.table][change.id] = Record(
            change.table, change.id, text, change.cursor, change.site, state.cycle,
            store=patients.home_of_new(state, places, change), data=change.data,
        )  # fmt: skip
        return
    stored.cursor = max(stored.cursor, change.cursor)
    if change.action == "delete":
        if not stored.deleted:
            stored.deleted, stored.changed, stored.origin = True, state.cycle, change.site
    elif change.text != stored.text:
        stored.text, stored.data, stored.deleted = change.text or "", change.data, False
        stored.changed, stored.origin = state.cycle, change.site
        if change.table not in ("name", "clinician"):  # a home store is fixed at first sight
            stored.store = owners.new_store(state, change, TABLES[change.table])[0] or stored.store


def digest(text: str) -> str:
    """What tells the content of segments apart."""
    return hashlib.sha256(text.encode()).hexdigest()
