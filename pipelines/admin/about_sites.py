"""What is known of sites: from the published reports, gateway.db, and what waits to be applied."""

import json
from typing import Any

import duckdb

from pipelines.admin import credentials, waiting
from pipelines.admin.rows import rows
from pipelines.errors import MainstemError
from pipelines.home import Home
from warehouse import report

LISTED = """
select
    site.site_id, site.site, site.site_name as name,
    coalesce(nullif(site.kind, ''), 'desktop') as kind,
    site.transfers, count(store.store_id) as stores, site.last_contact,
    site.queue_length, case when site.disabled then 'disabled' else '' end as state
from marts.site as site
left join marts.store as store on store.site = site.site
group by all
order by site.site
"""

SHOWN = """
select first_contact, last_contact, last_accepted
from marts.site where site = $1
"""

STORES = "select store_code from marts.store where site = $1 order by store_code"

COPIES = """
select coalesce(store.store_code, copy.store_id) || ' (' || copy.sync_type || ')'
from marts.store_copy as copy left join marts.store as store using (store_id)
where copy.site = $1 order by 1
"""

# Late pushes of a store that has moved away stand first (rule V4).
SET_ASIDE = """
select id, reason, table_name as "table", record_id as record, coalesce(detail, '') as detail
from marts.quarantine where site = $1
order by reason <> 'store_inactive_here', id
"""

QUEUE = 'select table_name as "table", queued from marts.queue where site = $1 order by 1'


def listed(home: Home) -> list[dict[str, Any]]:
    """Every site; `state` says disabled, or what the next cycle makes of it."""
    sites = {row["site"]: row for row in _rows(home, LISTED)}
    ids = {row.pop("site_id"): row["site"] for row in sites.values()}
    for line in waiting.lines(home, ("site",)):
        if line.data is None:
            if number := ids.get(line.record_id):
                sites[number]["state"] = "removed by the next sync"
            continue
        told = json.loads(line.data)
        number = told.get("site_ID")
        if not isinstance(number, int):
            continue
        ids[line.record_id] = number
        kind = told.get("kind") or "desktop"
        makes = "site" if kind == "open_msupply" else "central"
        state = "disabled" if told.get("disabled") else "enabled"
        sites[number] = {
            "site": number,
            "name": told.get("name"),
            "kind": kind,
            "transfers": told.get("transfers") or makes,
            **sites.get(number, {"stores": 0, "last_contact": None, "queue_length": 0}),
            "state": f"{state if number in sites else 'added'} by the next sync",
        }
    return [sites[number] for number in sorted(sites)]


def shown(home: Home, number: int) -> dict[str, Any]:
    """One site whole; `set_aside` are its lines in quarantine and those that wait."""
    told = _known(home, number)
    contacts = _rows(home, SHOWN, number)
    devices = credentials.devices(home)
    told |= contacts[0] if contacts else {}
    return told | {
        **_over_http(home, number),
        "can_sign_in": number in devices,
        "hardware_id": devices.get(number),
        "stores": [row["store_code"] for row in _rows(home, STORES, number)],
        "copies": [next(iter(row.values())) for row in _rows(home, COPIES, number)],
        "set_aside": _rows(home, SET_ASIDE, number),
    }


def _over_http(home: Home, number: int) -> dict[str, Any]:
    """What the gateway knows of a site: with what it syncs, how it stands, what went wrong last."""
    told: dict[str, Any] = dict.fromkeys(("app_name", "app_version", "version", "status"))
    told["errors"] = []
    if not home.gateway.exists():
        return told
    with credentials.opened(home) as con:
        query = "select app_name, app_version, version, status from standing where site = ?"
        for row in rows(con, query, number):
            told |= row
        query = (
            "select at, what as call, error, address from contact "
            "where site = ? and error <> '' order by id desc limit 10"
        )
        told["errors"] = rows(con, query, number)
    return told


def queue(home: Home, number: int) -> dict[str, Any]:
    """What a site is owed of its own queue, by table (rule R12)."""
    _known(home, number)
    tables = _rows(home, QUEUE, number)
    return {
        "site": number,
        "queue_length": sum(row["queued"] for row in tables),
        "tables": tables,
    }


def _known(home: Home, number: int) -> dict[str, Any]:
    for row in listed(home):
        if row["site"] == number:
            return row
    raise MainstemError(f"There is no site {number}. 'mainstem site list' shows what there is.")


def _rows(home: Home, query: str, *given: object) -> list[dict[str, Any]]:
    """Rows of the published reports; none before the first cycle."""
    if not home.reports.is_file():
        return []
    try:
        with report.opened(home.reports) as con:
            return rows(con, query, *given)
    except duckdb.Error as error:  # published by another version
        raise MainstemError(
            f"{home.reports} cannot be read. Run 'mainstem sync' to publish it."
        ) from error
