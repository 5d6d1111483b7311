"""What of a report's rows needs somebody: the word for it, and the condition, the gravest first."""

ON_ITS_WAY = "received is null and has_half(outcome)"
OVERDUE = f"{ON_ITS_WAY} and initiated < getvariable('day') - getvariable('lag_alert_days')"
ALONE = "received is null and not has_half(outcome) and needs_half(outcome)"
TRANSFERS = (("overdue", OVERDUE), ("no partner", ALONE))

EXPIRED = "days_to_expiry <= 0"
EXPIRING = (("expired", EXPIRED), ("will be left", "expected_to_expire > 0"))

SHORT = "days is not null and fill_rate < 1"
ORDERS = (("short", SHORT),)
