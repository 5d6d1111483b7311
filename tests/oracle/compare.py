"""Where hub and model differ after a cycle."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from .drive import Pair
from .history import world_of
from .model.halves import KINDS, NAMED

HALVES = {table for kind in KINDS.values() for table in (kind.responding, kind.answers)}

RECORDS = """
select record.table_name, record.record_id, record.deleted, change.data
from collector.record as record
left join landing.change as change on change.cursor = record.version
"""
MERGE = "merge"
QUEUED = """
select line.site, line.table_name, line.record_id, line.action, change.data, line.cycle
from (
    select *, row_number() over (
        partition by site, table_name, record_id, action = 'merge' order by sequence desc
    ) as newest, max(case when action = 'reset' then sequence end) over (partition by site) as anew
    from outbox.queue
) as line
join landing.change as change using (cursor)
where newest = 1 and sequence > coalesce(anew, 0)
"""
LOGGED = """
select log.table_name, log.record_id, log.action, change.data, log.cycle
from (
    select *, row_number() over (
        partition by table_name, record_id, action = 'merge' order by id desc
    ) as newest
    from outbox.central
) as log
join landing.change as change using (cursor)
where newest = 1
"""


class Difference(NamedTuple):
    """What hub and model have of one thing of a world (None: of none)."""

    world: int | None
    what: str
    hub: Any
    model: Any

    def __str__(self) -> str:
        return f"{self.what}: hub {self.hub}, model {self.model}"


def differences(pair: Pair) -> Iterator[Difference]:
    """All differences; those of verdicts first, for they lead to others."""
    yield from verdicts(pair)
    yield from records(pair)
    yield from queues(pair)


def differing(what: str, hub: dict[Any, Any], model: dict[Any, Any]) -> Iterator[Difference]:
    """The differences of two mappings."""
    for key in sorted(hub.keys() | model.keys(), key=str):
        if hub.get(key) != model.get(key):
            told = f"{what} {' '.join(map(str, key))}"
            world = world_of(key[-1])
            if world is None:  # made by the hub, so its id is of no world
                found = re.search(r"[A-Za-z]\S*\.(\d+)\b", f"{hub.get(key)} {model.get(key)}")
                world = int(found[1]) if found else None
            yield Difference(world, told, hub.get(key), model.get(key))


def verdicts(pair: Pair) -> Iterator[Difference]:
    told = dict(pair.scene.rows("select cursor, outcome from collector.verdict"))
    for cursor, change in zip(pair.cursors, pair.model.state.changes, strict=True):
        if told.get(cursor) != change.outcome:
            line = " ".join(map(str, (change.site, change.action, *change.key, change.text)))
            yield Difference(
                world_of(change.id), f"verdict of {line}", told.get(cursor), change.outcome
            )


def records(pair: Pair) -> Iterator[Difference]:
    hub = {
        (table, id_): "deleted" if deleted else shown(pair, table, id_, data)
        for table, id_, deleted, data in pair.scene.rows(RECORDS)
    }
    model = {
        record.key: "deleted" if record.deleted else shown(pair, *record.key, record.text)
        for record in pair.model.state.records()
    }
    yield from differing("record", hub, model)


def queues(pair: Pair) -> Iterator[Difference]:
    """The newest line of every record, and of every merge, in every queue."""
    hub = {
        (site, table, MERGE if action == MERGE else "", id_): told(
            pair, table, id_, action, data, cycle
        )
        for site, table, id_, action, data, cycle in pair.scene.rows(QUEUED)
    }
    model = {
        (site, table, merge, id_): told(pair, table, id_, sent.action, sent.text, sent.cycle)
        for site, queue in pair.model.state.queues.items()
        for (table, id_, merge), sent in queue.items()
    }
    yield from differing("queue", hub, model)
    hub = {
        (table, MERGE if action == MERGE else "", id_): told(pair, table, id_, action, data, cycle)
        for table, id_, action, data, cycle in pair.scene.rows(LOGGED)
    }
    model = {
        (table, merge, id_): told(pair, table, id_, sent.action, sent.text, sent.cycle)
        for (table, id_, merge), sent in pair.model.state.central_log.items()
    }
    yield from differing("central log", hub, model)


def told(pair: Pair, table: str, id: str, action: str, text: str | None, cycle: int) -> Any:
    """A line of a queue, to be compared."""
    return action, None if action == "delete" else shown(pair, table, id, text), cycle


def shown(pair: Pair, table: str, id: str, text: str | None) -> Any:
    """A record's text; of what the hub itself made what it says, however it is written."""
    if text is None or ((table, id) not in pair.model.state.made and "mergeIdToKeep" not in text):
        return text
    data = json.loads(text)
    keys = NAMED if table in HALVES else data
    return {key: data[key] for key in keys if data.get(key)}
