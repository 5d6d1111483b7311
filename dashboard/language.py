"""What the dashboard says, in the language that is spoken.

English is the message itself; the other languages are catalogues in languages/, read once a
process. `python -m tests.messages` brings them up to date with the code.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from dashboard import spoken, written

FOLDER = Path(__file__).with_name("languages")


@cache
def catalogue(code: str) -> NullTranslations:
    """The messages of a language; English has none but the messages themselves."""
    if code == "en":
        return NullTranslations()
    out = BytesIO()
    with (FOLDER / f"{code}.po").open("rb") as file:
        write_mo(out, read_po(file, code))
    return GNUTranslations(BytesIO(out.getvalue()))


def _(message: str, **told: object) -> str:
    """A message in the language that is spoken, with what is told in its {places}."""
    if not message:
        return ""
    said = catalogue(spoken.locale().language).gettext(message)
    return said.format(**told) if told else said


def n_(one: str, many: str, count: int, **told: object) -> str:
    """A message about a number of things, which it has at {count}, in the form of that number."""
    said = catalogue(spoken.locale().language).ngettext(one, many, count)
    return said.format(count=written.number(count), **told)


def mark(message: str) -> str:
    """A message as it is, for the catalogues: it is said later, by whoever draws it."""
    return message
