"""Strategies: random histories of one small world, few ids so that much collides."""

from collections.abc import Callable

from hypothesis import strategies as st

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
SOMETIMES = st.sampled_from((True, False, False, False))


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
    if table in CHILDREN:
        parent, key = CHILDREN[table]
        other = home if draw(MOSTLY) else chosen(draw, *STORES)
        data: dict[str, object] = {key: f"{parent}{draw(st.integers(1, 2))}{other}#"}
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
    "setting": (1, setting),
}  # how often, and how


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
    return Step(tuple(segments), days=days, retry=draw(st.sampled_from((0, 0, 0, 2))))


@st.composite
def histories(draw: Draw, groups: tuple[str, ...]) -> History:
    """A history of up to six cycles; a segment may come again in a later one."""
    told = draw(st.lists(steps(groups), min_size=1, max_size=6))
    for at in range(1, len(told)):
        if draw(SOMETIMES):
            again = draw(st.sampled_from(told[draw(st.integers(0, at - 1))].segments))
            told[at] = Step((*told[at].segments, again), told[at].days, retry=told[at].retry)
    return History(tuple(told))
