"""The collector: a verdict for every change, and the newest accepted version of every record."""

from pipelines.collector import keeping
from pipelines.collector.judging import MODELS, judge, stand, take_up
from pipelines.hub import Hub

__all__ = ["MODELS", "collect", "settle_made", "stand"]


def collect(hub: Hub) -> None:
    """Judge this cycle's lines and what they wake, pass by pass; settle records; count outcomes."""
    (first,) = hub.one(
        "select coalesce(max(next_cursor), 1) from landing.cycle where cycle < ?", hub.cycle
    )
    with hub.committed():
        take_up(hub, first)
    judge(hub)
    keeping.keep(hub)
    keeping.hear(hub)
    keeping.age(hub)
    keeping.count(hub)


def settle_made(hub: Hub, first: int) -> None:
    """Settle what the hub itself made, from cursor `first` on, and what that wakes."""
    take_up(hub, first)
    judge(hub)
    keeping.keep(hub)
    (released,) = hub.one(keeping.RELEASED)
    hub.add("released", released)
