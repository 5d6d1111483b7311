"""Strategies: random histories of one small world, few ids so that much collides."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from pipelines import cycle

from . import world
from .history import History, Line, Segment, Step

Draw = st.DrawFn
Told = tuple[int, Line]  # the site that sends it, the line

STORES = (*world.STORES, "N")
SITES = (1, 2, *world.SITES, world.UNKNOWN)
ROOTS = ("item_line", "transact", "requisition", "Location")
CHILDREN = {
    "trans_line": ("transact", "transaction_ID"), "box": ("transact", "transactionID"),
    "box_line": ("box", "box_ID"), "requisition_line": ("requisition", "requisition_ID"),
}  # fmt: skip
VERSIONS = st.sampled_from((0, 0, 1, 1, 2))
ACTIONS = st.sampled_from(("update", "update", "update", "insert", "delete"))
MOSTLY = st.sampled_from((True, True, True, False))
CRASHES = st.sampled_from(("",) * 60 + tuple(cycle.STAGES))  # a cycle serves many worlds
SOMETIMES = st.sampled_from((True, False, False, False))
ANEW = ((11,), (12,), (13,), (14,), (11, 12), (13, 14), (15, world.UNKNOWN)) * 3
INITIALISED = st.sampled_from(((),) * 60 + ANEW + ((1, 2),))  # 2 is the primary of many worlds


def chosen(draw: Draw, *of: str) -> str:
    return draw(st.sampled_from(of))


def sender(draw: Draw, store: str) -> int:
    """Mostly the site where a store is active at first, else any."""
    at = world.STORES[store][0] if store in world.STORES else world.UNKNOWN
    return at if draw(MOSTLY) else draw(st.sampled_from(SITES))


def changed(draw: Draw, table: str, id: str, data: dict[str, object]) -> Line:
    """A version of a record, or its delete."""
    action = draw(ACTIONS)
    if action == "delete":
        return Line(action, table, f"{id}#")
    return Line(action, table, f"{id}#", data | {"n": draw(VERSIONS)})


def stock(draw: Draw) -> Told:
    """Store data and its children (O3, O13, O14, R4). A record's home store is in its id."""
    home = chosen(draw, *STORES)
    site = sender(draw, home)
    table = chosen(draw, *ROOTS, *CHILDREN)
    at = draw(st.integers(1, 2))
    data: dict[str, object]
    if table in CHILDREN:
        parent, key = CHILDREN[table]
        other = home if draw(MOSTLY) else chosen(draw, *STORES)
        data = {key: f"{parent}{draw(st.integers(1, 2))}{other}#"}
    else:
        store = home if draw(MOSTLY) else chosen(draw, *STORES)
        data = {"store_ID": f"{store}#"} if draw(MOSTLY) or draw(MOSTLY) else {}
    return site, changed(draw, table, f"{table}{at}{home}", data)


def central(draw: Draw) -> Told:
    """Central data, from the primary and from others (O1, R1, R2)."""
    site = 2 if draw(MOSTLY) else draw(st.sampled_from(SITES))
    table = chosen(draw, "item", "unit", "list_master", "dashboard_report", "user", "system_log")
    if table == "dashboard_report" and site == 2 and draw(MOSTLY):
        site = 1
    return site, changed(draw, table, f"{table}{draw(st.integers(1, 2))}", {})


def dispensary(draw: Draw) -> Told:
    """Central data of dispensaries (R2)."""
    site = 2 if draw(MOSTLY) else draw(st.sampled_from(SITES))
    table = chosen(draw, "abbreviation", "insuranceProvider")
    return site, changed(draw, table, f"{table}{draw(st.integers(1, 2))}", {})


