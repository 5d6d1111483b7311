"""Names: customers, suppliers, stores, patients; prescribers too: where visible, where at home."""

from dataclasses import dataclass
from typing import Any

from pipelines import settings
from pipelines.admin import central, stores
from pipelines.admin.central import Edit
from pipelines.errors import MainstemError
from pipelines.home import Home

# A name comes before a prescriber, a code before an id.
FOUND = """
with told as (
    select 'name' as table_name, "ID" as id, code, name, "type" from name
    where code = $1 or "ID" = $1
    union all
    select 'clinician', "ID", null, null, 'prescriber' from clinician where "ID" = $1
)
select
    told.table_name, told.id, coalesce(told.code, ''), coalesce(told.name, ''),
    coalesce(told."type", ''), merged.merged_into, record.store_id
from told
left join collector.merged as merged
    on merged.table_name = told.table_name and merged.record_id = told.id
left join collector.record as record
    on record.table_name = told.table_name and record.record_id = told.id
qualify rank() over (order by told.table_name = 'clinician', told.code is distinct from $1) = 1
order by told.id
"""

JOINED = """
select store.code, store.sync_id_remote_site::integer, not coalesce(joined.inactive, false)
from name_store_join as joined
join store on store."ID" = joined."store_ID"
where joined."name_ID" = ?
order by 1, 3 desc
"""

PENDING = """
with told as (
    select case when body[1] = '"' then json_extract_string(body, '$') else body end as body
    from message
    where type = 'home_store_change' and coalesce(status, '') <> 'processed'
)
select json_extract_string(body, '$.to_store_ID') from told
where json_valid(body) and json_extract_string(body, '$.name_ID') = ?
"""


@dataclass(frozen=True)
class Known:
    """A name, or a prescriber (`clinician`), that the hub knows; `home` is its home store's id."""

    table: str
    record_id: str
    code: str
    name: str
    kind: str
    merged_into: str | None
    home: str | None

    @property
    def moves(self) -> bool:
        """Whether it has a home store that can change."""
        return self.table == "clinician" or self.kind == "patient"


def find(edit: Edit, told: str, merged: bool = False) -> Known:
    """A name by its code or id; MainstemError when there is none, several, or it is merged away."""
    rows = edit.rows(FOUND, told)
    if len(rows) > 1:
        ids = ", ".join(row[1] for row in rows[:5])
        raise MainstemError(f"{len(rows)} names have the code {told}. Name one by its id: {ids}.")
    if not rows:
        raise MainstemError(f"There is no name {told}. Give its code or its id.")
    found = Known(*rows[0])
    if found.merged_into and not merged:
        raise MainstemError(f"Name {told} was merged into {found.merged_into}. Use that one.")
    return found


def show(home: Home, told: str) -> dict[str, Any]:
    """A name: what it is, the store that it stands for, its home store, where it is visible."""
    with central.editing(home) as edit:
        name = find(edit, told, merged=True)
        codes = dict(edit.rows('select "ID", code from store'))
        own = edit.rows('select code from store where "name_ID" = ? order by 1', name.record_id)
        away = edit.rows(
            "select record_id from collector.merged where table_name = ? and merged_into = ? "
            "order by 1",
            name.table,
            name.record_id,
        )
        pending = edit.rows(PENDING, name.record_id)
        joins = edit.rows(JOINED, name.record_id)
        seen = [(code, site) for code, site, visible in joins if visible]
        if name.moves and name.home:
            at = edit.rows(
                'select code, sync_id_remote_site::integer from store where "ID" = ?', name.home
            )
            seen = sorted({*seen, *at})
    return {
        "id": name.record_id,
        "code": name.code,
        "name": name.name,
        "type": name.kind,
        "store": own[0][0] if own else None,
        "merged_into": name.merged_into,
        "merged_from": [id_ for (id_,) in away],
        "home_store": codes.get(name.home, name.home) if name.moves else None,
        "home_store_changes_to": codes.get(pending[0][0], pending[0][0]) if pending else None,
        "visible_in": [{"store": code, "site": site} for code, site in seen],
        "hidden_in": sorted({code for code, _, _ in joins} - {code for code, _ in seen}),
    }


def set_visible(home: Home, told: str, store_told: str, visible: bool) -> bool:
    """Make a name visible in a store, or no longer; whether that changes anything (rule O2)."""
    with central.editing(home) as edit:
        name, store = find(edit, told), stores.find(edit, store_told)
        if name.table == "clinician":
            raise MainstemError(f"{told} is a prescriber, visible where it has prescribed.")
        if name.record_id == store.name_id:
            raise MainstemError(f"{told} is the name of store {store.code} itself.")
        joins = edit.rows(
            'select "ID", coalesce(inactive, false) from name_store_join '
            'where "name_ID" = ? and "store_ID" = ? order by inactive, "ID"',
            name.record_id,
            store.record_id,
        )
        shown = [id_ for id_, inactive in joins if not inactive]
        if bool(shown) == visible:
            return False
        if not visible:
            for id_ in shown:
                edit.put(
                    "name_store_join", edit.record("name_store_join", id_) | {"inactive": True}
                )
            return True
        join = edit.record("name_store_join", joins[0][0]) if joins else {"ID": central.new_id()}
        join |= {"name_ID": name.record_id, "store_ID": store.record_id, "inactive": False}
        edit.put("name_store_join", join)
        return True


def change_home(home: Home, told: str, store_told: str) -> tuple[str, int | None]:
    """Start a change of home store (rules P3, P4): the present home store's code, and its site."""
    with central.editing(home) as edit:
        name, to = find(edit, told), stores.find(edit, store_told)
        if not name.moves:
            raise MainstemError(
                f"{told} is of type {name.kind or 'none'}; only patients and prescribers have a "
                "home store."
            )
        if edit.rows(PENDING, name.record_id):
            raise MainstemError(
                f"A change of home store of {told} waits for its present home site already. "
                "'mainstem name show' says where it goes."
            )
        if name.home is None:
            raise MainstemError(f"{told} has no home store yet. Run 'mainstem sync' first.")
        if name.home == to.record_id:
            raise MainstemError(f"{store_told} is the home store of {told} already.")
        if to.disabled:
            raise MainstemError(f"Store {store_told} is disabled. Choose another.")
        present = stores.find(edit, name.home)
        now = settings.now()
        message = {"ID": central.new_id(), "toStoreID": present.record_id, "fromStoreID": ""}
        body = {"name_ID": name.record_id, "to_store_ID": to.record_id}
        moment = {
            "createdDate": now.date().isoformat(),
            "createdTime": now.hour * 3600 + now.minute * 60 + now.second,
        }
        told_by = {"status": "new", "type": "home_store_change", "error_message": ""}
        edit.put("message", message | {"body": body} | moment | told_by)
        return present.code, present.site
