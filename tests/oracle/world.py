"""The small world of every history: six sites of its own, ten stores, names, items."""

from .history import Line, Segment, Step

# Sites above 10 are a world's own; 16 is not registered. store: site, mode.
SITES = {11: "desktop", 12: "desktop", 13: "open_msupply", 14: "mobile", 15: "desktop"}
DISABLED = 15
UNKNOWN = 16
STORES = {
    "A": (11, "store"), "A2": (11, "store"), "D": (11, "dispensary"), "B": (12, "dispensary"),
    "B2": (12, "store"), "C": (13, "store"), "C2": (13, "dispensary"), "E": (14, "store"),
    "G": (15, "store"), "K": (1, "store"), "H": (2, "store"),
}  # fmt: skip
FACILITIES = ("SUP", "CUST", "OLD", "OLDER")
VISIBLE = (("B", "A"), ("A", "C"), ("A", "E"), ("D", "B"), ("K", "A"), ("C", "B2"))
COPIES = (("A", 14, "collector"), ("A", 15, "collector"), ("B", 11, "transfer"),
          ("K", 12, "collector"), ("C", 12, "collector"), ("E", 11, "collector"))  # fmt: skip


def hub(primary: int) -> list[Line]:
    """What all worlds share: the central and the primary."""
    names = {1: "Central", primary: "Head office"}
    return [
        Line("update", "site", f"S{at}", {"site_ID": at, "name": name})
        for at, name in names.items()
    ]


def store(code: str, site: int, mode: str, **told: object) -> Line:
    """A store's record."""
    data: dict[str, object] = {"code": f"{code}#", "name": f"Store {code}", "name_ID": f"N{code}#"}
    data |= {"sync_id_remote_site": site, "store_mode": mode, "disabled": False}
    return Line("update", "store", f"{code}#", data | told)


def site(at: int, **told: object) -> Line:
    data = {"site_ID": at, "name": f"Site {at}", "code": f"{at}#", "kind": SITES.get(at, "desktop")}
    return Line("update", "site", f"S{at}#", data | told)


def by_central() -> list[Line]:
    """Sites, stores, what is visible where."""
    return [
        *(site(at, **({"disabled": True} if at == DISABLED else {})) for at in SITES),
        *(store(code, *told) for code, told in STORES.items()),
        *(
            Line("update", "name_store_join", f"J{name}-{code}#",
                 {"name_ID": f"N{name}#", "store_ID": f"{code}#", "inactive": False})
            for name, code in VISIBLE
        ),
        *(
            Line("update", "store_site", f"SS{code}-{at}#",
                 {"store_ID": f"{code}#", "site_ID": at, "sync_type": kind})
            for code, at, kind in COPIES
        ),
    ]  # fmt: skip


def by_primary() -> list[Line]:
    """Names and items."""
    names = {f"N{code}": "store" for code in (*STORES, "N")} | dict.fromkeys(FACILITIES, "facility")
    return [
        *(
            Line("update", "name", f"{id}#", {"name": id, "type": kind})
            for id, kind in names.items()
        ),
        *(Line("update", "item", f"I{n}#", {"item_name": f"Item {n}"}) for n in (1, 2, 3)),
    ]


SET_UP = Step((Segment(1, tuple(by_central())), Segment(2, tuple(by_primary()))))
