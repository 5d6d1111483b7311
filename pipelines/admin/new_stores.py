"""New stores, one or a CSV of them: a record in the central's feed, and the name it stands for."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pipelines import settings
from pipelines.admin import central, sites, stores, words
from pipelines.admin.central import Edit
from pipelines.admin.words import Wrong
from pipelines.errors import MainstemError
from pipelines.home import Home

MODES = ("store", "dispensary")
PLACE = ("region", "district", "type")
DEGREES = {"latitude": 90, "longitude": 180}
COLUMNS = ("code", "name", "site"), ("mode", *PLACE, *DEGREES)
# Codes that open mSupply takes for its own and leaves out (protocol v5).
RESERVED = ("HIS", "DRG", "SM")


@dataclass(frozen=True)
class Store:
    """A store to be added; its place becomes its name's custom data."""

    code: str
    name: str
    site: int
    mode: str = MODES[0]
    place: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Added:
    """A store as it was added; `name_missing` where the primary must make the name.

    `place` is what that name is to hold in `custom_data`.
    """

    code: str
    store_id: str
    name_id: str
    name_missing: bool
    place: dict[str, Any]


def add(home: Home, store: Store) -> Added:
    """Add one store, active at its site; MainstemError says why not."""
    with central.editing(home) as edit:
        if wrong := _wrong(edit, [store])[0]:
            raise MainstemError(words.sentence("; ".join(wrong)))
        return _add(edit, [store])[0]


def add_all(home: Home, path: Path) -> list[Added]:
    """Add the stores of a CSV, all or none."""
    with central.editing(home) as edit:
        new = words.taken(path, COLUMNS, _read, partial(_wrong, edit))
        return _add(edit, new)


def _read(row: dict[str, str]) -> tuple[Store, list[str]]:
    """A store from a row of a CSV, at site 0 where it names none, and what is wrong with it."""
    wrong: list[str] = []
    site, mode = 0, None
    with words.noted(wrong):
        site = words.number(row["site"], "site", settings.LAST_SITE)
    with words.noted(wrong):
        mode = words.choice(row.get("mode", ""), "mode", MODES)
    place: dict[str, Any] = {key: text for key in PLACE if (text := row.get(key, "").strip())}
    for key, most in DEGREES.items():
        if text := row.get(key, "").strip():
            with words.noted(wrong):
                place[key] = _degrees(text, key, most)
    return Store(row["code"], row["name"], site, mode or MODES[0], place), wrong


def _degrees(text: str, what: str, most: int) -> float:
    try:
        degrees = float(text)
    except ValueError:
        degrees = float("nan")
    if not -most <= degrees <= most:
        raise Wrong(f"{what} is {text!r}, it must be -{most} to {most}")
    return degrees


def _wrong(edit: Edit, new: list[Store]) -> list[list[str]]:
    """All that is wrong with each of the stores to be added."""
    known = sites.known(edit)
    codes = {code for (code,) in edit.rows("select code from store")}
    active = stores.active(edit)
    found = []
    for store in new:
        wrong: list[str] = []
        code = store.code
        with words.noted(wrong):
            code = words.plain(store.code, "code")
            if code.upper() in RESERVED:
                raise Wrong(f"code {code} is one that sites leave out, choose another")
            if code in codes:
                raise Wrong(f"store {code} exists already")
        with words.noted(wrong):
            words.plain(store.name, "name")
        if store.site and (why := stores.no_place(edit, store.site, known, active)):
            wrong.append(why)
        if store.site and not wrong:
            codes.add(code)
            active[store.site] = active.get(store.site, 0) + 1
        found.append(wrong)
    return found


def _add(edit: Edit, new: list[Store]) -> list[Added]:
    """Put the stores' records, and their names where the central edits names."""
    free = _free_names(edit)
    today = settings.now().date().isoformat()
    added, records = [], []
    for store in new:
        code, name = words.plain(store.code, "code"), words.plain(store.name, "name")
        name_id = free.get(code) or central.new_id()
        if edit.edits_names and code not in free:
            told: central.Record = {"ID": name_id, "name": name, "code": code, "type": "store"}
            told |= {"customer": True, "supplier": True, "created_date": today}
            edit.put("name", told | {"custom_data": store.place or None})
        record: central.Record = {
            "ID": central.new_id(),
            "code": code,
            "name": name,
            "name_ID": name_id,
        }
        record |= {"sync_id_remote_site": store.site, "store_mode": store.mode}
        records.append(record | {"disabled": False, "created_date": today, "logo": ""})
        missing = not edit.edits_names and code not in free
        added.append(Added(code, record["ID"], name_id, missing, store.place))
    for record in records:
        edit.put("store", record)
    return added


def _free_names(edit: Edit) -> dict[str, str]:
    """Stores' names that no store has yet, by code: a mirrored system's primary makes them."""
    rows = edit.rows(
        """
        select code, min("ID") from name
        where "type" = 'store' and code <> ''
            and "ID" not in (select "name_ID" from store where "name_ID" is not null)
            and "ID" not in (select record_id from collector.merged where table_name = 'name')
        group by code
        """
    )
    return dict(rows)
