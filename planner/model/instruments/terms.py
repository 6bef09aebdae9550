"""What one accelerator (or kW) of an instrument gives and costs, for a block of samples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planner.config.offers import Payment
from planner.config.quantities import Quantity
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
    """Money for one accelerator, by planned start; the first axis is the sample.

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
        """Return a figure per sample."""
        return self.draws.number(f"{self.path}.{key}", quantity)

    def by_quarter(self, key: str, quantity: object) -> Array:
        """Return a figure per sample and quarter."""
        return self.draws.path(f"{self.path}.{key}", quantity, self.quarters)  # type: ignore[arg-type]

    def slip(self, quantity: Quantity) -> Whole:
        """Return the drawn slip in whole quarters, halves up, shape (sample,)."""
        return np.floor(self.number("slip_quarters", quantity) + 0.5).astype(np.int64)

    def no_slip(self) -> Whole:
        """Return a slip of none, shape (sample,)."""
        return np.zeros(self.draws.n, dtype=np.int64)


def window(begin: Whole, length: int, quarters: int) -> Array:
    """Return 1 in the quarters of the plan from `begin` for `length`, (sample, start, quarter)."""
    quarter = np.arange(quarters)
    first = begin[:, :, None]
    return ((first <= quarter) & (quarter < first + length)).astype(float)


def after_plan(begin: Whole, length: int, quarters: int) -> Array:
    """Return how many of `length` quarters from `begin` lie after the plan, (sample, start)."""
    return np.asarray(np.clip(begin + length - quarters, 0, length), dtype=float)


def payments(
    amount_usd: Array, parts: Iterable[Payment], planned: Whole, delivered: Whole, quarters: int
) -> tuple[Array, Array]:
    """Return the price as paid in the plan, (sample, start, quarter), and what is unpaid after it.

    Parameters
    ----------
    amount_usd : ndarray, (sample, start)
    parts : iterable of Payment
        Those before delivery keep their planned quarter; the others follow the delivery.
    planned, delivered : ndarray of int, (sample, start)
    """
    parts = tuple(parts)
    due = [
        (item.share, (planned if item.quarters_before_delivery > 0 else delivered), item)
        for item in parts
    ]
    rest = 1 - sum(item.share for item in parts)
    paid = np.zeros((*amount_usd.shape, quarters))
    unpaid = np.zeros_like(amount_usd)
    portions = [(share, base - item.quarters_before_delivery) for share, base, item in due]
    for share, when in [*portions, (rest, delivered)]:
        paid += share * amount_usd[:, :, None] * (when[:, :, None] == np.arange(quarters))
        unpaid += share * amount_usd * (when >= quarters)
    return paid, unpaid


def early_share(parts: Iterable[Payment]) -> float:
    """Return the share of the price that is paid before the planned quarter of delivery."""
    return sum(item.share for item in parts if item.quarters_before_delivery > 0)
