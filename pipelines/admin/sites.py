"""Sites that are there: disabled, enabled, removed, initialised, a new password or device."""

from dataclasses import dataclass

from pipelines.admin import central, credentials, requests
from pipelines.admin.central import Edit
from pipelines.errors import MainstemError
from pipelines.home import Home


@dataclass(frozen=True)
class Known:
    """A site that the hub knows."""

    record_id: str
    number: int
    name: str
    kind: str
    disabled: bool


def known(edit: Edit) -> dict[int, Known]:
    """Every site, by number; a number that was given twice is the first record's."""
    rows = edit.rows(
        """
        select "ID", site_ID::integer, coalesce(name, ''), coalesce(nullif(kind, ''), 'desktop'),
            coalesce(disabled, false)
        from site where site_ID is not null order by "ID" desc
        """
    )
    return {row[1]: Known(*row) for row in rows}


def find(edit: Edit, number: int) -> Known:
    """A site by its number; MainstemError when there is none."""
    if found := known(edit).get(number):
        return found
    raise MainstemError(
        f"There is no site {number}. 'mainstem site list' shows what there is, "
        "'mainstem site add' adds one."
    )


def set_password(home: Home, number: int, password: str | None) -> str | None:
    """Give a site a new password; the one that was made, if one was."""
    with central.editing(home) as edit:
        site = find(edit, number)
        if number == edit.hub.settings.central:
            raise MainstemError("The central signs in nowhere, it has no password.")
        made = credentials.made() if password is None else None
        credentials.keep(home, [(number, site.name, password or made or "")])
    return made


def set_disabled(home: Home, number: int, disabled: bool) -> bool:
    """Disable or enable a site (rule R11); whether that changes anything."""
    with central.editing(home) as edit:
        site = find(edit, number)
        if disabled:
            _not_ours(edit, number, "disabled")
        if site.disabled == disabled:
            return False
        edit.put("site", edit.record("site", site.record_id) | {"disabled": disabled})
        return True


def remove(home: Home, number: int) -> int:
    """Remove a site that has no stores (rule V6); how many of its segments wait unread."""
    with central.editing(home) as edit:
        site = find(edit, number)
        _not_ours(edit, number, "removed")
        stores = edit.rows(
            "select code from store where sync_id_remote_site = ? order by code", number
        )
        if stores:
            codes = ", ".join(code or "without a code" for (code,) in stores[:5])
            more = f" and {len(stores) - 5} more" if len(stores) > 5 else ""
            raise MainstemError(
                f"Site {number} has the stores {codes}{more}. Move them first: "
                "'mainstem store move CODE --to N'."
            )
        for (copy,) in edit.rows('select "ID" from store_site where site_ID = ?', number):
            edit.delete("store_site", copy)
        edit.delete("site", site.record_id)
        credentials.remove(home, number)
    folder = home.inbox / str(number)
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def initialise(home: Home, number: int) -> None:
    """Ask the next cycle to build a site's queue anew (rules I1, I2)."""
    with central.editing(home) as edit:
        site = find(edit, number)
        if number == edit.hub.settings.central:
            raise MainstemError("The central is this hub, it has all there is.")
        if site.disabled:
            raise MainstemError(
                f"Site {number} is disabled. 'mainstem site enable {number}' lets it sync first."
            )
        requests.ask(home, "initialise", number)


def reset_hardware(home: Home, number: int) -> str | None:
    """Let a site sync from another device (rule I4); the one it was bound to, None if none was."""
    if number not in credentials.devices(home):
        raise MainstemError(
            f"Site {number} has no credentials. 'mainstem site password {number}' gives it some."
        )
    return credentials.reset_device(home, number)


def _not_ours(edit: Edit, number: int, how: str) -> None:
    """The central and the primary keep the system going."""
    if number == edit.hub.settings.central:
        raise MainstemError(f"Site {number} is the central, this hub. It cannot be {how}.")
    if number == edit.hub.settings.primary:
        raise MainstemError(
            f"Site {number} is the primary, which edits central data. It cannot be {how}."
        )