def joins(draw: Draw) -> Told:
    """Visibility of items, names of facilities; preferences of stores (O2, R3)."""
    table = chosen(draw, "item_store_join", "name_store_join", "preference")
    store = chosen(draw, *STORES)
    at = draw(st.integers(1, 2))
    if table == "item_store_join":
        site, data = 2, {"item_ID": f"I{at}#", "store_ID": f"{store}#"}
    elif table == "preference":
        site, data = 1, {"store_id": f"{store}#", "key": "k"}
    else:
        name = chosen(draw, "SUP", "CUST", *(f"N{code}" for code in STORES))
        site, data = 1, {"name_ID": f"{name}#", "store_ID": f"{store}#",
                         "inactive": draw(SOMETIMES)}  # fmt: skip
    site = site if draw(MOSTLY) else draw(st.sampled_from(SITES))
    return site, Line("update", table, f"{table[0]}j{at}{store}#", data | {"n": draw(VERSIONS)})


def no_joins(draw: Draw) -> Told:
    """Deletes of such, seen or never seen."""
    table = chosen(draw, "item_store_join", "name_store_join", "preference")
    id = f"{table[0]}j{draw(st.integers(1, 2))}{chosen(draw, *STORES)}#"
    return draw(st.sampled_from((1, 1, 2, *SITES))), Line("delete", table, id)


def strange(draw: Draw) -> Told:
    """What is local, not known, or the hub's own (O6, O7)."""
    site = draw(st.sampled_from(SITES))
    table = chosen(draw, "his_ward", "number", "tea_break", "site", "store_site")
    if table == "site":
        return 11, world.site(chosen_site(draw), disabled=False)
    if table == "store_site":
        return 11, Line("update", table, "SSA-14#", {"store_ID": "A#", "site_ID": 11})
    return site, changed(draw, table, f"{table}1", {})


def chosen_site(draw: Draw) -> int:
    return draw(st.sampled_from(tuple(world.SITES)))


def patients(draw: Draw) -> Told:
    """Patients, what hangs on them, where they are visible (O4, O10, P2)."""
    home = chosen(draw, "D", "B", "C2", "B")
    patient = f"P{draw(st.integers(1, 2))}{home}"
    table = chosen(draw, "name", "name", "name_store_join", "name_store_join", "nameInsuranceJoin",
                   "om_encounter", "om_vaccination", "repeat_table", "preference")  # fmt: skip
    site = sender(draw, home)
    if table == "name":
        data: dict[str, object] = {"type": "patient"}
        if draw(SOMETIMES):
            data["supplying_store_id"] = f"{home}#"
        return site, changed(draw, table, patient, data)
    if table == "preference":
        store = chosen(draw, "D", "B", "C2", "A")
        told = {"store_id": f"{store}#", "key": "new_patients_visible_in_this_store"}
        return 1, Line(
            "update", table, f"np{store}#", told | {"value": chosen(draw, "true", "false")}
        )
    if table == "name_store_join":
        store = chosen(draw, "A", "D", "B", "B2", "C2", "E", "K")
        site = 1 if draw(SOMETIMES) else sender(draw, store)
        data = {"name_ID": f"{patient}#", "store_ID": f"{store}#", "inactive": draw(SOMETIMES)}
        id = f"pj{patient}{store}{'c' if site == 1 else ''}#"
        return site, Line("update", table, id, data)
    if table == "om_vaccination":
        return site, changed(draw, table, f"v{patient}", {"encounter_ID": f"om_e{patient}#"})
    key = {"nameInsuranceJoin": "nameID"}.get(table, "name_ID")
    return site, changed(draw, table, f"{table[:4]}{patient}", {key: f"{patient}#"})


def prescriptions(draw: Draw) -> Told:
    """Prescriptions and their lines, with prescribers (O4, R5, R6)."""
    store = chosen(draw, "D", "B", "C2", "A")
    patient = f"P{draw(st.integers(1, 2))}{chosen(draw, 'D', 'B', 'C2')}"
    id = f"rx{patient}{store}"
    if draw(SOMETIMES):
        line = changed(draw, "trans_line", f"l{id}", {"transaction_ID": f"{id}#"})
        return sender(draw, store), line
    data: dict[str, object] = {"store_ID": f"{store}#", "name_ID": f"{patient}#"}
    data |= {"type": "ci", "mode": "dispensary", "prescriber_ID": f"C{chosen(draw, 'D', 'B')}#"}
    return world.STORES[store][0], changed(draw, "transact", id, data)


