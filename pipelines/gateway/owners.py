"""Whose edit a line of the test interface is: the site that may edit its record."""

from typing import Any

from pipelines import registry
from pipelines.admin.central import Edit
from pipelines.registry import RecordKind


class Owners:
    """Whose edit a line is: the site that may edit the record by the registry."""

    def __init__(self, edit: Edit, caller: int, lines: list[dict[str, Any]]) -> None:
        self._edit, self._caller = edit, caller
        self._told = edit.hub.settings
        self._given = {(line["tableName"], line["recordId"]): line for line in lines}

    def site(self, line: dict[str, Any]) -> int:
        """The site by its number; the caller where none can be told."""
        table, record_id = line["tableName"], line["recordId"]
        data = line["recordData"] or self._known(table, record_id) or {}
        kind = _kind(table, data)
        if kind.editable_at in ("primary", "name"):
            return self._told.primary
        if kind.editable_at == "central":
            return self._told.central
        return self._store_s(self._store(kind, record_id, data)) or self._caller

    def _store(self, kind: RecordKind, record_id: str, data: dict[str, Any]) -> str | None:
        if kind.owner_key:
            told = record_id if kind.owner_key == kind.id_key else data.get(kind.owner_key)
            return told if isinstance(told, str) else None
        parent = data.get(kind.parent_key) if kind.parent_key else None
        if not isinstance(parent, str):
            return None
        above = self._known(kind.parent_table, parent)
        return self._store(_kind(kind.parent_table, above), parent, above) if above else None

    def _store_s(self, store: str | None) -> int | None:
        given = self._given.get(("store", store or ""))
        if given and given["recordData"]:
            told = given["recordData"].get("sync_id_remote_site")
            return told if isinstance(told, int) and told > 0 else None
        query = 'select sync_id_remote_site::integer from store where "ID" = ?'
        found = self._edit.rows(query, store)
        return found[0][0] if found else None

    def _known(self, table: str, record_id: str) -> dict[str, Any] | None:
        given = self._given.get((table, record_id))
        if given and given["recordData"]:
            told: dict[str, Any] = given["recordData"]
            return told
        try:
            return self._edit.record(table, record_id)
        except TypeError:  # there is none
            return None


def _kind(table: str, data: dict[str, Any]) -> RecordKind:
    """The kind of a record, as far as it matters for who edits it."""
    kinds = [kind for kind in registry.tables()[table] if "merge" not in kind.condition.split()]
    kinds = kinds or list(registry.tables()[table])
    if table == "name":
        patient = data.get("type") == "patient"
        return next(kind for kind in kinds if (kind.editable_at == "home") == patient)
    return kinds[0]
