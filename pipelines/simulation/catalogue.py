"""The simulated country's catalogue as records: items, and what they refer to."""

from datetime import date

from pipelines.simulation.held import Record
from pipelines.simulation.items import Item
from pipelines.simulation.records import Ids
from pipelines.simulation.site import Site


def write(primary: Site, ids: Ids, items: tuple[Item, ...], day: date) -> None:
    """Units, currencies and categories as of a day, then the items."""
    for order, unit in enumerate(sorted({item.unit for item in items}), start=1):
        record: Record = {"ID": ids.of("unit", unit), "units": unit, "comment": ""}
        primary.write("unit", record | {"order_number": order})
    for currency, rate in (("USD", 1.0), ("EUR", 1.1)):
        record = {"ID": ids.of("currency", currency), "currency": currency, "rate": rate}
        record |= {"is_home_currency": currency == "USD", "date_updated": day.isoformat()}
        primary.write("currency", record)
    for order, category in enumerate(sorted({item.category for item in items}), start=1):
        record = {"ID": ids.of("item_category", category), "Description": category}
        primary.write("item_category", record | {"sort_order": order, "parent_ID": ""})
    for item in items:
        primary.write("item", item_record(ids, item))


def item_record(ids: Ids, item: Item) -> Record:
    """The `item` of an item."""
    return {
        "ID": ids.of("item", item.code),
        "item_name": item.name,
        "code": item.code,
        "type_of": "general",
        "unit_ID": ids.of("unit", item.unit),
        "default_pack_size": item.pack_size,
        "category_ID": ids.of("item_category", item.category),
        "VEN_category": item.ven,
        "universalcodes_code": "",
        "doses": item.pack_size if item.category == "Vaccines" else 0,
        "is_vaccine": item.category == "Vaccines",
        "volume_per_pack": 0,
        "restricted_location_type_ID": "",
        "strength": "",
    }
