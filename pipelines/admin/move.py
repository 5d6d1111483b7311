"""Moving a store to another site, and what may be lost by it (rules V2-V5)."""

from dataclasses import asdict, dataclass
from typing import Any

from pipelines import feed
from pipelines.admin import central, sites, stores, words
from pipelines.admin.central import Edit
from pipelines.errors import MainstemError
from pipelines.home import Home

KEEPS = ("none", "transfer", "collector")

# What a site is still owed, and what of it waits for other records.
STANDING = """
select
    (
        select count(*) from outbox.owed as owed
        left join outbox.acknowledged as done using (site)
        where owed.site = $1 and owed.sequence > coalesce(done.sequence, 0)
    ),
    (select count(*) from collector.held where site = $1 and reason = 'deferred')
"""


@dataclass(frozen=True)
class Standing:
    """A site before a move: records queued for it, its segments and its lines that wait."""

    site: int
    queued: int
    segments: int
    deferred: int

    @property
    def said(self) -> str:
        """What is not settled, in words; empty when everything is."""
        told = [
            (self.queued, "record queued", "records queued"),
            (self.segments, "segment waiting", "segments waiting"),
            (self.deferred, "line deferred", "lines deferred"),
        ]
        found = ", ".join(words.counted(*what) for what in told if what[0])
        return f"site {self.site} has {found}" if found else ""


@dataclass(frozen=True)
class Move:
    """A move, done or only looked at; `allowed` without force, `losses` in sentences."""

    store: str
    from_site: int | None
    to_site: int
    from_keeps: str
    allowed: bool
    moved: bool
    sites: list[Standing]
    losses: list[str]

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def move(
    home: Home, code: str, to: int, keeps: str = "none", force: bool = False, dry: bool = False
) -> Move:
    """Move a store, unless something is queued or waits (`force`: all the same; `dry`: not at all).

    The from-site keeps nothing, a transfer or a collector copy; MainstemError says why not.
    """
    with central.editing(home) as edit:
        store = stores.find(edit, code)
        name = store.code or store.record_id
        if store.site == to:
            raise MainstemError(f"Store {name} is active at site {to} already.")
        if why := stores.no_place(edit, to, sites.known(edit), stores.active(edit)):
            raise MainstemError(words.sentence(why))
        standing = [
            _standing(edit, site)
            for site in (store.site, to)
            if site is not None and site != edit.hub.settings.central
        ]
        unsettled = [site.said for site in standing if site.said]
        done = not dry and (force or not unsettled)
        if not (done or dry):
            raise MainstemError(
                f"{words.sentence('; '.join(unsettled))} Let them sync first, or look with "
                "--dry-run at what --force may lose."
            )
        if done:
            _put(edit, store, to, keeps)
        losses = _losses(standing, store.site, edit.hub.settings.central)
        return Move(name, store.site, to, keeps, not unsettled, done, standing, losses)


def _standing(edit: Edit, site: int) -> Standing:
    ((queued, deferred),) = edit.rows(STANDING, site)
    folder = edit.hub.home.inbox / str(site)
    segments = sum(map(feed.is_segment, folder.iterdir())) if folder.is_dir() else 0
    return Standing(site, queued, segments, deferred)


def _losses(standing: list[Standing], before: int | None, central: int) -> list[str]:
    """What may be lost, in sentences: what is late is set aside, never thrown away (rule V4)."""
    told = []
    for site in standing:
        records = words.counted(site.queued, "record", "records")
        if site.site != before:
            if site.queued:
                told.append(f"Site {site.site} gets the store behind {records} not fetched yet.")
            continue
        if site.segments:
            segments = words.counted(site.segments, "waiting segment", "waiting segments")
            told.append(
                f"What {segments} of site {before} may say of the store will be set aside "
                "(store_inactive_here)."
            )
        if site.deferred:
            lines = words.counted(site.deferred, "deferred line", "deferred lines")
            told.append(f"Of {lines} of site {before}, the store's will be set aside.")
        if site.queued:
            told.append(
                f"Site {before} has not fetched {records}; what it answers for the store will be "
                "set aside."
            )
    if before is not None and before != central:
        told.append(
            f"What site {before} has changed in the store and not pushed yet will be set aside "
            "when it comes."
        )
    return told


def _put(edit: Edit, store: stores.Known, to: int, keeps: str) -> None:
    """Put the store at its new site, and what the old one keeps of it."""
    record = edit.record("store", store.record_id)
    edit.put("store", record | {"sync_id_remote_site": to})
    copies = {
        site: (id_, told)
        for id_, site, told in edit.rows(
            'select "ID", site_ID::integer, sync_type from store_site where "store_ID" = ? '
            'order by "ID" desc',
            store.record_id,
        )
    }
    wanted = {to: "none"}
    if store.site is not None and store.site != edit.hub.settings.central:
        wanted[store.site] = keeps
    for site, kept in wanted.items():
        id_, told = copies.get(site, (None, "none"))
        if told == kept:
            continue
        copy = edit.record("store_site", id_) if id_ else {"ID": central.new_id()}
        copy |= {"store_ID": store.record_id, "site_ID": site, "sync_type": kept}
        edit.put("store_site", copy)
