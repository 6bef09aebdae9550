"""What one accelerator (or kW) of an instrument gives and costs, for a block of samples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planner.config.offers import Payment
from planner.config.quantities import Quantity
from planner.model.blocks import made_once, times
from planner.uncertainty.sampling import Draws

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

CAPEX_PARTS = ("purchases", "cancellations", "option fees", "power built")
OPEX_PARTS = (
    "development",
    "porting",
    "maintenance",
    "reservations",
    "rentals",
    "power leased",
    "energy",
    "hosting",
)
CASH_PARTS = CAPEX_PARTS + OPEX_PARTS
"""The parts of cash, by what it is paid for."""


@dataclass(frozen=True)
class Flows:
    """Money for one accelerator, by planned start; see `blocks` for the sample axis.

    Attributes
    ----------
    paid : mapping of part to ndarray, (sample, start, quarter)
        Undiscounted cash by quarter.
    worth_usd : ndarray, (sample, start)
        Value at the horizon, less what is then unpaid of it.
    owed_usd : ndarray, (sample, start)
        Due after the plan; of it, what `worth_usd` counts is paid for things that last.
    """

    paid: Mapping[str, Array]
    worth_usd: Array
    owed_usd: Array


@dataclass(frozen=True)
class Terms:
    """What one accelerator serves and costs.

    Attributes
    ----------
    serves : ndarray, (sample, start, quarter)
        What it counts for in each quarter.
    flows : Flows
    listed : Flows or None
        The part of `flows` that comes from the list price, on which tiers and discounts act.
    cancelled : Flows or None
        What cancelling adds to `flows`.
    """

    serves: Array
    flows: Flows
    listed: Flows | None = None
    cancelled: Flows | None = None


@dataclass(frozen=True)
class Reader:
    """Reads the fields of one config entry from the draws of a block.

    Attributes
    ----------
    path : str
        The entry's YAML path.
    """

    path: str
    draws: Draws
    quarters: int
    start: Whole = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", np.arange(self.quarters))

    def number(self, key: str, quantity: Quantity) -> Array:
        """Return a figure per sample; one for all where it is known."""
        return self.draws.number(f"{self.path}.{key}", quantity)

    def by_quarter(self, key: str, quantity: object) -> Array:
        """Return a figure per sample and quarter, (sample, quarter)."""
        return self.draws.path(f"{self.path}.{key}", quantity, self.quarters)  # type: ignore[arg-type]

    @property
    def planned(self) -> Whole:
        """Every quarter as a planned start, (1, start)."""
        return self.start[None]

    def slipped(self, quantity: Quantity) -> Whole:
        """Return every planned start after the drawn slip, in whole quarters, halves up."""
        return _delayed(self.start[None], self.number("slip_quarters", quantity))


@made_once
def _delayed(planned: Whole, slip: Array) -> Whole:
    whole = np.floor(slip + 0.5).astype(np.int64)
    delayed: Whole = np.add(whole[:, None], planned, order="F")
    return delayed


@made_once
def window(begin: Whole, length: int, quarters: int) -> Array:
    """Return 1 in the quarters of the plan from `begin` for `length`, (sample, start, quarter)."""
    quarter = np.arange(quarters)
    since = np.subtract(quarter, begin[:, :, None], order="F")
    return ((since >= 0) & (since < length)).astype(float)


@made_once
def after_plan(begin: Whole, length: int, quarters: int) -> Array:
    """Return how many of `length` quarters from `begin` lie after the plan, (sample, start)."""
    beyond = np.minimum(np.maximum(begin + (length - quarters), 0), length)
    return np.asarray(beyond, dtype=float)


@dataclass(frozen=True)
class Schedule:
    """When a price is paid.

    Attributes
    ----------
    on_day : ndarray, (sample, start, quarter)
        Shares of the price that are paid in the plan.
    later : ndarray, (sample, start)
        Share that is unpaid after it.
    """

    on_day: Array
    later: Array

    def of(self, price_usd: Array) -> tuple[Array, Array]:
        """Return what is paid of a price, (sample, start), and what is unpaid after the plan."""
        return times(price_usd[:, :, None], self.on_day), times(price_usd, self.later)


@made_once
def schedule(
    parts: tuple[Payment, ...], planned: Whole, delivered: Whole, quarters: int
) -> Schedule:
    """Return when the parts of a price are paid, and the rest at delivery.

    Parameters
    ----------
    parts : tuple of Payment
        Those before delivery keep their planned quarter; the others follow the delivery.
    planned, delivered : ndarray of int, (sample, start)
    """
    rest = 1 - sum(item.share for item in parts)
    portions = [(rest, delivered)]
    for item in parts:
        base = planned if item.quarters_before_delivery > 0 else delivered
        portions.append((item.share, base - item.quarters_before_delivery))
    on_day: Array = np.zeros((1, quarters, quarters))
    later: Array = np.zeros((1, quarters))
    for share, when in portions:
        on_day = on_day + share * np.equal(when[:, :, None], np.arange(quarters), order="F")
        later = later + share * (when >= quarters)
    return Schedule(on_day, later)


def early_share(parts: Iterable[Payment]) -> float:
    """Return the share of the price that is paid before the planned quarter of delivery."""
    return sum(item.share for item in parts if item.quarters_before_delivery > 0)
