"""What becomes of bets and power contracts over the samples, and how exact scaling is."""

from __future__ import annotations

import numpy as np

from planner.analysis import estimates
from planner.analysis.measures import Measures
from planner.analysis.results import BetOutcome, PowerStarted, ScalingError
from planner.config.schema import Scenario
from planner.model.service import scaling_error
from planner.model.sets import Bet, Sets
from planner.uncertainty.beliefs import quantile

_KINDS = {"right": "option", "fund": "programme", "adopt": "porting"}
_TAKEN = 0.5


def bet_outcomes(sets: Sets, measures: Measures) -> list[BetOutcome]:
    """Return how often each yes or no is taken, price falls last."""
    found = [
        BetOutcome(
            name=_name(bet),
            kind=_KINDS[bet.family],
            platform=sets.platforms[bet.platform],
            taken=estimates.share(measures.bets[:, b] >= _TAKEN),
            extent=estimates.mean(measures.bets[:, b]),
        )
        for b, bet in enumerate(sets.bets)
    ]
    falls = sets.scenario.bargaining.price_falls.items()
    return found + [
        BetOutcome(
            name=name,
            kind="price fall",
            platform=fall.vendor,
            taken=estimates.share(measures.falls[:, f] >= _TAKEN),
            extent=estimates.mean(measures.falls[:, f]),
        )
        for f, (name, fall) in enumerate(falls)
    ]


def _name(bet: Bet) -> str:
    return f"{bet.key[0]} for {bet.key[1]}" if bet.family == "adopt" else bet.key[0]


def power_started(sets: Sets, measures: Measures) -> list[PowerStarted]:
    """Return the megawatts that begin under each power contract."""
    return [
        PowerStarted(
            item.name,
            item.mode,
            sets.sites[item.sites[0]],
            estimates.spread(measures.power_started_mw[:, k]),
        )
        for k, item in enumerate(sets.power)
    ]


def scaling_errors(scenario: Scenario) -> list[ScalingError]:
    """Return the error of the segments of each workload whose jobs lose efficiency."""
    found = []
    for name, item in scenario.workloads.items():
        if item.scaling is not None:
            exponent = float(quantile(item.scaling.exponent, np.array([0.5]))[0])
            error = scaling_error(item.scaling, exponent)
            found.append(ScalingError(name, item.scaling.jobs, error))
    return found