def given_away(draw: Draw) -> Told:
    """Patients and prescribers that name another's store as their home (O3, O4)."""
    home, other = chosen(draw, "D", "B"), f"{chosen(draw, *STORES)}#"
    if draw(SOMETIMES):
        return sender(draw, home), changed(draw, "clinician", f"C{home}", {"store_ID": other})
    data: dict[str, object] = {"type": "patient", "supplying_store_id": other}
    return sender(draw, home), changed(draw, "name", f"P1{home}", data)


def prescribers(draw: Draw) -> Told:
    """Prescribers and where they are visible (O4, O10)."""
    home = chosen(draw, "D", "B", "C2")
    if draw(SOMETIMES):
        store = chosen(draw, "D", "B", "C2", "A")
        told = {"prescriber_ID": f"C{home}#", "store_ID": f"{store}#"}
        return 1, Line("update", "clinician_store_join", f"cj{home}{store}c#", told)
    data: dict[str, object] = {"store_ID": f"{home}#"}
    return sender(draw, home), changed(draw, "clinician", f"C{home}", data if draw(MOSTLY) else {})


def seen_prescribers(draw: Draw) -> Told:
    """Prescribers that sites make visible in their stores (O10)."""
    home, store = chosen(draw, "D", "B", "C2"), chosen(draw, "D", "B", "C2", "A")
    told = {"prescriber_ID": f"C{home}#", "store_ID": f"{store}#"}
    return sender(draw, store), Line("update", "clinician_store_join", f"cj{home}{store}#", told)


def moving_homes(draw: Draw) -> Told:
    """Changes of home store, which the central begins (P3, P4)."""
    home, to = chosen(draw, "D", "B", "C2"), chosen(draw, "D", "B", "C2")
    who = chosen(draw, f"P1{home}", f"P2{home}", f"C{home}")
    data = {"type": "home_store_change", "status": "new", "toStoreID": f"{home}#",
            "body": {"name_ID": f"{who}#", "to_store_ID": f"{to}#"}}  # fmt: skip
    return 1, Line("update", "message", f"hs{who}#", data)


def messages(draw: Draw) -> Told:
    """Messages, and attempts to change them (O8, R8)."""
    sent, to = chosen(draw, "A", "B", ""), chosen(draw, "A", "B", "C", "K", "", "")
    data: dict[str, object] = {"toStoreID": f"{to}#" if to else ""}
    data |= {"fromStoreID": f"{sent}#" if sent else "", "status": chosen(draw, "new", "processed")}
    site = draw(st.sampled_from(SITES))
    data["body"] = {"n": draw(VERSIONS), "by": f"{site}"}
    if draw(SOMETIMES) and draw(SOMETIMES):
        return site, Line("delete", "message", f"m{sent}{to}#")
    return site, Line("update", "message", f"m{sent}{to}#", data)


def barcodes(draw: Draw) -> Told:
    """Barcodes, few texts and items (O9)."""
    data = {"barcode": chosen(draw, "1#", "2#", ""), "itemID": f"I{draw(st.integers(1, 2))}#"}
    return draw(st.sampled_from(SITES)), changed(
        draw, "barcode", f"bc{draw(st.integers(1, 4))}", data
    )


def orders(draw: Draw) -> Told:
    """Purchase orders, and the preferences that say whose they are (O12)."""
    if draw(SOMETIMES):
        key = chosen(draw, "centralised_procurement", "supervisor_ordering")
        at = draw(st.sampled_from((11, 12, 14)))
        site = at if draw(MOSTLY) else draw(st.sampled_from(SITES))
        told = {"key": key, "site_ID": at, "value": draw(st.booleans())}
        return site, Line("update", "hub_preference", f"hp{key[0]}{at}#", told)
    store = chosen(draw, "A", "B", "E", "K", "N")
    site = 2 if draw(SOMETIMES) else sender(draw, store)
    if draw(st.booleans()):
        line = changed(
            draw, "purchase_order_line", f"pl{store}", {"purchase_order_ID": f"po{store}#"}
        )
        return site, line
    return site, changed(draw, "purchase_order", f"po{store}", {"store_ID": f"{store}#"})


