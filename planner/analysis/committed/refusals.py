"""What no committed plan can be made of: told before anything is solved."""

from __future__ import annotations

from collections.abc import Iterator

from planner.catalog.resolve import LoadedScenario
from planner.config.offers import Rent, Spot
from planner.errors import InputError, Problem

_OTHERWISE = "or leave the plan out with `--mode wait-and-see`"


def refuse_uncommittable(loaded: LoadedScenario) -> None:
    """Raise InputError for whole numbers in recourse."""
    problems = list(_whole_rentals(loaded))
    if problems:
        raise InputError(problems)


def _whole_rentals(loaded: LoadedScenario) -> Iterator[Problem]:
    scenario = loaded.scenario
    for name, offer in scenario.offers.items():
        if (
            scenario.bets == "whole"
            and isinstance(offer, Rent | Spot)
            and offer.whole_units_of is not None
        ):
            yield loaded.document.problem(
                ("offers", name, "whole_units_of"),
                "a committed plan cannot rent in whole units: what is done later is a linear "
                "program in each sample",
                allowed="whole units of what is signed for: buy, option, programme, reserve",
                remedy=f"remove it, set `bets: relaxed`, {_OTHERWISE}",
                value=str(offer.whole_units_of),
            )
