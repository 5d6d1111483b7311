"""A reference site: holds its own records, pushes its changes, pulls what it is owed.

It shares nothing with the hub but the outer contract: segments in the inbox, the files of the
outbox, requests. What it does with its records is the play's affair.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from pipelines.simulation import integrate
from pipelines.simulation.held import Held, Record

# what a table's own numbers stand in, and the key that tells its series apart
NUMBERS = {
    "transact": ("invoice_num", "type"),
    "requisition": ("serial_number", "type"),
    "purchase_order": ("serial_number", ""),
    "Goods_received": ("serial_number", ""),
}


class Site:
    """One installation and its stores.

    `makes_halves`: it makes responding halves itself (`transfers = site`). `arrived` is what
    pulling brought since the play last looked: table and id, newest last.
    """

    def __init__(self, number: int, kind: str = "desktop", makes_halves: bool = False) -> None:
        """A site as it is installed: it holds nothing and has fetched nothing."""
        self.number = number
        self.kind = kind
        self.makes_halves = makes_halves
        self.sequence = 0
        self.central_id = 0
        self.lost = False
        self._sent = 0
        self._told = 0, 0
        self._asked = False
        self._begin()

    def _begin(self) -> None:
        self.held = Held()
        self.merged: dict[tuple[str, str], str] = {}
        self.arrived: dict[tuple[str, str], None] = {}
        self.unsent: dict[tuple[str, str], str] = {}
        self._numbers: dict[tuple[str, str, str], int] = {}

    # what the site writes itself

    def write(self, table: str, record: Record) -> Record:
        """Hold a record of the site's own making or editing, to be sent with the next push."""
        self.held.put(table, record["ID"], record)
        self._touch(table, record["ID"], "update")
        return record

    def delete(self, table: str, id: str) -> None:
        """Delete a record of the site's own; nobody is told of one that was never sent."""
        sent = (table, id) in self.held.texts
        self.held.drop(table, id)
        if sent:
            self._touch(table, id, "delete")
        else:
            self.unsent.pop((table, id), None)

    def merge(self, table: str, keep: str, away: str) -> None:
        """Merge a record into another one, for good."""
        self.merged[table, away] = keep
        self.unsent[table, away] = f'{{"mergeIdToKeep":"{keep}","mergeIdToDelete":"{away}"}}'

    def next_number(self, table: str, store: str, kind: str = "") -> int:
        """The next number of a store in the series of a table's kind."""
        series = table, store, kind
        if series not in self._numbers:
            key, kind_key = NUMBERS[table]
            self._numbers[series] = max(
                (
                    record[key]
                    for record in self.held.table(table).values()
                    if record["store_ID"] == store and (not kind or record[kind_key] == kind)
                ),
                default=0,
            )
        self._numbers[series] = max(self._numbers[series], 0) + 1
        return self._numbers[series]

    def kept(self, table: str, id: str) -> str:
        """The record that one stands for after merges: itself when it was never merged away."""
        while (table, id) in self.merged:
            id = self.merged[table, id]
        return id

    def stores(self) -> dict[str, Record]:
        """The stores that are active here, by id, as far as the site has been told."""
        return {
            id: store
            for id, store in self.held.table("store").items()
            if store["sync_id_remote_site"] == self.number
        }

    def store_of(self, name_id: str) -> Record | None:
        """The store that a name stands for, or None."""
        name_id = self.kept("name", name_id)
        for store in self.held.table("store").values():
            if self.kept("name", store["name_ID"]) == name_id:
                return store
        return None

    # feeds

    def drain(self) -> list[str]:
        """The lines of the next segment: each record changed since the last one, once, as it is."""
        lines = []
        for (table, id), action in self.unsent.items():
            self._sent += 1
            head = f'{{"syncOutId":"{self.number}-{self._sent}","tableName":"{table}",'
            head += f'"recordId":"{id}","action":'
            if action == "update":
                record = self.held.table(table)[id]
                text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
                self.held.texts[table, id] = text
                lines.append(f'{head}"update","recordData":{text}}}')
            elif action == "delete":
                lines.append(f'{head}"delete"}}')
            else:
                lines.append(f'{head}"merge","recordData":{action}}}')
        self.unsent = {}
        return lines

    def pull(self, outbox: Path) -> int:
        """Fetch and integrate what the hub published since the last time; how many lines.

        What stands before a reset is no longer owed. A site that has lost its device begins anew
        with the reset it asked for, the central log with it.
        """
        owed = list(after(outbox / str(self.number), self.sequence))
        return self.take(owed, lambda reached: list(after(outbox / "central", reached)))

    def take(
        self,
        owed: list[tuple[int, str]],
        fetch_central: Callable[[int], list[tuple[int, str]]],
    ) -> int:
        """Integrate lines of the site's queue, and of the central log after what is reached."""
        if owed:
            self.sequence = owed[-1][0]
        resets = [place for place, (_, line) in enumerate(owed) if '"action":"reset"' in line[:80]]
        if resets:
            owed = owed[resets[-1] + 1 :]
            if self.lost:
                self.lost, self.central_id = False, 0
        if self.lost:
            return 0
        central = fetch_central(self.central_id)
        if central:
            self.central_id = central[-1][0]
        for _, line in central + owed:
            integrate.line(self, line)
        return len(central) + len(owed)

    def lose(self) -> None:
        """Lose the device with all it holds, what was not sent too."""
        self._begin()
        self.lost, self._asked = True, False

    def ask(self, requests: Path) -> bool:
        """Ask to be initialised after a loss, else acknowledge what was fetched; false: neither.

        Each is asked once, of the next cycle.
        """
        reached = self.sequence, self.central_id
        told = {"site": self.number, "sequence": self.sequence, "central": self.central_id}
        request: Record = {"acknowledge": told}
        if self.lost:
            request = {"initialise": self.number}
        if self._asked if self.lost else reached == self._told:
            return False
        self._asked, self._told = True, reached
        part = requests / f".site-{self.number}.part"
        part.write_text(json.dumps(request), encoding="utf-8")
        part.rename(requests / f"site-{self.number}.json")
        return True

    def _touch(self, table: str, id: str, action: str) -> None:
        self.unsent.pop((table, id), None)
        self.unsent[table, id] = action


def send(inbox: Path, number: int, name: str, lines: list[str]) -> None:
    """Put a segment of a site into the inbox, complete when it has its name."""
    path = inbox / str(number) / f"{name}.ndjson"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    part.rename(path)


def after(folder: Path, cursor: int) -> Iterator[tuple[int, str]]:
    """The published lines of a log after a number, each with its own."""
    if not folder.is_dir():
        return
    for file in sorted(folder.glob("[0-9]*.ndjson")):
        first, last = (int(part) for part in file.stem.split("-"))
        if last > cursor:
            lines = file.read_bytes().decode().split("\n")[:-1]
            for number, line in enumerate(lines, start=first):
                if number > cursor:
                    yield number, line
