"""Stores that are there: found by code, and where one may be active (rules V2, V5, V7)."""

from dataclasses import dataclass

from pipelines.admin.central import Edit
from pipelines.admin.sites import Known as Site
from pipelines.errors import MainstemError


@dataclass(frozen=True)
class Known:
    """A store that the hub knows, and the site where it is active."""

    record_id: str
    code: str
    name_id: str | None
    site: int | None
    mode: str | None
    disabled: bool


def find(edit: Edit, told: str) -> Known:
    """A store by its code, or by its id; MainstemError when there is none or several."""
    rows = edit.rows(
        """
        select
            "ID", coalesce(code, ''), "name_ID", sync_id_remote_site::integer, store_mode,
            coalesce(disabled, false)
        from store where code = $1 or "ID" = $1
        qualify code = $1 or count(*) filter (code = $1) over () = 0
        order by "ID"
        """,
        told,
    )
    if len(rows) > 1:
        ids = ", ".join(row[0] for row in rows)
        raise MainstemError(f"{len(rows)} stores have the code {told}. Name one by its id: {ids}.")
    if not rows:
        raise MainstemError(f"There is no store {told}. 'mainstem report stock-value' lists them.")
    return Known(*rows[0])


def active(edit: Edit) -> dict[int, int]:
    """How many stores stand at each site, disabled ones too, as the collector counts them."""
    return dict(
        edit.rows(
            "select sync_id_remote_site::integer, count(*) from store "
            "where sync_id_remote_site is not null group by all"
        )
    )


def no_place(edit: Edit, number: int, known: dict[int, Site], active: dict[int, int]) -> str | None:
    """Why no further store can be active at a site, None where one can."""
    ours = (edit.hub.settings.central, edit.hub.settings.primary)
    site = known.get(number)
    if site is None:
        return None if number in ours else f"site {number} does not exist, add it first"
    if site.disabled:
        return f"site {number} is disabled, enable it first"
    if site.kind == "mobile" and active.get(number, 0):
        return f"site {number} is a mobile site and has its one store already"
    return None
