"""How a site integrates one line that it pulled: an update, a delete or a merge."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.simulation.site import Site

DATA = '"recordData":'


def line(site: "Site", text: str) -> None:
    """Apply a line of the outbox; a record with changes that the site has yet to send stays as is.

    The record's text is cut out of the line, so that it is held as its owner wrote it.
    """
    told = json.loads(text)
    table, id, action = told["tableName"], told["recordId"], told["action"]
    if action == "merge":
        data = told["recordData"]
        if site.kept(table, data["mergeIdToKeep"]) != data["mergeIdToDelete"]:
            site.merged[table, data["mergeIdToDelete"]] = data["mergeIdToKeep"]
        return
    if (table, id) in site.unsent:
        return
    if action == "delete":
        site.held.drop(table, id)
    else:
        site.held.put(table, id, told["recordData"])
        site.held.texts[table, id] = text[text.index(DATA) + len(DATA) : -1]
    site.arrived.pop((table, id), None)
    site.arrived[table, id] = None
