"""Messages: rule O8."""

from . import owners
from .owners import unseen
from .places import Places
from .state import Change, Record, State
from .tables import Table

PROCESSING = ("status", "error_message")


def message(
    state: State, places: Places, change: Change, table: Table, stored: Record | None
) -> list[str]:
    """Any site makes one; only its processing status changes, from where it is processed."""
    if stored is None:
        return unseen(change, stored)
    if change.action != "delete" and change.text == stored.text:
        return []
    said = [
        {key: value for key, value in data.items() if key not in PROCESSING}
        for data in (stored.data, change.data)
    ]
    if change.action == "delete" or said[0] != said[1] or not processes(places, change, stored):
        return ["message_is_final"]
    return []


def processes(places: Places, change: Change, stored: Record) -> bool:
    """Whether a message is the site's to process."""
    if stored.data.get("toStoreID"):
        return places.active.get(stored.data["toStoreID"]) == change.site
    central = places.options.central
    return (change.site == central) == bool(stored.data.get("fromStoreID"))


owners.STYLES["message"] = message
