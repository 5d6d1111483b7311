"""The tables that the histories speak of, as the model reads data_types.csv and tables_v5.csv."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """How a table's records are owned.

    `style` names the rule, `store` the key of the owning store, `parent` and `by` the owning
    parent's table and the key that names it; tables of a lower `depth` are judged first.
    """

    style: str
    depth: int
    store: str = ""
    parent: str = ""
    by: str = ""


def store(depth: int = 3, key: str = "store_ID") -> Table:
    return Table("store", depth, store=key)


def child(parent: str, by: str, depth: int = 4, style: str = "store") -> Table:
    return Table(style, depth, parent=parent, by=by)


TABLES = {
    "site": Table("sync", -1),
    "store_site": Table("sync", 0),
    "store": Table("a_store", 0, store="ID"),
    "hub_preference": Table("hub_preference", 0),
    # central data, O1
    "item": Table("primary_only", 1),
    "unit": Table("primary_only", 1),
    "list_master": Table("primary_only", 1),
    "abbreviation": Table("primary_only", 1),
    "insuranceProvider": Table("primary_only", 1),
    "dashboard_report": Table("central_only", 1),
    "name_tag_join": Table("primary_only", 2),
    "list_master_name_join": Table("primary_only", 2),
    "barcode": Table("any", 1),
    "user": Table("any", 1),
    "system_log": Table("any", 1),
    "message": Table("message", 0),
    # central store data, O2
    "item_store_join": Table("primary_only", 2, store="store_ID"),
    "preference": Table("preference", 2, store="store_id"),
    # names, patients, prescribers: O4, O5, O10
    "name": Table("name", 1, store="supplying_store_id"),
    "name_store_join": Table("name_join", 2, store="store_ID"),
    "clinician": Table("home", 1, store="store_ID"),
    "clinician_store_join": Table("clinician_join", 2, store="store_ID"),
    "nameInsuranceJoin": child("name", "nameID", 2, "home"),
    "om_encounter": child("name", "name_ID", 2, "home"),
    "om_vaccination": child("om_encounter", "encounter_ID", 3, "home"),
    "repeat_table": child("name", "name_ID", 2, "repeat"),
    # store data, O3
    "item_line": store(),
    "Location": store(2),
    "indicator_value": store(),
    "transact": Table("transact", 3, store="store_ID"),
    "trans_line": child("transact", "transaction_ID"),
    "box": child("transact", "transactionID"),
    "box_line": child("box", "box_ID", 5),
    "requisition": store(2),
    "requisition_line": child("requisition", "requisition_ID"),
    "purchase_order": Table("order", 3, store="store_ID"),
    "purchase_order_line": child("purchase_order", "purchase_order_ID", 4, "order"),
    "Goods_received": store(),
    "Goods_received_line": child("Goods_received", "goods_received_ID"),
    # what never leaves its site, O6
    "his_ward": Table("local", 1),
    "number": Table("local", 1),
}