def name_data(draw: Draw) -> Told:
    """Tags and lists of names (O5, R7)."""
    table = chosen(draw, "name_tag_join", "list_master_name_join")
    name = chosen(draw, "SUP", "CUST", "NA", "NB", "NE", "P1D", "P1B")
    site = 2 if draw(MOSTLY) else draw(st.sampled_from(SITES))
    return site, changed(draw, table, f"{table[0]}{name}", {"name_ID": f"{name}#"})


def merged(draw: Draw) -> Told:
    """Merges of items, units, names and locations (G1, G3, G4)."""
    table = chosen(draw, "item", "name", "Location", "unit")
    ids = {
        "item": ("I1", "I2", "I3", "item1"),
        "unit": ("unit1", "unit2"),
        "name": ("SUP", "CUST", "OLD", "OLDER"),
        "Location": ("Location1A", "Location2A"),
    }
    site = sender(draw, "A") if table == "Location" else 2 if draw(MOSTLY) else 11
    return site, merge(draw, table, ids[table])


def merge(draw: Draw, table: str, ids: tuple[str, ...]) -> Line:
    kept, gone = draw(st.sampled_from(ids)), draw(st.sampled_from(ids))
    return Line(
        "merge", table, f"{gone}#", {"mergeIdToKeep": f"{kept}#", "mergeIdToDelete": f"{gone}#"}
    )


def merged_homes(draw: Draw) -> Told:
    """Merges of patients and prescribers (G2)."""
    if draw(SOMETIMES):
        home = chosen(draw, "D", "B")
        return sender(draw, home), merge(draw, "clinician", ("CD", "CB"))
    home = chosen(draw, "D", "B", "C2")
    ids = (f"P1{home}", f"P2{home}", f"P1{home}", "P1B")
    return sender(draw, home), merge(draw, "name", ids)


def merged_stores(draw: Draw) -> Told:
    """Merges of names of stores (G5)."""
    return 2, merge(draw, "name", ("NA", "NB", "OLD", "NE", "NC"))


def transferred(draw: Draw) -> Told:
    """Invoices, credits, requests between stores, their lines, and what becomes of the halves."""
    store, to = (
        chosen(draw, "A", "B", "E", "K", "C"),
        chosen(draw, "A", "B", "E", "C", "K", "A2", "N"),
    )
    kind = chosen(draw, "stock", "returns", "requisition")
    table = "requisition" if kind == "requisition" else "transact"
    id = f"{kind}{store}{to}"
    does = chosen(draw, "half", "half", "half", "line", "line", "answer", "answer", "delete")
    if does == "answer" and to == "C":
        return site_made(draw, kind, id, store)
    at = sender(draw, to if does == "answer" else store)
    line, parent = (
        ("requisition_line", "requisition_ID")
        if kind == "requisition"
        else ("trans_line", "transaction_ID")
    )
    own = f"l{draw(st.integers(1, 2))}{id}#"
    if does == "delete":
        return at, Line("delete", *chosen_pair(draw, (table, f"{id}#"), (line, own)))
    if does == "line":
        data: dict[str, object] = {parent: f"{id}#", "item_ID": f"I{draw(st.integers(1, 2))}#"}
        data |= {"type": chosen(draw, "stock_out", "stock_out", "placeholder", "service")}
        data |= {"quantity": draw(VERSIONS), "sell_price": 2, "cost_price": 1.5, "pack_size": 10}
        data |= {"Cust_stock_order": draw(VERSIONS), "stock_on_hand": 4}
        return at, Line("update", line, own, data)
    number = "serial_number" if kind == "requisition" else "invoice_num"
    if does == "answer":
        change = draw(
            st.sampled_from(({number: 5}, {number: 6}, {"comment": "seen"}, {"status": "cn"}))
        )
        if draw(SOMETIMES):
            inner = f"<{kind}/{id}#/{own}>"
            return at, Line("edit", line, inner, {"quantity": 1, "actualQuan": 1})
        return at, Line("edit", table, f"<{kind}/{id}#>", change)
    data = {
        "store_ID": f"{store}#",
        "name_ID": f"N{to}#",
        number: 7,
        "comment": chosen(draw, "", "c"),
    }
    data |= {"type": {"stock": "ci", "returns": "sc"}.get(kind, "request"), "mode": "store"}
    return at, Line("update", table, f"{id}#", data | {"status": chosen(draw, "nw", "fn", "fn")})


