"""How numbers, days, months and moments are written in the language that is spoken.

English has days as reports and files have them, 2024-05-02; the others by day, month and year.
Figures are 0 to 9 in every language, as they are in codes and files.
"""

from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.lists import format_list
from babel.numbers import get_decimal_symbol, get_group_symbol

from dashboard import spoken


class _Local:
    """A number whose formats have a locale's signs."""

    def __init__(self, value: float, locale: Locale) -> None:
        self.value, self.locale = value, locale

    def __format__(self, spec: str) -> str:
        signs = {
            ",": get_group_symbol(self.locale),
            ".": get_decimal_symbol(self.locale),
            "%": self.locale.percent_formats[None].suffix[0],
        }
        told = format(self.value, spec).translate(str.maketrans(signs))
        is_apart = self.locale.text_direction == "rtl" and told[0] in "+-"
        return f"\u200e{told}" if is_apart else told  # else the sign would stand on the right


def number(value: float, form: str = "{:,.0f}") -> str:
    """A number in a template of str.format: 1234.5 in `{:,.1f}` is 1 234,5 in French."""
    return form.format(_Local(value, spoken.locale()))


def vega() -> dict[str, object]:
    """The signs of numbers, as Vega's config takes them."""
    locale = spoken.locale()
    signs = {"decimal": get_decimal_symbol(locale), "thousands": get_group_symbol(locale)}
    return {"number": signs | {"grouping": [3], "currency": ["", ""]}}


def is_iso() -> bool:
    """Whether days are written as 2024-05-02, else as 02/05/2024."""
    return spoken.locale().language == "en"


def day(told: date) -> str:
    """A day: 2024-05-02, or 02/05/2024."""
    return format_date(told, _pattern(), spoken.locale())


def moment(told: datetime) -> str:
    """A moment in UTC, to the minute: 2024-05-02 06:00 UTC."""
    return f"{format_datetime(told, f'{_pattern()} HH:mm', locale=spoken.locale())} UTC"


def month(told: str) -> str:
    """A month that reports call 2024-05: the same in English, mai 2024 in French.

    One of every year, 05, is mai.
    """
    if is_iso():
        return told
    form, year = ("yMMM", "") if "-" in told else ("MMM", "2000-")
    return format_skeleton(form, date.fromisoformat(f"{year}{told}-01"), locale=spoken.locale())


def listed(told: list[str]) -> str:
    """Things one after the other, the last two joined by `and`."""
    return format_list(told, locale=spoken.locale())


def _pattern() -> str:
    return "yyyy-MM-dd" if is_iso() else "dd/MM/yyyy"
