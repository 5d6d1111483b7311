"""Records of the simulated country as sites write them: every required key, ids from the seed."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.simulation.items import Item

NAMESPACE = uuid.UUID("6d61696e-7374-656d-2d73-696d756c6174")
NO_DATE = "0000-00-00"
MORNING = 9 * 3600  # seconds since midnight

Record = dict[str, Any]


@dataclass(frozen=True)
class Ids:
    """Makes ids: version-5 UUIDs of what they name, different for every seed."""

    seed: int
    _namespace: uuid.UUID = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_namespace", uuid.uuid5(NAMESPACE, str(self.seed)))

    def of(self, table: str, *parts: object) -> str:
        """The id of the record of `table` that `parts` name: 32 upper-case hexadecimal digits."""
        text = "/".join((table, *map(str, parts)))
        return uuid.uuid5(self._namespace, text).hex.upper()


@dataclass
class StockLine:
    """A batch of an item in one store; `cost` is US dollars a pack, `source` a name's id."""

    id: str
    item: Item
    batch: str
    expiry: date
    pack_size: int
    cost: float
    packs: int
    source: str
    location: str


def change(table: str, record: Record) -> Record:
    """One change of a feed, as yet without its syncOutId: `record` is the record now."""
    return {
        "tableName": table,
        "recordId": record["ID"],
        "action": "update",
        "recordData": record,
    }


def name(id: str, code: str, text: str, kind: str, created: date, **more: Any) -> Record:
    """A `name`; `more` are keys that differ from a plain customer's and supplier's."""
    blank = "supplying_store_id first last phone comment country bill_address1 bill_address2 email"
    blank += " url NEXT_OF_KIN_ID next_of_kin_relative national_health_number om_created_datetime"
    flags = dict.fromkeys(["female", "manufacturer", "donor", "hold", "isDeceased"], False)
    record: Record = {"ID": id, "name": text, "code": code, "charge code": code, "type": kind}
    record |= dict.fromkeys([*blank.split(), "om_gender"], "") | flags
    record |= {"customer": True, "supplier": True, "date_of_birth": NO_DATE}
    return record | {"created_date": created.isoformat(), "custom_data": None} | more


def transact(
    ids: Ids, id: str, store: str, other: str, kind: str, day: date, number: int, total: float
) -> Record:
    """A finalised `transact` of a day, `total` in US dollars; `other` is the name's id."""
    blank = "user_ID comment their_ref prescriber_ID goods_received_ID original_PO_ID"
    blank += " requisition_ID linked_transaction_id nameInsuranceJoinID donor_default_id"
    record: Record = {"ID": id, "name_ID": other, "store_ID": store, "invoice_num": number}
    record |= {"type": kind, "status": "fn", "mode": "store", "hold": False}
    record |= dict.fromkeys(blank.split(), "")
    record |= {"currency_ID": ids.of("currency", "USD"), "currency_rate": 1.0}
    record |= {"insuranceDiscountAmount": 0, "insuranceDiscountRate": 0, "tax_rate": 0}
    for moment in ("entry", "confirm", "finalised"):
        record |= {f"{moment}_date": day.isoformat(), f"{moment}_time": MORNING}
    return record | {"is_cancellation": False, "total": total, "subtotal": total}


def trans_line(
    ids: Ids, transact_id: str, number: int, line: StockLine, kind: str, packs: int
) -> Record:
    """The `number`-th `trans_line` of a transact: so many packs of a stock line."""
    return {
        "ID": ids.of("trans_line", transact_id, number),
        "transaction_ID": transact_id,
        "item_ID": ids.of("item", line.item.code),
        "item_name": line.item.name,
        "item_line_ID": line.id,
        "location_ID": line.location,
        "batch": line.batch,
        "expiry_date": line.expiry.isoformat(),
        "pack_size": line.pack_size,
        "cost_price": line.cost,
        "sell_price": line.cost,
        "type": kind,
        "quantity": packs,
        "note": "",
        "optionID": "",
        "linked_transact_id": "",
        "donor_id": "",
        "vaccine_vial_monitor_status_ID": "",
        "volume_per_pack": 0,
        "line_number": number,
    }


def item_line(ids: Ids, store: str, line: StockLine) -> Record:
    """The `item_line` of a stock line as it is now; quantities are packs."""
    return {
        "ID": line.id,
        "store_ID": store,
        "item_ID": ids.of("item", line.item.code),
        "batch": line.batch,
        "expiry_date": line.expiry.isoformat(),
        "hold": False,
        "location_ID": line.location,
        "pack_size": line.pack_size,
        "available": line.packs,
        "quantity": line.packs,
        "cost_price": line.cost,
        "sell_price": line.cost,
        "note": "",
        "name_ID": line.source,
        "barcodeID": "",
        "vvm_status_id": "",
        "total_volume": 0,
        "volume_per_pack": 0,
    }
