"""What the reports say is wrong, as a page says it: the commands say the same, in English."""

import re

from dashboard.language import _, mark

# As warehouse.report and warehouse.filters say it.
KNOWN = (
    mark("There are no reports in {where} yet. Run 'mainstem sync' first."),
    mark("{path} cannot be read. Run 'mainstem sync' to publish it."),
    mark("There is no {what} {value}. Look it up and try again."),
)
THINGS = {mark("store"), mark("item"), mark("region"), mark("site")}


def said(error: Exception) -> str:
    """An error in the language that is spoken; what is none of KNOWN stays as it is."""
    for known in KNOWN:
        told = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(known)), str(error))
        if told:
            parts = told.groupdict().items()
            return _(known, **{key: _(it) if it in THINGS else it for key, it in parts})
    return str(error)
