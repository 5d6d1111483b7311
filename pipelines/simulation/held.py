"""What a site holds: records by table, their very texts, and what finds them quickly."""

from collections.abc import Iterable
from typing import Any

Record = dict[str, Any]

# table of lines → the key that names the paper they belong to
PAPER_KEY = {
    "trans_line": "transaction_ID",
    "requisition_line": "requisition_ID",
    "purchase_order_line": "purchase_order_ID",
    "Goods_received_line": "goods_received_ID",
}
PAPERS = ("transact", "requisition", "purchase_order", "Goods_received")


class Held:
    """Records as dictionaries; a paper is open in its store until it is finalised.

    `texts` has a record's text as it was last sent or pulled, by table and id; a record that was
    never sent has none.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.texts: dict[tuple[str, str], str] = {}
        self._tables: dict[str, dict[str, Record]] = {}
        self._lines: dict[tuple[str, str], dict[str, Record]] = {}
        self._open: dict[tuple[str, str], dict[str, Record]] = {}

    def put(self, table: str, id: str, record: Record) -> None:
        """Hold a record in place of what was held under its id."""
        before = self.table(table).get(id)
        if before is not None and before is not record:
            self._forget(table, id, before)
        self._tables[table][id] = record
        if table in PAPER_KEY:
            key = table, record.get(PAPER_KEY[table]) or ""
            self._lines.setdefault(key, {})[id] = record
        elif table in PAPERS:
            papers = self._open.setdefault((table, record.get("store_ID") or ""), {})
            if record.get("status") == "fn":
                papers.pop(id, None)
            else:
                papers[id] = record

    def drop(self, table: str, id: str) -> None:
        """Hold a record no longer."""
        record = self.table(table).pop(id, None)
        self.texts.pop((table, id), None)
        if record is not None:
            self._forget(table, id, record)

    def table(self, table: str) -> dict[str, Record]:
        """The records of a table by id."""
        return self._tables.setdefault(table, {})

    def get(self, table: str, id: str) -> Record | None:
        """A record, or None."""
        return self.table(table).get(id)

    def lines(self, table: str, paper: str) -> list[Record]:
        """The lines of a paper: `table` is theirs, `paper` its id."""
        return list(self._lines.get((table, paper), {}).values())

    def open(self, table: str, store: str) -> list[Record]:
        """A store's papers that are not finalised."""
        return list(self._open.get((table, store), {}).values())

    def everything(self) -> Iterable[tuple[str, str]]:
        """Table and id of all that is held."""
        return ((table, id) for table, records in self._tables.items() for id in records)

    def _forget(self, table: str, id: str, record: Record) -> None:
        if table in PAPER_KEY:
            self._lines.get((table, record.get(PAPER_KEY[table]) or ""), {}).pop(id, None)
        elif table in PAPERS:
            self._open.get((table, record.get("store_ID") or ""), {}).pop(id, None)
