"""What becomes of bets and power contracts over the samples, and how exact scaling is."""

from __future__ import annotations

import numpy as np

from planner.analysis.gathered import Gathered
from planner.analysis.results import BetOutcome, PowerStarted, ScalingError
from planner.beliefs.kinds import quantile
from planner.config.schema import Scenario
from planner.model.service import scaling_error
from planner.model.sets import Bet, Sets

KINDS = {"right": "option", "fund": "programme", "adopt": "porting"}


def bet_outcomes(sets: Sets, found: Gathered) -> list[BetOutcome]:
    """Return how often each yes or no is taken, price falls last."""
    bets = zip(sets.bets, found.shares("bet_taken"), found.means("bet_extent"), strict=True)
    falls = zip(
        sets.scenario.bargaining.price_falls.items(),
        found.shares("fall_taken"),
        found.means("fall_extent"),
        strict=True,
    )
    return [
        *(
            BetOutcome(
                bet_name(bet), KINDS[bet.family], sets.platforms[bet.platform], taken, extent
            )
            for bet, taken, extent in bets
        ),
        *(
            BetOutcome(name, "price fall", fall.vendor, taken, extent)
            for (name, fall), taken, extent in falls
        ),
    ]


def bet_name(bet: Bet) -> str:
    """Return how a bet is called."""
    return f"{bet.key[0]} for {bet.key[1]}" if bet.family == "adopt" else bet.key[0]


def power_started(sets: Sets, found: Gathered) -> list[PowerStarted]:
    """Return the megawatts that begin under each power contract."""
    return [
        PowerStarted(item.name, item.mode, sets.sites[item.sites[0]], megawatts)
        for item, megawatts in zip(sets.power, found.spreads("power_started_mw"), strict=True)
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
