"""A store's day: the rules of the play in their order."""

from datetime import date

from pipelines.simulation import dispense, issue, losses, purchase, requisition, shipment
from pipelines.simulation.keeper import Keeper
from pipelines.simulation.setup import CLIENTS


def work(keeper: Keeper, day: date) -> None:
    """A day of a store at its own site."""
    if keeper.store.level == "national":
        length = (keeper.world.calendar.end - keeper.world.calendar.start).days + 1
        keeper.world.donors.deliver(keeper.book, keeper.store, day, length)
    shipment.receive(keeper, day)
    purchase.receive(keeper, day)
    losses.run(keeper, day)
    if keeper.store.level in CLIENTS:
        issue.fall_ill(keeper, day)
        if issue.opens(keeper, day):
            if keeper.store.mode == "dispensary":
                dispense.run(keeper, day)
            issue.run(keeper, day)
    shipment.dispatch(keeper, day)
    requisition.answer(keeper, day)
    purchase.fill(keeper, day)
    requisition.order(keeper, day)
    shipment.give_back(keeper, day)
    if keeper.store.orders == "purchase_order":
        purchase.order(keeper, day)
        purchase.add_up(keeper, day)


def supervise(keeper: Keeper, day: date) -> None:
    """A day of the primary's work on a store that it orders for."""
    purchase.order(keeper, day)
    purchase.add_up(keeper, day)
