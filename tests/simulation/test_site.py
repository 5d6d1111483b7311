"""A reference site against the outer contract: segments, the outbox, requests."""

import json
from pathlib import Path
from typing import Any

import pytest
from played import END

from pipelines.simulation import halves, links, numbers
from pipelines.simulation.book import Book
from pipelines.simulation.held import Record
from pipelines.simulation.records import Ids, requisition, trans_line, transact
from pipelines.simulation.site import Site, send

IDS = Ids(1)
PACKS: Record = {"item_ID": "I", "location_ID": "", "batch": "B", "expiry_date": "2028-01-31"}
PACKS |= {"pack_size": 10, "cost_price": 2.5, "ID": "L"}


def publish(outbox: Path, log: str, first: int, *lines: tuple[str, str, str, str]) -> None:
    """A file of the outbox: lines of action, table, id and the record's text."""
    key = "ID" if log == "central" else "sequence"
    folder = outbox / log
    folder.mkdir(parents=True, exist_ok=True)
    texts = [
        f'{{"{key}":{number},"action":"reset"}}\n'
        if action == "reset"
        else f'{{"{key}":{number},"tableName":"{table}","recordId":"{id}","action":"{action}",'
        f'"recordData":{data}}}\n'
        for number, (action, table, id, data) in enumerate(lines, start=first)
    ]
    name = f"{first:012d}-{first + len(lines) - 1:012d}.ndjson"
    (folder / name).write_text("".join(texts), encoding="utf-8")


def store(id: str, site: int) -> Record:
    return {"ID": id, "name_ID": f"NAME{id}", "sync_id_remote_site": site, "store_mode": "store"}


def site_with_stores(makes_halves: bool = True, **stores: int) -> Site:
    """Site 101, which knows of these stores and where they are active."""
    kind = "open_msupply" if makes_halves else "desktop"
    site = Site(101, kind, makes_halves)
    for id, number in stores.items():
        site.held.put("store", id, store(id, number))
    return site


def shipment(site: Site, status: str, packs: int) -> Record:
    """A customer invoice of store B to store A, as its site pulled it, with one line."""
    record = transact("CI", "B", "NAMEA", "ci", 7, END) | {"status": status}
    site.held.put("transact", "CI", record)
    line = trans_line("TL", "CI", "stock_out", PACKS, packs, "Item")
    site.held.put("trans_line", "TL", line)
    return record


def test_a_text_is_held_as_it_came(tmp_path: Path) -> None:
    text = '{ "ID":"I1", "cost":1e3, "note":"\\u00e9, \\"recordData\\":1" }'
    publish(tmp_path, "central", 1, ("update", "item", "I1", text))
    site = Site(101)
    assert site.pull(tmp_path) == 1
    assert site.held.texts["item", "I1"] == text
    assert site.held.table("item")["I1"]["cost"] == 1000


def test_it_fetches_what_it_has_not_fetched_and_the_same_twice_does_no_harm(
    tmp_path: Path,
) -> None:
    site = Site(101)
    publish(tmp_path, "101", 1, ("update", "store", "A", "{}"), ("update", "store", "B", "{}"))
    assert site.pull(tmp_path) == 2 and site.pull(tmp_path) == 0
    publish(tmp_path, "101", 3, ("delete", "store", "A", "null"))
    assert (site.pull(tmp_path), site.sequence) == (1, 3)
    site.sequence = 1  # it had no time to note how far it came
    assert site.pull(tmp_path) == 2
    assert list(site.held.table("store")) == ["B"]


def test_what_stands_before_a_reset_is_no_longer_owed(tmp_path: Path) -> None:
    lines = [("update", "store", "A", "{}"), ("reset", "", "", ""), ("update", "store", "B", "{}")]
    publish(tmp_path, "101", 1, *lines)
    site = Site(101)
    assert (site.pull(tmp_path), site.sequence) == (1, 3)
    assert list(site.held.table("store")) == ["B"]


def test_a_lost_device_waits_for_its_reset_and_reads_the_central_log_anew(tmp_path: Path) -> None:
    outbox, requests = tmp_path / "outbox", tmp_path / "requests"
    requests.mkdir()
    publish(outbox, "central", 1, ("update", "item", "I1", "{}"))
    publish(outbox, "101", 1, ("update", "store", "A", "{}"))
    site = Site(101)
    site.pull(outbox)
    site.write("Location", {"ID": "X", "store_ID": "A"})
    site.lose()
    assert not site.held.table("item") and not site.unsent
    assert site.ask(requests) and not site.ask(requests)
    (path,) = requests.iterdir()
    assert json.loads(path.read_bytes()) == {"initialise": 101}
    publish(outbox, "101", 2, ("update", "store", "C", "{}"))
    assert site.pull(outbox) == 0 and site.lost
    publish(outbox, "101", 3, ("reset", "", "", ""), ("update", "store", "A", "{}"))
    assert site.pull(outbox) == 2 and not site.lost
    assert list(site.held.table("item")) == ["I1"] and list(site.held.table("store")) == ["A"]
    assert site.ask(requests)


