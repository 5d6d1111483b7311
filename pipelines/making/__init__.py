"""What the hub itself changes besides transfers, one file a rule (O9, P2, P3)."""

from pipelines import sql
from pipelines.hub import Hub
from pipelines.making import made

MODELS = sql.models("pipelines/making")


def make(hub: Hub) -> None:
    """Let every rule make its changes; each lands before the next rule looks."""
    made.prepare(hub)
    hub.count("made", 0)
    for model in MODELS.values():
        if sql.run(hub.con, model):
            hub.con.execute(f"{made.NEW}; insert into made by name from {model.name.split('.')[1]}")
            made.land(hub)
