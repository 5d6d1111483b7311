"""Transfers between stores: the second half of each, one file a rule (rules T)."""

from pipelines.hub import Hub
from pipelines.making import made


def transfer(hub: Hub) -> None:
    """Find this cycle's initiating halves and make what answers them."""
    made.prepare(hub)