def test_it_acknowledges_what_it_fetched_once(tmp_path: Path) -> None:
    publish(tmp_path, "101", 1, ("update", "store", "A", "{}"))
    publish(tmp_path, "central", 1, ("update", "item", "I1", "{}"))
    site = Site(101)
    assert not site.ask(tmp_path)
    site.pull(tmp_path)
    assert site.ask(tmp_path) and not site.ask(tmp_path)
    told = json.loads((tmp_path / "site-101.json").read_bytes())
    assert told == {"acknowledge": {"site": 101, "sequence": 1, "central": 1}}


def test_a_change_that_was_not_sent_yet_is_not_undone_by_what_comes(tmp_path: Path) -> None:
    site = Site(101)
    site.write("item", {"ID": "I1", "code": "ours"})
    publish(tmp_path, "central", 1, ("update", "item", "I1", '{"ID":"I1","code":"before"}'))
    site.pull(tmp_path)
    assert site.held.table("item")["I1"]["code"] == "ours"
    assert site.drain() == [
        '{"syncOutId":"101-1","tableName":"item","recordId":"I1","action":"update",'
        '"recordData":{"ID":"I1","code":"ours"}}'
    ]


def test_a_segment_has_each_record_once_and_no_line_is_like_one_before() -> None:
    site = Site(101)
    site.write("Location", {"ID": "X", "code": "a"})
    site.write("Location", {"ID": "X", "code": "b"})
    (first,) = site.drain()
    site.write("Location", {"ID": "X", "code": "b"})
    (again,) = site.drain()
    assert '"code":"b"' in first and first != again
    site.delete("Location", "X")
    assert [json.loads(line)["action"] for line in site.drain()] == ["delete"]
    site.write("Location", {"ID": "Y"})
    site.delete("Location", "Y")
    assert site.drain() == []


def test_merges_are_followed_in_any_order_and_never_in_a_circle(tmp_path: Path) -> None:
    def merge(keep: str, away: str) -> tuple[str, str, str, str]:
        return "merge", "name", away, f'{{"mergeIdToKeep":"{keep}","mergeIdToDelete":"{away}"}}'

    publish(tmp_path, "central", 1, merge("B", "A"), merge("C", "B"), merge("A", "C"))
    site = Site(101)
    site.pull(tmp_path)
    assert [site.kept("name", id) for id in "ABC"] == ["C", "C", "C"]


def test_send_puts_a_complete_segment_into_the_inbox(tmp_path: Path) -> None:
    send(tmp_path, 101, "20261122", ["one", "two"])
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert path.relative_to(tmp_path).as_posix() == "101/20261122.ndjson"
    assert path.read_bytes() == b"one\ntwo\n"


def test_a_book_refuses_to_give_what_it_does_not_have() -> None:
    book = Book(Site(101), IDS, "A")
    line = book.open_line("I", "B1", "2028-01-31", 10, 2.5, cold=False)
    book.post("si", "DONOR", END, [(line, 5)])
    with pytest.raises(ValueError, match="A has 5 packs, not 6"):
        book.post("ci", "CLIENTS", END, [(line, -6)])
    assert line["quantity"] == 5


def test_numbers_go_on_from_what_is_held() -> None:
    site = Site(101)
    for number in (3, -1):
        paper = transact(f"T{number}", "A", "N", "si", number, END)
        site.held.put("transact", paper["ID"], paper)
    assert [site.next_number("transact", "A", "si") for _ in range(2)] == [4, 5]
    assert site.next_number("transact", "A", "ci") == site.next_number("transact", "B", "si") == 1


def test_a_half_that_the_hub_made_gets_a_number_and_its_sender_a_message() -> None:
    site = site_with_stores(makes_halves=False, A=101, B=102)
    half = transact("SI", "A", "NAMEB", "si", -1, END)
    site.held.put("transact", "SI", half)
    numbers.give(site, IDS, END)
    assert site.held.table("transact")["SI"]["invoice_num"] == 1
    (message,) = site.held.table("message").values()
    assert (message["fromStoreID"], message["toStoreID"]) == ("A", "B")
    assert message["body"] == {"table": "transact", "ID": "SI", "number": 1}
    site.drain()
    numbers.give(site, IDS, END)
    assert site.drain() == []


