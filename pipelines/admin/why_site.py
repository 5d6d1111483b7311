"""Why a site has a record or not, in words: what it was sent, else the rule that passed it by."""

from typing import Any

from pipelines.errors import MainstemError
from pipelines.hub import Hub

HELD = """
select coalesce(any_value(sync_type), 'nothing') from records.store_site
where "store_ID" = $1 and site_ID = $2 and sync_type <> 'none'
"""

SEEN_IN = """
select store.code, store.sync_id_remote_site::integer
from records.name_store_join as joined
join records.store as store on store."ID" = joined."store_ID"
where joined."name_ID" = $1 and not coalesce(joined.inactive, false)
order by 1
"""


def why(hub: Hub, record: str, part: dict[str, Any], site: int) -> dict[str, Any]:
    """{site, has: yes, owed or no, why} for one record, of what `why.why` found of it."""
    known = hub.con.execute(
        "select coalesce(disabled, false) from records.site where site_ID = ?", [site]
    ).fetchone()
    told = hub.settings
    if known is None and site not in (told.central, told.primary):
        raise MainstemError(f"There is no site {site}. 'mainstem site list' shows what there is.")
    has, reason = _told(hub, record, part, site, bool(known and known[0]))
    return {"site": site, "has": has, "why": reason}


def _told(
    hub: Hub, record: str, part: dict[str, Any], site: int, disabled: bool
) -> tuple[str, str]:
    stands = part["stands"]
    if stands is None:
        own = [change for change in part["changes"] if change["site"] == site]
        if own:
            return "yes", f"Its own change of it stands there; the hub has {own[-1]['outcome']}."
        return "no", "No version of it was accepted, so nothing of it goes anywhere."
    if site == hub.settings.central:
        return "yes", "The central has every accepted record."
    sent = [line for line in part["queued"] if line["site"] == site]
    if sent and sent[-1]["state"] != "superseded":
        line = sent[-1]
        place = f"line {line['sequence']} of its queue, in cycle {line['cycle']} ({line['rule']})"
        if line["state"] == "acknowledged":
            return "yes", f"It was sent in {place}, and the site has acknowledged it."
        return "owed", f"It was sent in {place}; the site has not acknowledged it yet."
    if stands["made_by"] == site:
        return "yes", "The site itself made the newest version, which is not sent back (R11)."
    if stands["active_at"] == site:
        return "yes", f"Its store {stands['store']} is active at the site, which edits it."
    if part["central_log"]:
        (done,) = hub.one(
            "select coalesce(max(central_id), 0) from outbox.acknowledged where site = ?", site
        )
        at = part["central_log"][-1]["id"]
        if done >= at:
            return "yes", f"Every site reads line {at} of the central log, and it has (R1)."
        return "owed", f"Every site reads line {at} of the central log, it has not yet (R1)."
    before = ["It was sent before the site's queue began anew."] if sent else []
    return "no", " ".join([*before, *_not(hub, record, stands, site, disabled)])


def _not(hub: Hub, record: str, stands: dict[str, Any], site: int, disabled: bool) -> list[str]:
    """Why it was never sent: the rule of its route, and how things stand with the site."""
    if disabled:
        return [f"Site {site} is disabled, and gets nothing (R11)."]
    told = [f"Such records go to {stands['goes_to']} ({stands['rule']})."]
    if stands["store_id"] and stands["route"] in ("store", "central_store", "prescription"):
        (held,) = hub.one(HELD, stands["store_id"], site)
        store, at = stands["store"] or stands["store_id"], stands["active_at"]
        told.append(
            f"Store {store} is active at site {at}; site {site} holds {held} of it."
            if at
            else f"Store {store} is active nowhere."
        )
    if stands["route"] in ("patient", "name") or stands["table"] == "name":
        seen = [f"{code} (site {at})" for code, at in hub.con.execute(SEEN_IN, [record]).fetchall()]
        told.append(f"Its name is visible in {', '.join(seen) if seen else 'no store'}.")
    if stands["deleted"]:
        told.append("It is deleted, which goes where it went before (R10).")
    if stands["merged_into"]:
        told.append(f"It was merged into {stands['merged_into']}.")
    return told
