"""Events as a reader meets them: what was asked for, how often it happened, and what it does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planner.analysis.results import EventOutcome
from planner.analysis.results_estimates import Estimate
from planner.beliefs.kinds import describe, is_uncertain
from planner.config.events import Event
from planner.config.quantities import Quantity
from planner.config.schema import Scenario
from planner.model.sets import Sets
from planner.uncertainty.events import window
from planner.uncertainty.inputs import Input
from planner.uncertainty.sampling import Draws

_VERBS = {
    "multiply": "times {}",
    "add": "plus {}",
    "set": "set to {}",
    "cap": "at most {}",
    "delay_quarters": "delayed by {} quarters",
}


def happened(
    sets: Sets, inputs: tuple[Input, ...], draws: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return which events begin in each sample, (sample, event).

    Parameters
    ----------
    sets : Sets
    inputs : tuple of Input
    draws : ndarray, (sample, input)
    """
    values = {item.name: draws[:, k] for k, item in enumerate(inputs)}
    n = draws.shape[0]
    found = Draws(values, n, sets.events).happening.happened
    begun = [np.broadcast_to(each, n) for each in found.values()]
    return np.stack(begun, axis=1) if begun else np.empty((n, 0), dtype=np.bool_)


def event_outcomes(scenario: Scenario, shares: list[Estimate]) -> list[EventOutcome]:
    """Return the events in the order of the config, with the share of samples of each."""
    return [
        EventOutcome(
            name=name,
            asked=chance_words(event),
            when=when_words(event, scenario),
            probability=_of_a_sample(event, scenario),
            happened=share,
            effects=effect_words(event),
            source=event.source or "",
        )
        for (name, event), share in zip(scenario.events.items(), shares, strict=True)
    ]


def _of_a_sample(event: Event, scenario: Scenario) -> float | None:
    """Return the probability that it happens in a sample; None where that hangs on another."""
    conditional = event.only_if is not None or event.only_if_not is not None
    return None if conditional else own_probability(event, scenario)


def own_probability(event: Event, scenario: Scenario) -> float:
    """Return the probability that an event happens in a sample in which no other prevents it."""
    if event.probability is not None:
        return event.probability
    quarters = len(window(event, scenario.quarter_names()))
    return 1 - (1 - (event.probability_per_quarter or 0.0)) ** quarters


def chance_words(event: Event) -> str:
    """Return how likely an event is, in words."""
    if event.probability_per_quarter is not None:
        words = f"{100 * event.probability_per_quarter:g} % in a quarter"
    else:
        words = f"{100 * (event.probability or 0.0):g} % in the plan"
    if event.only_if is not None:
        words += f", once {event.only_if} has begun"
    if event.only_if_not is not None:
        words += f", unless {event.only_if_not} has begun"
    return words if event.one_of is None else f"{words}; at most one of {event.one_of}"


def when_words(event: Event, scenario: Scenario) -> str:
    """Return when an event can begin and how long it lasts, in words."""
    quarters = scenario.quarter_names()
    of = window(event, quarters)
    first, last = quarters[of[0]], quarters[of[-1]]
    begins = f"begins in {first}" if first == last else f"begins in {first} to {last}"
    if event.lasts_quarters is None:
        return f"{begins}, for good"
    lasts = _amount(event.lasts_quarters)
    return f"{begins}, for {lasts} quarter{'' if lasts == '1' else 's'}"


def effect_words(event: Event) -> list[str]:
    """Return what an event does, effect by effect: the paths of figures and what is done."""
    return [
        f"{', '.join(effect.on)}: {_VERBS[effect.kind].format(_amount(effect.amount))}"
        for effect in event.effects
    ]


def _amount(quantity: Quantity) -> str:
    text = describe(quantity)
    return f"({text})" if is_uncertain(quantity) else text
