"""What the reports say is wrong, as a page says it: the commands say the same, in English."""

import re

from dashboard.language import _, mark

# As warehouse.report, warehouse.filters, provider, oidc and pipelines.admin.identities say it.
KNOWN = (
    mark("There are no reports in {where} yet. Run 'mainstem sync' first."),
    mark("{path} cannot be read. Run 'mainstem sync' to publish it."),
    mark("There is no {what} {value}. What is most like it: {near}."),
    mark("There is no {what} {value}, nor any other."),
    mark(
        "So much at once does not fit in memory. Narrow it to a region, a district, a store or an "
        "item."
    ),
    mark("There is no sign-in by OpenID Connect here."),
    mark("Another provider answered than was asked."),
    mark("{name} did not sign you in: {why}."),
    mark("{name} does not tell your {what}."),
    mark("{name} has not verified that {who} is yours."),
    mark("The clocks of this hub and of {name} differ too much. Set them right."),
    mark("What {name} says of you cannot be trusted ({why}). Sign in again."),
    mark("The provider at {where} says that it is {who}."),
    mark("The provider at {where} tells no {what} that is safe."),
    mark("{where} does not answer as it should. Try again later."),
    mark("No user was added here for {who}. Ask who looks after this hub."),
    mark(
        "The user added for {who} has another account at the provider. "
        "Ask who looks after this hub."
    ),
    mark("The user added for {who} is disabled. Ask who looks after this hub."),
)
# What is told in their places.
THINGS = {
    mark("store"), mark("item"), mark("region"), mark("site"), mark("district"), mark("level"),
    mark("category"), mark("programme"), mark("it gave no reason"),
}  # fmt: skip


def said(error: Exception) -> str:
    """An error in the language that is spoken; what is none of KNOWN stays as it is."""
    for known in KNOWN:
        told = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(known)), str(error))
        if told:
            parts = told.groupdict().items()
            return _(known, **{key: _(it) if it in THINGS else it for key, it in parts})
    return str(error)
