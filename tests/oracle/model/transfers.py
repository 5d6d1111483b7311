"""The halves of transfers: rules T1-T5."""

from dataclasses import dataclass, field

from . import making, merges, patients
from .halves import KINDS, Data
from .places import Places
from .state import Key, Record, State

NUMBERS = ("invoice_num", "serial_number")


@dataclass
class Transfer:
    """Both halves of one: their stores, the responding half as it was made, its lines."""

    kind: str
    initiating: Key
    responding: Key
    stores: tuple[str, str]  # from, to
    made: Data
    lines: dict[str, tuple[str, Data]] = field(default_factory=dict)  # initiating: own id, as made
    late: set[str] = field(default_factory=set)
    over: bool = False  # withdrawn, or the initiating half is gone


def transfer(state: State) -> None:
    """Make what is due, add late lines, withdraw what was deleted."""
    places = Places(state)
    for table in ("requisition", "purchase_order", "transact"):
        for record in sorted(state.tables[table].values(), key=lambda record: record.cursor):
            kind = kind_of(state, places, record)
            if kind and not record.deleted and record.key not in {t for _, t in state.decided}:
                decide(state, places, record, kind)
    for told in list(state.transfers.values()):
        amend(state, told)


def kind_of(state: State, places: Places, record: Record) -> str:
    """The kind of transfer that a record begins; empty: none."""
    nature = record.data.get("type")
    if record.table == "requisition":
        return "requisition" if nature == "request" else ""
    if record.table == "purchase_order":
        return "purchase_order"
    if nature == "sc":
        return "returns"
    if nature != "ci" or patients.is_prescription(state, record.data):
        return ""
    order = state.record("purchase_order", record.data.get("original_PO_ID") or "")
    to = party_of(state, places, record)
    return "goods_received" if order and to and order.store == to else "stock"


def party_of(state: State, places: Places, record: Record) -> str:
    """The store that a record's name stands for."""
    return places.party.get(merges.resolved(state, "name", record.data.get("name_ID") or ""), "")


def makes_own(places: Places, site: int | None) -> bool:
    """Whether a site makes its own halves."""
    data = places.sites.get(site or 0, {})
    default = "site" if data.get("kind") == "open_msupply" else "central"
    return (data.get("transfers") or default) == "site"


def outcome(state: State, places: Places, record: Record, kind: str) -> str:
    """What the rules say of an initiating half: `create`, or why not."""
    to = party_of(state, places, record)
    if record.data.get("status") != KINDS[kind].when:
        return "early"
    if not to:
        return "not_a_store"
    if to == record.store:
        return "same_store"
    site, own = places.active.get(to), places.active.get(record.store)
    if site not in places.sites:
        return "no_site"
    if site == own:
        return "same_site"
    told = state.alive("store", to)
    if told and told.data.get("disabled"):
        return "store_disabled"
    return "site_makes" if makes_own(places, site) else "create"


def sent_to(state: State, places: Places, record: Record) -> str:
    """The store whose site makes its own halves and so is sent an initiating one; empty: none.

    What the hub has answered is no other store's, whatever its name becomes: no second half.
    """
    if any(told.initiating == record.key for told in state.transfers.values()):
        return ""
    kind = kind_of(state, places, record)
    to = party_of(state, places, record) if kind else ""
    at = places.active.get(to)
    other = at is not None and at != places.active.get(record.store)
    return to if other and makes_own(places, at) else ""


def answers(state: State, places: Places, record: Record) -> str:
    """The store that began a transfer of which a site made this responding half; empty: none."""
    table, key = record.table, "linked_transaction_id"
    if table == "requisition":
        key = "linked_requisition_id"
    elif record.data.get("type") not in ("si", "cc"):
        return ""
    begun = state.record(table, record.data.get(key) or "")
    if begun is None or record.key in state.transfers:
        return ""
    return begun.store if kind_of(state, places, begun) else ""


