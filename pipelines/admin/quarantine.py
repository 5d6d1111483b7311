"""The quarantine: what was refused or waits, and why; asking for it to be judged again."""

import json
from collections.abc import Iterator
from typing import Any

from pipelines import cycle, registry
from pipelines.admin import requests
from pipelines.errors import MainstemError
from pipelines.home import Home
from warehouse import report
from warehouse.filters import no_such

COLUMNS = ("id", "site", "segment", "line", "table", "record", "reason", "detail", "received_at")

LISTED = """
select
    id, site, segment, line, table_name as "table", record_id as record, reason,
    coalesce(detail, '') as detail, strftime(received_at, '%Y-%m-%dT%H:%M:%SZ') as received_at
from marts.quarantine
where (reason = 'deferred') = $deferred
    and ($site is null or site = $site) and ($reason is null or reason = $reason)
order by id
"""

# A site that the hub knows, or one that it does not and that sent lines all the same.
HEARD_OF = """
select 1 from (select site from marts.site union all select site from marts.quarantine)
where site = ?
"""

SHOWN = """
select
    held.cursor, held.site, segment.name, change.line, held.table_name, held.record_id,
    held.reason, coalesce(held.detail, ''), strftime(change.received_at, '%Y-%m-%dT%H:%M:%SZ'),
    change.action, change.data
from collector.held as held
join landing.change as change using (cursor)
join landing.segment as segment on segment.segment = change.segment
where $id is null or held.cursor = $id
order by held.cursor
"""


def listed(
    home: Home, deferred: bool = False, site: int | None = None, reason: str | None = None
) -> list[dict[str, Any]]:
    """The lines in quarantine (or those deferred), oldest first, from the published reports.

    MainstemError for a reason that there is not, or a site of which there is nothing at all.
    """
    if reason is not None and reason not in registry.reasons():
        raise MainstemError(
            f"There is no reason {reason}. Reasons: {', '.join(sorted(registry.reasons()))}."
        )
    if not home.reports.is_file():
        return []
    with report.opened(home.reports) as con:
        rows = con.execute(LISTED, {"deferred": deferred, "site": site, "reason": reason})
        told = [dict(zip(COLUMNS, row, strict=True)) for row in rows.fetchall()]
        if not told and site is not None and not con.execute(HEARD_OF, [site]).fetchone():
            raise no_such(con, "site", site, "marts.site", "site")
    return told


def shown(home: Home, number: int) -> dict[str, Any]:
    """One line with its text; waits for a running cycle. MainstemError when it is not there."""
    found = list(exported(home, number))
    if not found:
        raise MainstemError(
            f"Line {number} is not in quarantine. 'mainstem quarantine list' shows what is."
        )
    told = registry.reasons().get(found[0]["reason"])
    return {**found[0], "meaning": told.description if told else ""}


def exported(home: Home, number: int | None = None) -> Iterator[dict[str, Any]]:
    """Every line held, or one, with its text as it came; waits for a running cycle."""
    with cycle.opened(home) as hub:
        rows = hub.con.execute(SHOWN, {"id": number}).fetchall()
    for *facts, action, data in rows:
        line = dict(zip(COLUMNS, facts, strict=True))
        yield {**line, "text": _text(line, action, data)}


def _text(line: dict[str, Any], action: str | None, data: str | None) -> str:
    """The line as it can be pushed again; a malformed one as it came."""
    if action is None:
        return data or ""
    head = {"tableName": line["table"], "recordId": line["record"], "action": action}
    opened = json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1]
    return f'{opened},"recordData":{data}}}' if data else f"{opened}}}"


def retry(home: Home, numbers: list[int]) -> int:
    """Ask the next cycle to judge lines again (none named: all in quarantine); how many."""
    held = {line["id"] for line in listed(home)} | {line["id"] for line in listed(home, True)}
    if unknown := sorted(set(numbers) - held):
        raise MainstemError(
            f"Line {unknown[0]} is not in quarantine. 'mainstem quarantine list' shows what is."
        )
    asked = sorted(set(numbers)) or sorted(line["id"] for line in listed(home))
    if asked:
        requests.ask(home, "retry", asked)
    return len(asked)