def site_made(draw: Draw, kind: str, id: str, store: str) -> Told:
    """A half that a site makes itself (open mSupply)."""
    data: dict[str, object] = {"store_ID": "C#", "name_ID": f"N{store}#", "status": "nw"}
    if kind == "requisition":
        data |= {"type": "response", "linked_requisition_id": f"{id}#"}
        return 13, changed(draw, "requisition", f"om{id}", data)
    data |= {"type": "si" if kind == "stock" else "cc", "linked_transaction_id": f"{id}#"}
    return 13, changed(draw, "transact", f"om{id}", data)


def chosen_pair(draw: Draw, *of: tuple[str, str]) -> tuple[str, str]:
    return draw(st.sampled_from(of))


def ordered(draw: Draw) -> Told:
    """Purchase orders between stores, their invoices, goods received (T4-T6)."""
    store, to = chosen(draw, "A", "B", "E"), chosen(draw, "A", "B", "E", "K", "C")
    id = f"to{store}{to}"
    invoice = f"<purchase_order/{id}#>"
    does = chosen(draw, "order", "order", "line", "line", "finalise", "stock", "receive", "number",
                  "delete")  # fmt: skip
    own = f"ol{draw(st.integers(1, 2))}{id}#"
    receipt = f"<goods_received/{invoice}/s{own}>"
    if does == "delete":
        pairs = (("purchase_order", f"{id}#"), ("purchase_order_line", own), ("transact", invoice),
                 ("trans_line", f"s{own}"), ("Goods_received_line", receipt))  # fmt: skip
        at = sender(draw, store if draw(MOSTLY) else to)
        return at, Line("delete", *chosen_pair(draw, *pairs))
    if does == "order":
        data: dict[str, object] = {
            "store_ID": f"{store}#",
            "name_ID": f"N{to}#",
            "serial_number": 3,
        }
        data |= {"status": chosen(draw, "nw", "cn", "cn")}
        return sender(draw, store), Line("update", "purchase_order", f"{id}#", data)
    if does == "line":
        data = {
            "purchase_order_ID": f"{id}#",
            "item_ID": f"I{draw(st.integers(1, 2))}#",
        }
        data = data | {"packsize_ordered": 10, "quan_original_order": 40, "quan_adjusted_order": 20}
        data |= {"price_expected_after_discount": 2}
        return sender(draw, store), Line("update", "purchase_order_line", own, data)
    if does == "receive":
        data = {"quantity_received": draw(VERSIONS)}
        return sender(draw, store), Line("edit", "Goods_received_line", receipt, data)
    if does == "stock":
        data = {"transaction_ID": invoice, "item_ID": f"I{draw(st.integers(1, 3))}#"}
        data = data | {"type": "stock_out", "quantity": draw(VERSIONS), "pack_size": 10}
        data = data | {"sell_price": 2}
        data |= {"order_lines_ID": own} if draw(SOMETIMES) else {}
        return sender(draw, to), Line("update", "trans_line", f"s{own}", data)
    told = {"status": "fn"} if does == "finalise" else {"invoice_num": 9}
    return sender(draw, to), Line("edit", "transact", invoice, told)