def decide(state: State, places: Places, record: Record, kind: str) -> None:
    """Make the responding half in the cycle in which the condition first holds; once."""
    said = outcome(state, places, record, kind)
    if said == "create":
        create(state, places, record, kind)
    elif said == "same_site":
        state.decided.add((kind, record.key))  # the site has done it all


def create(state: State, places: Places, record: Record, kind: str) -> None:
    """The responding half, whole; of a store at the hub with its next number."""
    rule, to = KINDS[kind], party_of(state, places, record)
    id = state.made_id(f"{kind}/{record.id}")
    request = request_of(state, record, to) if kind == "stock" else ""
    made = {"store_ID": to, **rule.half(state, record, request)}
    if kind != "goods_received":
        own = places.store_name.get(record.store, "")
        now = merges.resolved(state, "name", own)  # what the store is called, by merges
        made["name_ID"] = now if places.party.get(now) == record.store else own
    if places.active[to] == state.options.central:
        key = next(key for key in NUMBERS if key in made)
        others = (r for r in state.tables[rule.responding].values() if r.store == to)
        made[key] = 1 + max((r.data.get(key) or 0 for r in others), default=0)
    told = Transfer(kind, record.key, (rule.responding, id), (record.store, to), made)
    state.transfers[told.responding] = told
    state.decided.add((kind, record.key))
    making.put(state, rule.responding, id, {"ID": id, **made}, to)
    add_lines(state, told, record)


def request_of(state: State, record: Record, to: str) -> str:
    """The receiving store's request that a customer invoice was made for."""
    named = state.record("requisition", record.data.get("requisition_ID") or "")
    if named and named.data.get("type") == "response":
        linked = named.data.get("linked_requisition_id") or ""
        named = state.record("requisition", linked)
    is_request = named and named.data.get("type") == "request" and named.store == to
    return named.id if named and is_request else ""


def add_lines(state: State, told: Transfer, record: Record) -> None:
    """The lines that the responding half lacks, and its total."""
    rule = KINDS[told.kind]
    added = False
    for line in sorted(state.all(rule.lines), key=lambda line: line.id):
        if line.data.get(rule.parent) != record.id or line.id in {*told.lines, *told.late}:
            continue
        data = rule.line(state, record, line)
        if data is not None:
            id = state.made_id(f"{told.kind}/{record.id}/{line.id}")
            data = {rule.child: told.responding[1], **data}
            told.lines[line.id] = (id, data)
            making.put(state, rule.answers, id, {"ID": id, **data})
            added = True
    half = state.alive(*told.responding)
    if half and added and half.table == "transact":
        total = sum(
            (data.get("quantity") or 0) * (data.get("cost_price") or 0)
            for _, data in told.lines.values()
        )
        told.made["total"] = total
        making.put(state, *told.responding, {**half.data, "total": total}, half.store)


def amend(state: State, told: Transfer) -> None:
    """Lines that came later, while the half is untouched; its end when the initiating one went."""
    record = state.record(*told.initiating)
    if record is None or told.over:
        return
    if record.deleted:
        told.over = True
        if untouched(state, told):
            for id, _ in told.lines.values():
                making.drop(state, KINDS[told.kind].answers, id)
            making.drop(state, *told.responding)
    elif untouched(state, told):
        add_lines(state, told, record)
    else:
        rule = KINDS[told.kind]
        told.late |= {
            line.id
            for line in state.all(rule.lines)
            if line.data.get(rule.parent) == record.id and line.id not in told.lines
        }


def untouched(state: State, told: Transfer) -> bool:
    """Whether nothing of a responding half changed but its number and log."""
    rule = KINDS[told.kind]
    half = state.alive(*told.responding)
    if half is None:
        return False
    own = {
        line.id: line.data
        for line in state.all(rule.answers)
        if line.data.get(rule.child) == told.responding[1]
    }
    return (
        same(half.data, told.made)
        and own.keys() == {id for id, _ in told.lines.values()}
        and all(same(own[id], data) for id, data in told.lines.values())
    )


def same(now: Data, made: Data) -> bool:
    return all(
        (now.get(key) or "") == (told or "") for key, told in made.items() if key not in NUMBERS
    )
