"""What a crontab's five fields may say: lists of numbers, spans of them or *, each with a step."""

from typing import Any

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# Of minute, hour, day, month and weekday the least and the greatest number.
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
NAMED = {name: str(number) for number, name in enumerate(MONTHS, start=1)}
NAMED_DAYS = {name: str(number) for number, name in enumerate(WEEKDAYS)}
NAMES: tuple[dict[str, str], ...] = ({}, {}, {}, NAMED, NAMED_DAYS)


def is_one(value: Any) -> bool:
    """Whether a text is five fields of a crontab, which a schedule of Dagster's takes."""
    parts = value.split(" ") if isinstance(value, str) else []
    return len(parts) == len(FIELDS) and all(
        _is_part(part, *field, names)
        for text, field, names in zip(parts, FIELDS, NAMES, strict=True)
        for part in text.lower().split(",")
    )


def _is_part(text: str, least: int, most: int, names: dict[str, str]) -> bool:
    span, *steps = text.split("/")
    ends = [names.get(end, end) for end in span.split("-")]
    told = steps if span == "*" else [*steps, *ends]
    if len(steps) > 1 or len(ends) > 2 or not all(it.isascii() and it.isdecimal() for it in told):
        return False
    if any(int(step) < 1 for step in steps):
        return False
    return span == "*" or least <= int(ends[0]) <= int(ends[-1]) <= most