def setting(draw: Draw) -> Told:
    """What the central edits: stores (also moved, V2), copies, new sites."""
    kind = chosen(draw, "store", "move", "copy", "site")
    if kind == "site":
        return 1, world.site(world.UNKNOWN)
    if kind == "copy":
        store, at = chosen(draw, *STORES), chosen_site(draw)
        how = chosen(draw, "collector", "collector", "none", "transfer")
        data = {"store_ID": f"{store}#", "site_ID": at, "sync_type": how}
        return 1, Line("update", "store_site", f"SS{store}-{at}#", data)
    code = chosen(draw, *STORES)
    site, mode = world.STORES.get(code, (world.UNKNOWN, "store"))
    if kind == "move":
        site = draw(st.sampled_from((*world.SITES, 1, world.UNKNOWN)))
    return 1, world.store(code, site, mode, n=draw(VERSIONS))


GROUPS: dict[str, tuple[int, Callable[[Draw], Told]]] = {
    "store": (6, stock),
    "central": (2, central),
    "dispensary": (1, dispensary),
    "joins": (2, joins),
    "no_joins": (1, no_joins),
    "strange": (1, strange),
    "patients": (4, patients),
    "given_away": (1, given_away),
    "prescriptions": (3, prescriptions),
    "prescribers": (2, prescribers),
    "seen_prescribers": (1, seen_prescribers),
    "moving_homes": (1, moving_homes),
    "messages": (2, messages),
    "barcodes": (2, barcodes),
    "orders": (2, orders),
    "name_data": (1, name_data),
    "merged": (2, merged),
    "merged_homes": (1, merged_homes),
    "merged_stores": (1, merged_stores),
    "transferred": (5, transferred),
    "ordered": (5, ordered),
    "setting": (1, setting),
}  # how often, and how


# "transferred" and "ordered" are tried in a pack of their own, see test_oracle.
AGREED = (
    "store", "central", "dispensary", "joins", "no_joins", "strange", "setting", "patients",
    "given_away", "prescriptions", "prescribers", "seen_prescribers", "moving_homes", "messages",
    "barcodes", "orders", "name_data", "merged", "merged_homes", "merged_stores", "retried",
    "initialised",
)  # fmt: skip
MANNERS = ("retried", "initialised", "crashes")  # what befalls a cycle besides what sites send


@st.composite
def steps(draw: Draw, groups: tuple[str, ...]) -> Step:
    """One cycle of a few segments."""
    kinds = [name for name in groups if name in GROUPS for _ in range(GROUPS[name][0])]
    by_site: dict[int, list[Line]] = {}
    for _ in range(draw(st.integers(1, 8))):
        site, line = GROUPS[draw(st.sampled_from(kinds))][1](draw)
        by_site.setdefault(site, []).append(line)
        if draw(SOMETIMES) and draw(SOMETIMES):
            by_site[site].append(line)  # the same line twice
    segments = []
    for site, lines in by_site.items():
        lines = draw(st.permutations(lines)) if draw(SOMETIMES) else lines
        at = draw(st.integers(0, len(lines))) if draw(SOMETIMES) else 0
        segments += [Segment(site, tuple(part)) for part in (lines[:at], lines[at:]) if part]
    if draw(SOMETIMES):
        segments.append(draw(st.sampled_from(segments)))  # a segment twice
    days = 31 if draw(SOMETIMES) and draw(SOMETIMES) else 1
    retry = draw(st.sampled_from((0, 0, 0, 2))) if "retried" in groups else 0
    crash = draw(CRASHES) if "crashes" in groups else ""
    initialise = draw(INITIALISED) if "initialised" in groups else ()
    return Step(tuple(segments), days=days, crash=crash, retry=retry, initialise=initialise)


@st.composite
def histories(draw: Draw, groups: tuple[str, ...]) -> History:
    """A history of up to six cycles; a segment may come again in a later one."""
    told = draw(st.lists(steps(groups), min_size=1, max_size=6))
    for at in range(1, len(told)):
        if draw(SOMETIMES):
            again = draw(st.sampled_from(told[draw(st.integers(0, at - 1))].segments))
            told[at] = replace(told[at], segments=(*told[at].segments, again))
    return History(tuple(told))
