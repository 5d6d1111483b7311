"""The play: in the end every site holds what the hub holds of it, and nothing is lost."""

from collections import Counter

from played import Played

from pipelines.simulation.differences import differences
from pipelines.simulation.held import Record
from pipelines.simulation.office import DEVICE_LOST
from pipelines.simulation.places import CENTRAL, NATIONAL
from pipelines.simulation.site import Site

PAIRS = {"ci": "si", "sc": "cc"}


def remote(played: Played) -> list[Site]:
    return [site for number, site in played.fleet.sites.items() if number != CENTRAL]


def sent_to_stores(played: Played) -> dict[str, Record]:
    """What left one store for another one, by id: shipments and returns, not prescriptions."""
    primary = played.fleet.sites[NATIONAL]
    stores = {it["name_ID"] for it in primary.held.table("store").values()}
    assert len(stores) > 30
    return {
        id: it
        for id, it in played.own("transact").items()
        if it["type"] in PAIRS and it["name_ID"] in stores and it["status"] in ("cn", "fn")
    }


def test_every_site_holds_what_the_hub_holds_of_it(played: Played) -> None:
    for site in remote(played):
        assert differences(site, played.con) == []
        assert len(site.held.texts) > 200


def test_differences_sees_what_is_missing_changed_or_too_much(played: Played) -> None:
    site = next(it for it in remote(played) if it.kind == "mobile")
    ours = next(id for id, it in site.held.table("item_line").items())
    theirs = next(
        id
        for id, it in site.held.table("trans_line").items()
        if site.held.table("transact")[it["transaction_ID"]]["store_ID"] not in site.stores()
    )
    texts = dict(site.held.texts)
    try:
        site.held.texts["item_line", ours] = "{}"
        del site.held.texts["trans_line", theirs]
        site.held.put("item_line", "X", {"ID": "X", "store_ID": next(iter(site.stores()))})
        site.held.texts["item_line", "X"] = "{}"
        found = {
            (it.record, it.site is None, it.hub is None) for it in differences(site, played.con)
        }
    finally:
        site.held.drop("item_line", "X")
        site.held.texts = texts
    assert found == {(ours, False, False), (theirs, True, False), ("X", False, True)}


def test_what_left_a_store_is_in_transit_received_or_returned(played: Played) -> None:
    transacts, lines = played.own("transact"), played.lines()
    halves = Counter(
        it["linked_transaction_id"] for it in transacts.values() if it["type"] in PAIRS.values()
    )
    answers = {
        it["linked_transaction_id"]: it
        for it in transacts.values()
        if it["type"] in PAIRS.values() and it["linked_transaction_id"]
    }
    goods = {it["goods_received_ID"]: it for it in transacts.values() if it["goods_received_ID"]}
    orders = {it["purchase_order_ID"]: it for it in played.own("Goods_received").values()}
    left = sent_to_stores(played)
    in_transit = 0

    def packs(id: str) -> Counter[tuple[str, str, float]]:
        sums: Counter[tuple[str, str, float]] = Counter()
        for line in lines[id]:
            sums[line["item_ID"], line["batch"], line["pack_size"]] += line["quantity"]
        return sums

    for id, header in left.items():
        if header["original_PO_ID"]:
            received = goods.get(orders[header["original_PO_ID"]]["ID"])
            in_transit += received is None
            assert received is None or packs(received["ID"]) == packs(id)
            continue
        if header["status"] == "cn" and not halves[id]:  # picked, it has not left
            in_transit += 1
            continue
        assert halves[id] == 1
        answer = answers[id]
        assert answer["type"] == PAIRS[header["type"]]
        assert answer["entry_date"] >= header["entry_date"]
        assert packs(answer["ID"]) == packs(id)
        in_transit += answer["status"] == "nw"
        for line in lines[answer["ID"]]:
            assert bool(line["item_line_ID"]) == (answer["status"] in ("cn", "fn"))
    assert len(left) > 60 and 0 < in_transit < len(left) / 2