def test_a_message_is_noted_as_read_where_its_store_is() -> None:
    site = site_with_stores(A=101, B=102)
    messages = [("1", "A", "transfer_log"), ("2", "B", "transfer_log"), ("3", "A", "other")]
    for id, to, kind in messages:
        record = {"ID": id, "toStoreID": to, "type": kind, "status": "new"}
        site.held.put("message", id, record)
        numbers.read(site, id)
    statuses = [site.held.table("message")[id]["status"] for id, _, _ in messages]
    assert statuses == ["processed", "new", "new"]


def test_a_picked_shipment_is_announced_and_its_lines_made_again_when_it_leaves() -> None:
    site = site_with_stores(A=101, B=102)
    shipment(site, "cn", 3)
    halves.make(site, IDS, "transact", "CI", END)
    (half,) = (it for it in site.held.table("transact").values() if it["type"] == "si")
    assert (half["om_status"], half["invoice_num"], half["total"]) == ("PICKED", 1, 7.5)
    (line,) = site.held.lines("trans_line", half["ID"])
    shipment(site, "fn", 4)
    halves.make(site, IDS, "transact", "CI", END)
    (again,) = (it for it in site.held.table("transact").values() if it["type"] == "si")
    assert (again["ID"], again["om_status"], again["total"]) == (half["ID"], "SHIPPED", 10)
    assert (again["linked_transaction_id"], again["name_ID"]) == ("CI", "NAMEB")
    (left,) = site.held.lines("trans_line", half["ID"])
    assert left["ID"] != line["ID"] and left["quantity"] == 4
    shipment(site, "fn", 5)
    halves.make(site, IDS, "transact", "CI", END)
    assert site.held.lines("trans_line", half["ID"]) == [left]


def test_a_half_goes_with_its_shipment_only_while_that_is_picked() -> None:
    for status, kept in (("cn", 0), ("fn", 1)):
        site = site_with_stores(A=101, B=102)
        shipment(site, status, 3)
        halves.make(site, IDS, "transact", "CI", END)
        site.held.drop("transact", "CI")
        halves.make(site, IDS, "transact", "CI", END)
        assert len(site.held.table("transact")) == kept
        assert len(site.held.lines("trans_line", IDS.of("half", "transact", "CI"))) == kept


@pytest.mark.parametrize(
    "changed",
    [{"name_ID": "NAMEB"}, {"mode": "dispensary"}, {"status": "sg"}, {"store_ID": "A"}],
)
def test_no_half_is_made_of_what_is_no_transfer_to_this_site(changed: dict[str, Any]) -> None:
    site = site_with_stores(A=101, B=102)
    site.held.put("transact", "CI", shipment(site, "fn", 3) | changed)
    halves.make(site, IDS, "transact", "CI", END)
    assert list(site.held.table("transact")) == ["CI"]


def test_a_request_is_answered_once_and_linked_when_the_answer_comes_back() -> None:
    supplier, asker = site_with_stores(A=101, B=102), site_with_stores(B=101, A=102)
    request = requisition("R", "B", "NAMEA", "request", 4, END) | {"om_status": "SENT"}
    supplier.held.put("requisition", "R", request)
    halves.make(supplier, IDS, "requisition", "R", END)
    assert len(supplier.held.table("requisition")) == 1  # a draft
    for _ in range(2):
        supplier.held.put("requisition", "R", request | {"status": "fn"})
        halves.make(supplier, IDS, "requisition", "R", END)
    _, response = supplier.held.table("requisition").values()
    assert (response["type"], response["requester_reference"]) == (
        "response", "From internal order 4"
    )  # fmt: skip
    asker.held.put("requisition", "R", request | {"status": "fn"})
    links.back(asker, "requisition", response)
    linked = asker.held.table("requisition")["R"]
    assert (linked["linked_requisition_id"], linked["om_status"]) == (response["ID"], "SENT")
    links.back(asker, "requisition", response | {"status": "fn"})
    assert asker.held.table("requisition")["R"]["om_status"] == "FINALISED"


def test_a_sender_takes_over_how_far_the_receiver_is_but_never_back() -> None:
    site = site_with_stores(B=101, A=102)
    site.held.put("transact", "CI", shipment(site, "fn", 3) | {"om_status": "SHIPPED"})
    half = transact("SI", "A", "NAMEB", "si", 1, END) | {"linked_transaction_id": "CI"}
    for status, taken in (
        ("PICKED", "SHIPPED"), ("DELIVERED", "DELIVERED"), ("VERIFIED", "VERIFIED"),
        ("DELIVERED", "VERIFIED"),
    ):  # fmt: skip
        links.back(site, "transact", half | {"om_status": status})
        ours = site.held.table("transact")["CI"]
        assert (ours["om_status"], ours["linked_transaction_id"]) == (taken, "SI")
