"""The marts: the reporting tables, made from what changed, then published."""

from pipelines import sql

MODELS = sql.models("warehouse/marts")
# In this order: what is touched before what is made from it.
ORDER = (
    "touched_transaction",
    "touched_stock",
    "party",
    "reversed",
    "movement",
    "touched_stock_after",
    "ledger",
    "touched_stock_line",
    "stock_line",
    "touched_transfer",
    "transfer",
    "store",
    "item",
    "location",
    "site",
    "touched_contact",
    "contact",
    "store_copy",
    "record_count",
    "queue",
    "quarantine",
    "cycle",
    "published",
)
