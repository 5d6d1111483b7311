"""Which rows of a report need somebody, as conditions in SQL: for pages and cards alike."""

EXPIRED = "days_to_expiry <= 0"
ON_ITS_WAY = "received is null and has_half(outcome)"
OVERDUE = f"{ON_ITS_WAY} and initiated < getvariable('day') - getvariable('lag_alert_days')"
ALONE = "received is null and not has_half(outcome) and needs_half(outcome)"
