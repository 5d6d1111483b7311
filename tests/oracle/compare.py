"""Where hub and model differ after a cycle."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from .drive import Pair
from .history import world_of

RECORDS = """
select record.table_name, record.record_id, record.deleted, change.data
from collector.record as record
left join landing.change as change on change.cursor = record.version
"""
OWED = """
select owed.site, owed.table_name, owed.record_id, queue.action, change.data, queue.cycle
from outbox.owed as owed
join outbox.queue as queue on queue.site = owed.site and queue.sequence = owed.sequence
join landing.change as change on change.cursor = queue.cursor
"""
LOGGED = """
select table_name, record_id, log.action, change.data, log.cycle
from (
    select *, row_number() over (partition by table_name, record_id order by id desc) as newest
    from outbox.central
) as log
join landing.change as change using (cursor, table_name, record_id)
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
            yield Difference(world_of(key[-1]), told, hub.get(key), model.get(key))


def verdicts(pair: Pair) -> Iterator[Difference]:
    told = dict(pair.scene.rows("select cursor, outcome from collector.verdict"))
    for cursor, change in zip(pair.cursors, pair.model.state.changes, strict=True):
        if told.get(cursor) != change.outcome:
            line = f"verdict of {change.site}: {change.action} {change.table} {change.id} {change.text}"
            yield Difference(world_of(change.id), line, told.get(cursor), change.outcome)


def records(pair: Pair) -> Iterator[Difference]:
    hub = {
        (table, id_): "deleted" if deleted else data
        for table, id_, deleted, data in pair.scene.rows(RECORDS)
    }
    model = {
        record.key: "deleted" if record.deleted else record.text
        for record in pair.model.state.records()
    }
    yield from differing("record", hub, model)


def queues(pair: Pair) -> Iterator[Difference]:
    hub = {
        (site, table, id_): (action, None if action == "delete" else data, cycle)
        for site, table, id_, action, data, cycle in pair.scene.rows(OWED)
    }
    model = {
        (site, *key): (sent.action, sent.text, sent.cycle)
        for site, queue in pair.model.state.queues.items()
        for key, sent in queue.items()
    }
    yield from differing("queue", hub, model)
    hub = {
        (table, id_): (action, None if action == "delete" else data, cycle)
        for table, id_, action, data, cycle in pair.scene.rows(LOGGED)
    }
    model = {
        key: (sent.action, sent.text, sent.cycle)
        for key, sent in pair.model.state.central_log.items()
    }
    yield from differing("central log", hub, model)
