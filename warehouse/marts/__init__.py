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
    "stock_out",
    "touched_stock_line",
    "stock_line",
    "touched_version",
    "stock_line_version",
    "touched_transfer",
    "transfer",
    "touched_paper",
    "order_paper",
    "order_line",
    "supplier",
    "store",
    "item",
    "programme",
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