def test_every_kind_of_transfer_was_made_once_by_the_hub_and_by_sites(played: Played) -> None:
    made = Counter(
        played.rows("select kind, made_by from transfers.transfer where responding_id is not null")
    )
    for kind in ("stock", "requisition"):
        assert made[kind, "hub"] > 5 and made[kind, "site"] > 5
    assert made["returns", "hub"]
    assert made["purchase_order", "hub"] >= made["goods_received", "hub"] > 2
    (doubled,) = played.rows(
        """
        select count(*) - count(distinct responding_id), count(*) - count(distinct initiating_id)
        from transfers.transfer where responding_id is not null
        """
    )
    assert doubled == (0, 0)


def test_every_half_has_a_number_and_its_sender_was_told(played: Played) -> None:
    for table, key in (("transact", "invoice_num"), ("requisition", "serial_number")):
        assert all(it[key] >= 1 for it in played.own(table).values())
    numbered = played.rows(
        """
        select count(*) from transfers.transfer
        where made_by = 'hub' and responding_id is not null
        """
    )
    told = played.rows(
        "select status, count(*) from records.message where type = 'transfer_log' group by all"
    )
    assert told == [("processed", numbered[0][0])]


def test_orders_are_filled_and_what_was_received_is_added_up(played: Played) -> None:
    orders = played.own("purchase_order")
    assert {it["status"] for it in orders.values()} == {"cn", "fn"}
    lines = list(played.own("purchase_order_line").values())
    packs = Counter[str]()
    for site in remote(played):
        for goods in site.held.table("Goods_received").values():
            if goods["store_ID"] in site.stores():
                for line in site.held.lines("Goods_received_line", goods["ID"]):
                    packs[line["order_line_ID"]] += line["quantity_received"]
    assert sum(it["quan_rec_to_date"] > 0 for it in lines) > 20
    by_hand = [
        it
        for told in played.lines().values()
        for it in told
        if it["type"] == "stock_out" and it.get("order_lines_ID") == ""
    ]
    assert by_hand, "a supplier adds a line by hand now and then"
    finished = {id for id, it in orders.items() if it["status"] == "fn"}
    for line in lines:
        if line["purchase_order_ID"] in finished:
            assert line["quan_rec_to_date"] == packs[line["ID"]]


def test_the_primary_orders_for_a_store_with_centralised_procurement(played: Played) -> None:
    sites = {
        site
        for (site,) in played.rows(
            """
            select distinct change.site
            from collector.record as record
            join landing.change as change on change.cursor = record.version
            join records.purchase_order as placed on placed."ID" = record.record_id
            join records.store as store on store."ID" = placed."store_ID"
            where record.table_name = 'purchase_order' and store.code = 'RMS-3'
            """
        )
    }
    assert sites == {NATIONAL}


def test_patients_are_seen_and_move_where_the_central_says(played: Played) -> None:
    ((patient, wanted, home),) = played.rows(
        """
        select name."ID", json_extract_string(message.body, '$.to_store_ID'),
            name.supplying_store_id
        from records.message as message
        join records.name as name on name."ID" = json_extract_string(message.body, '$.name_ID')
        where message.type = 'home_store_change'
        """
    )
    assert home == wanted
    moved_to = next(site for site in remote(played) if home in site.stores())
    prescribed = [
        it for it in moved_to.held.table("transact").values() if it["mode"] == "dispensary"
    ]
    assert moved_to.held.table("name")[patient]["type"] == "patient"
    assert len(prescribed) > 20
    elsewhere = {
        (it["store_ID"], it["name_ID"])
        for site in remote(played)
        for it in site.held.table("name_store_join").values()
        if it["name_ID"] == patient
    }
    assert len(elsewhere) > 1


def test_a_lost_device_is_initialised_and_works_on(played: Played) -> None:
    site = played.fleet.sites[played.fleet.mishaps.losing]
    assert not site.lost
    resets = played.rows(
        f"select sequence from outbox.queue where site = {site.number} and action = 'reset'"
    )
    assert len(resets) == 1 and site.sequence > resets[0][0]
    lost = played.fleet.calendar.at(DEVICE_LOST).isoformat()
    days = [it["entry_date"] for it in site.held.table("transact").values()]
    assert min(days) < lost < max(days)


def test_the_hub_merges_what_was_entered_twice(played: Played) -> None:
    merged = dict(played.rows("select table_name, count(*) from collector.merged group by all"))
    assert merged == {"name": 1, "barcode": 1}
    for site in remote(played):
        assert Counter(table for table, _ in site.merged) == {"name": 1, "barcode": 1}
