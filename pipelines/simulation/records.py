"""Records of the simulated country as sites write them: every required key, ids from the seed."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.simulation.held import Record

NAMESPACE = uuid.UUID("6d61696e-7374-656d-2d73-696d756c6174")
NO_DATE = "0000-00-00"
MORNING = 9 * 3600  # seconds since midnight


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


def blank(keys: str) -> Record:
    """Keys that stand empty."""
    return dict.fromkeys(keys.split(), "")


def name(id: str, code: str, text: str, kind: str, created: date, **more: Any) -> Record:
    """A `name`; `more` are keys that differ from a plain customer's and supplier's."""
    empty = "supplying_store_id first last phone comment country bill_address1 bill_address2 email"
    empty += " url NEXT_OF_KIN_ID next_of_kin_relative national_health_number om_created_datetime"
    flags = dict.fromkeys(["female", "manufacturer", "donor", "hold", "isDeceased"], False)
    record: Record = {"ID": id, "name": text, "code": code, "charge code": code, "type": kind}
    record |= blank(f"{empty} om_gender") | flags
    record |= {"customer": True, "supplier": True, "date_of_birth": NO_DATE}
    return record | {"created_date": created.isoformat(), "custom_data": None} | more


def join(id: str, name_id: str, store: str) -> Record:
    """A `name_store_join`: a name visible in a store."""
    return {"ID": id, "name_ID": name_id, "store_ID": store, "inactive": False}


def transact(id: str, store: str, other: str, kind: str, number: int, day: date) -> Record:
    """A new `transact`, entered on a day; `other` is the name's id."""
    empty = "user_ID comment their_ref prescriber_ID goods_received_ID original_PO_ID"
    empty += " requisition_ID linked_transaction_id nameInsuranceJoinID donor_default_id"
    record: Record = {"ID": id, "name_ID": other, "store_ID": store, "invoice_num": number}
    record |= {"type": kind, "status": "nw", "mode": "store", "hold": False} | blank(empty)
    record |= {"currency_ID": "", "currency_rate": 1.0, "tax_rate": 0}
    record |= {"insuranceDiscountAmount": 0, "insuranceDiscountRate": 0}
    record |= {"entry_date": day.isoformat(), "entry_time": MORNING}
    for moment in ("confirm", "finalised"):
        record |= {f"{moment}_date": NO_DATE, f"{moment}_time": 0}
    return record | {"is_cancellation": False, "total": 0, "subtotal": 0}


def confirmed(day: date) -> Record:
    """The keys of a `transact` that is confirmed on a day: now its stock moves."""
    return {"status": "cn", "confirm_date": day.isoformat(), "confirm_time": MORNING}


def finalised(day: date) -> Record:
    """The keys of a `transact` that is finalised on a day."""
    return {"status": "fn", "finalised_date": day.isoformat(), "finalised_time": MORNING}


def trans_line(id: str, paper: str, kind: str, line: Record, packs: float, text: str) -> Record:
    """A `trans_line`: so many packs of a stock line, whose item is called `text`."""
    copied = ("item_ID", "location_ID", "batch", "expiry_date", "pack_size", "cost_price")
    record: Record = {"ID": id, "transaction_ID": paper, "type": kind, "item_name": text}
    record |= {key: line[key] for key in copied}
    record |= {"item_line_ID": line["ID"], "sell_price": line["cost_price"], "quantity": packs}
    record |= blank("note optionID linked_transact_id donor_id vaccine_vial_monitor_status_ID")
    return record | {"volume_per_pack": 0}


def item_line(
    id: str, store: str, item: str, batch: str, expiry: str, pack_size: float, cost: float
) -> Record:
    """An empty `item_line`: a batch of an item in a store; quantities are packs."""
    record: Record = {"ID": id, "store_ID": store, "item_ID": item, "batch": batch}
    record |= {"expiry_date": expiry, "hold": False, "location_ID": "", "pack_size": pack_size}
    record |= {"available": 0, "quantity": 0, "cost_price": cost, "sell_price": cost}
    record |= blank("note name_ID barcodeID vvm_status_id")
    return record | {"total_volume": 0, "volume_per_pack": 0}


def requisition(id: str, store: str, other: str, kind: str, number: int, day: date) -> Record:
    """A suggested `requisition`, entered on a day; `other` is the other store's name's id."""
    record: Record = {"ID": id, "serial_number": number, "name_ID": other, "store_ID": store}
    record |= {"type": kind, "status": "sg", "date_entered": day.isoformat()}
    record |= blank("user_ID requester_reference linked_requisition_id comment orderType")
    record |= blank("authorisationStatus periodID programID")
    record |= {"lastModifiedAt": 0, "thresholdMOS": 3, "daysToSupply": 0, "is_emergency": False}
    return record


def requisition_line(id: str, paper: str, item: str) -> Record:
    """A `requisition_line` that asks for nothing yet."""
    record: Record = {"ID": id, "requisition_ID": paper, "item_ID": item, "itemName": ""}
    numbers = "Cust_stock_order suggested_quantity actualQuan stock_on_hand daily_usage"
    numbers += " approved_quantity Cust_prev_stock_balance Cust_stock_received Cust_stock_issued"
    numbers += " stockLosses stockAdditions stockExpiring days_out_or_new_demand Cust_loss_adjust"
    record |= dict.fromkeys(numbers.split(), 0)
    return record | blank("authoriser_comment comment optionID")
