"""What sites told the gateway since: acknowledgements and contacts, asked of the next cycle.

They are requests, kept in the cycle's manifest, so a rebuild tells the same. That a site was there
and took nothing is told hourly.
"""

import sqlite3
from contextlib import closing, suppress
from datetime import datetime, timedelta
from typing import Any

from pipelines.home import Home
from pipelines.hub import Hub

IDLE = timedelta(hours=1)
STANDING = """
select site, acknowledged, central, last_contact from standing where last_contact is not null
"""


def _standing(home: Home) -> list[tuple[int, int, int, str]]:
    if not home.gateway.exists():
        return []
    with suppress(sqlite3.Error), closing(sqlite3.connect(home.gateway, timeout=10)) as con:
        return con.execute(STANDING).fetchall()
    return []


def told(hub: Hub) -> list[dict[str, Any]]:
    """A request for each site of which the warehouse knows less than the gateway.

    A database that is damaged or not there tells nothing, and holds no cycle up.
    """
    standing = _standing(hub.home)
    known = {
        site: (sequence, central, last)
        for site, sequence, central, last in hub.con.execute(
            """
            select site, coalesce(sequence, 0), coalesce(central_id, 0), last_contact
            from outbox.acknowledged full join collector.contact using (site)
            """
        ).fetchall()
    }
    found = []
    for site, sequence, central, at in standing:
        before, before_central, last = known.get(site, (0, 0, None))
        contact = datetime.fromisoformat(at).replace(tzinfo=None)
        idle = sequence <= before and central <= before_central
        if idle and last is not None and contact - last < IDLE:
            continue
        acknowledged = {"site": site, "sequence": sequence, "central": central}
        found.append(
            {"acknowledge": acknowledged, "contact": contact.isoformat(), "file": "contacts.json"}
        )
    return found
