"""The command that tells a record's history."""

from pathlib import Path
from typing import Any

import click

from pipelines import home as homes
from pipelines.commands.options import HOME, JSON, SITE, print_json


@click.command()
@click.argument("record")
@HOME
@JSON
@click.option("--site", type=SITE, metavar="N", help="Say too why this site has it or not.")
def why(record: str, home_told: Path | None, as_json: bool, site: int | None) -> None:
    """Tell the history of a record, by its id: each change, its verdict and rule, where it went.

    \b
    A line of it:  cycle, clock, who sent it (segment and line), action, verdict
    """
    from pipelines.admin import why as whys

    told = whys.why(homes.find(home_told), record, site)
    if as_json:
        print_json(told)
        return
    for part in told["tables"]:
        for line in _lines(told["record"], part):
            click.echo(line)


def _lines(record: str, part: dict[str, Any]) -> list[str]:
    stands = part["stands"]
    lines = [f"{part['table']} {record}: {_stands(stands) if stands else 'nothing accepted'}"]
    for change in part["changes"]:
        came = f"{change['segment']}:{change['line']}" if change["segment"] else "made by the hub"
        lines.append(
            f"  cycle {change['cycle']}  {change['clock']}  site {change['site']}  "
            f"{came}  {change['action']}  {change['outcome']}{_rule(change)}"
        )
        if change["meaning"]:
            detail = f"{change['detail']}. " if change["detail"] else ""
            lines.append(f"    {detail}{change['meaning']}")
    if stands:
        lines.append(f"  goes to {stands['goes_to']} ({stands['rule']})")
    for merge in part["merges"]:
        lines.append(
            f"  merge in cycle {merge['cycle']} of site {merge['site']}: {merge['merged']} into "
            f"{merge['into']} (G)"
        )
    for transfer in part["transfers"]:
        lines.append(
            "  transfer {kind}: {initiating_table} {initiating_id} of store {from_store} to store "
            "{to_store}, {outcome}; the other half is {responding}".format(
                **transfer, responding=transfer["responding_id"] or "not there"
            )
        )
    for line in part["queued"]:
        lines.append(
            "  queue of site {site}: line {sequence} in cycle {cycle}, {action} ({rule}), "
            "{state}".format(**line)
        )
    for line in part["central_log"]:
        lines.append("  central log: line {id} in cycle {cycle}, {action}".format(**line))
    if "site" in part:
        lines.append("  site {site}: {has}. {why}".format(**part["site"]))
    return lines


def _rule(change: dict[str, Any]) -> str:
    judged = change["judged"]
    late = f" in cycle {judged}" if judged not in (None, change["cycle"]) else ""
    return f"{late} ({change['rule']})" if change["rule"] else late


def _stands(stands: dict[str, Any]) -> str:
    told = [stands["kind"] or "no kind"]
    if stands["store"] or stands["store_id"]:
        at = f" at site {stands['active_at']}" if stands["active_at"] else ""
        told.append(f"store {stands['store'] or stands['store_id']}{at}")
    if stands["deleted"]:
        told.append("deleted")
    if stands["merged_into"]:
        told.append(f"merged into {stands['merged_into']}")
    return ", ".join(told)
