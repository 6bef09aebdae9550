"""One chip of yield one, and what a tiny plan of it costs, pays, owes and is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from small import HOURS, Parts, bench, plan, platform

from planner.analysis.cash import COST_PARTS, RESIDUAL
from planner.analysis.measures import Measures, measure
from planner.model.decisions import Decisions
from planner.model.instruments.terms import CASH_PARTS

Raw = dict[str, Any]

STEP = 1.05
"""By which money is discounted in half a quarter."""

RATE = STEP**8 - 1
"""The rate per year for which a half quarter is worth `STEP`; 47.7 %, so that no error hides."""


def paid(quarter: int) -> float:
    """Return the worth today of a dollar paid in the middle of a quarter: STEP^-(2 t + 1)."""
    return STEP ** -(2 * quarter + 1)


def held(quarters: int) -> float:
    """Return the worth today of a dollar's worth held at the end of a plan: STEP^-2 T."""
    return STEP ** (-2 * quarters)


def exactly(expected: Any) -> Any:
    return pytest.approx(expected, rel=1e-10, abs=1e-7)


def one_chip(quarters: int, demand: Any, offers: Parts, **changes: Any) -> Raw:
    """Return a plan of one platform whose whole bets are proven to the last cent."""
    chip = changes.pop("chip", platform())
    return plan(quarters, demand, {"chip": chip}, offers, **{"bet_gap": 0.0, **changes})


@dataclass(frozen=True)
class Outcome:
    """A plan's optimum in its first sample.

    Attributes
    ----------
    cash : mapping of str to list of float
        By part, in each quarter; parts without any are left out.
    owed : list of float
        After each quarter.
    parts : mapping of str to float
        Discounted, by part of the cost; parts without any are left out.
    """

    cost: float
    done: Decisions
    measures: Measures

    @property
    def cash(self) -> Mapping[str, list[float]]:
        by_part = self.measures.cash_usd[0].T.tolist()
        found = zip(CASH_PARTS, by_part, strict=True)
        return {name: flow for name, flow in found if np.abs(flow).max() > 1e-9}

    @property
    def owed(self) -> list[float]:
        return list(self.measures.liability_usd[0].tolist())

    @property
    def parts(self) -> Mapping[str, float]:
        found = zip(COST_PARTS, self.measures.cost_parts_usd[0].tolist(), strict=True)
        return {name: value for name, value in found if abs(value) > 1e-9}

    @property
    def residual(self) -> float:
        """What is left at the horizon, discounted, less what is then unpaid of it."""
        return -self.parts.get(RESIDUAL, 0.0)

    def taken(self, offer: int = 0) -> list[float]:
        """Return what starts of an offer in each quarter, at all sites."""
        return list(self.done.take[0, offer].sum(axis=0).tolist())

    def count(self, family: str) -> float:
        return float(self.done[family][0].sum())


def outcome(raw: Parts, **signed: float) -> Outcome:
    """Return the optimum, in which columns can be held at a value by their text in an LP file.

    A key has ``__`` for the dots of the text, and ``_`` elsewhere: ``start__buy__hall__2026Q1``.
    """
    made = bench(raw)
    _, block = made.draw(0, 1)
    programs = made.model.programs(block)
    lower, upper = programs.lower.copy(), programs.upper.copy()
    names = [label.text() for label in programs.template.columns]
    for text, value in signed.items():
        j = names.index(text.replace("__", "."))
        lower[:, j] = upper[:, j] = value
    found = made.solve(replace(programs, lower=lower, upper=upper)).solutions
    done = made.unpacker.unpack(found.x)
    measures = measure(made.model.sets, block, done)
    cost = float(found.objective[0])
    assert measures.cost_parts_usd[0].sum() == exactly(cost)
    return Outcome(cost, done, measures)


def hourly(usd_per_quarter: float) -> float:
    """Return the hourly price at which a quarter costs so much."""
    return usd_per_quarter / HOURS


def deposit(share: float, before: int) -> dict[str, Any]:
    return {"share": share, "quarters_before_delivery": before}
