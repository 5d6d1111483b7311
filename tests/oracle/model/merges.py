"""What records became by merges, and what a name stands for (rules G4, G5)."""

from typing import Any

from .state import Merge, State


def apply(state: State, table: str, data: dict[str, Any], text: str, origin: int) -> None:
    """One record becomes another; again, or in a circle, it changes nothing."""
    kept, gone = data["mergeIdToKeep"], data["mergeIdToDelete"]
    if (table, gone) in state.merged or resolved(state, table, kept) == gone:
        return
    state.merged[(table, gone)] = kept
    state.merges.append(Merge(table, gone, kept, text, origin, state.cycle))


def resolved(state: State, table: str, id: str) -> str:
    """What a record is after all merges."""
    while (table, id) in state.merged:
        id = state.merged[(table, id)]
    return id


def party(state: State) -> dict[str, str]:
    """The store that a (resolved) name stands for."""
    found: dict[str, str] = {}
    for store in sorted(state.all("store"), key=lambda record: record.id, reverse=True):
        name = store.data.get("name_ID") or ""
        if name and resolved(state, "name", name) != name:
            found[resolved(state, "name", name)] = store.id
    for store in sorted(state.all("store"), key=lambda record: record.id, reverse=True):
        name = store.data.get("name_ID") or ""
        if name and resolved(state, "name", name) == name:
            found[name] = store.id
    return found
