"""Where a site and the hub do not agree about what the site is to hold.

It asks the hub's records and their texts, never its routes or queues: so it shows what those left
out. It means something once everything was drained.
"""

import json
from typing import NamedTuple

import duckdb

from pipelines.gateway import wire
from pipelines.simulation.held import PAPER_KEY
from pipelines.simulation.site import Site

# One row per record that site $1 is to hold, with its text as the hub has it.
OWED = """
with active as (
    select "ID" as store_id, "name_ID" as name_id
    from records.store where sync_id_remote_site = $1
),
joined as (
    select "name_ID" as name_id, "store_ID" as store_id
    from records.name_store_join where not coalesce(inactive, false)
),
-- A store is visible where its name is, and the other way round.
visible as (
    select store."ID" as store_id
    from records.store as store join joined on joined.name_id = store."name_ID"
    where joined.store_id in (select store_id from active)
    union
    select joined.store_id from joined join active using (name_id)
),
-- An initiating half goes to the other site with what answers it, or for the site to answer it.
half as (
    select initiating_table as table_name, initiating_id as record_id, from_site,
        case when responding_id is not null or to_site in (
            select site_ID from records.site
            where coalesce(nullif(transfers, '') = 'site', kind = 'open_msupply', false)
        ) then to_site end as to_site
    from transfers.transfer
    union all
    select responding_table, responding_id, from_site, to_site
    from transfers.transfer where responding_id is not null
),
halves as (select table_name, record_id from half where $1 in (from_site, to_site)),
owed as (
    select record.*
    from collector.record as record
    join (select distinct record_kind, table_name, store_set, route from kind) as kind
        on kind.record_kind = record.record_kind and kind.table_name = record.table_name
        and coalesce(kind.store_set = (record.store_id is not null), true)
    where not record.deleted and kind.route <> 'none' and (
        kind.route = 'central'
        or record.store_id in (select store_id from active)
        or (record.table_name, record.record_id) in (from halves)
        or (
            record.parent_id in (select record_id from halves)
            and record.table_name in ('trans_line', 'requisition_line')
        )
        or (record.table_name = 'store' and record.record_id in (select store_id from visible))
        or (record.table_name = 'name' and record.record_id in (
            select name_id from joined where store_id in (select store_id from active)
        ))
    )
)
select owed.table_name, owed.record_id, change.data
from owed join landing.change as change on change.cursor = owed.version
order by all
"""


class Difference(NamedTuple):
    """A record that differs: its text at the site and at the hub, None where it is not held."""

    table: str
    record: str
    site: str | None
    hub: str | None


def differences(site: Site, hub: duckdb.DuckDBPyConnection) -> list[Difference]:
    """Every record of which a site and the open warehouse of the hub do not have the same text.

    These records are the site's to hold: all of its active stores, both halves of transfers they
    take part in, central data, stores and patients visible to them. What else a site still holds
    of other stores is not compared, nor are messages: they are read, not kept.
    """
    owed = {(table, id): text for table, id, text in hub.execute(OWED, [site.number]).fetchall()}
    ours = {key for key in site.held.everything() if _ours(site, *key)}
    return [
        Difference(*key, site.held.texts.get(key), owed.get(key))
        for key in sorted(owed.keys() | ours)
        if site.held.texts.get(key) != owed.get(key)
    ]


def beyond_form(found: Difference) -> bool:
    """Whether a difference is more than the form in which records go over the wire."""
    if found.site is None or found.hub is None:
        return True
    site, hub = (wire.formed(found.table, json.loads(text)) for text in (found.site, found.hub))
    return site != hub


def _ours(site: Site, table: str, id: str) -> bool:
    """Whether a record is store data of one of the site's active stores."""
    record = site.held.table(table)[id]
    if table in PAPER_KEY:
        paper = {"trans_line": "transact"}.get(table, table.removesuffix("_line"))
        record = site.held.get(paper, record[PAPER_KEY[table]]) or record
    return table != "hub_preference" and record.get("store_ID") in site.stores()
