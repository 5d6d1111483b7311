"""The reports: which there are, what each shows, which filters it takes."""

from dataclasses import dataclass

PLACE = ("--store", "--region", "--district", "--level", "--site")
THING = ("--item", "--category", "--programme")
PERIOD = ("--from", "--to", "--as-of")
THEN = ("--as-of", "--known-on")


# Formats in which one is written, and how a mail calls them.
FORMS = {
    "table": "text/plain",
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True)
class Report:
    """A report: a line for the help, the options that narrow it."""

    about: str
    takes: tuple[str, ...]


REPORTS = {
    "stock-on-hand": Report(
        "store and item: quantity, value, amc, months of stock, status", (*PLACE, *THING, *THEN)
    ),
    "stock-by-batch": Report(
        "stock line with packs: batch, expiry date, location, value", (*PLACE, *THING, *THEN)
    ),
    "stock-value": Report(
        "store, and TOTAL: value of stock in the home currency", (*PLACE, *THING, *THEN)
    ),
    "stock-history": Report(
        "month, store and item: opening, received, issued, adjusted, closing",
        (*PLACE, *THING, *PERIOD),
    ),
    "consumption": Report(
        "month, store and item: what customer invoices took", (*PLACE, *THING, *PERIOD)
    ),
    "amc": Report(
        "store and item with use: amc, and amc of the days with stock only",
        (*PLACE, *THING, "--as-of"),
    ),
    "expiring": Report(
        "batch that expires within 180 days: what will be left of it then",
        (*PLACE, *THING, *THEN, "--within"),
    ),
    "stock-outs": Report(
        "store, item and spell without stock: from, to, days", (*PLACE, *THING, *PERIOD)
    ),
    "redistribution": Report(
        "who could give what to whom: units, distance, expiry date, value",
        (*PLACE, *THING, "--as-of"),
    ),
    "transfers": Report(
        "initiating half: outcome, days until received, units sent and received",
        (*PLACE, *PERIOD),
    ),
    "orders": Report(
        "order line: ordered and supplied in units, fill rate, days", (*PLACE, *THING, *PERIOD)
    ),
    "sync": Report("remote site: last contact, data age, queue, status", PLACE),
    "sync-stores": Report("store: last contact of its site, status", PLACE),
    "confidence": Report(
        "store: how old its data is, what is not in it, a grade", (*PLACE, "--as-of")
    ),
    "records": Report("table: records, deleted; with --site what that site is owed", ("--site",)),
}
