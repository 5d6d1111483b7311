"""What of a report's rows needs somebody: the word for it, and the condition, the gravest first."""

from warehouse.conditions import ALONE, EXPIRED, OVERDUE

TRANSFERS = (("overdue", OVERDUE), ("no partner", ALONE))

EXPIRING = (("expired", EXPIRED), ("will be left", "expected_to_expire > 0"))

SHORT = "days is not null and fill_rate < 1"
ORDERS = (("short", SHORT),)
