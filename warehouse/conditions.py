"""Which rows of a report need somebody, as conditions in SQL: for pages and cards alike."""

EXPIRED = "days_to_expiry <= 0"
ON_ITS_WAY = "is_coming(received, outcome)"
OVERDUE = f"{ON_ITS_WAY} and is_old(initiated)"
ALONE = "is_alone(received, outcome)"
