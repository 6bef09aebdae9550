"""What was assumed: every figure of the scenario, its spread and its source."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel
from scipy.special import ndtri

from planner.analysis.event_outcomes import (
    chance_words,
    effect_words,
    own_probability,
    when_words,
)
from planner.analysis.results import Assumption
from planner.beliefs.kinds import describe, is_uncertain, quantile
from planner.config.claims import Claim, Claimed, claims_within
from planner.config.distributions import Belief
from planner.config.offers import Chance
from planner.config.processes import Process
from planner.config.quantities import ByQuarter, Fixed, Path, Trend
from planner.config.schema import Scenario
from planner.uncertainty.events import which_one
from planner.uncertainty.inputs import parts, quantities
from planner.uncertainty.processes import describe_process, log_moments
from planner.uncertainty.sampling import Draws
from planner.uncertainty.streams import uniforms

_LEVELS = np.array([0.1, 0.5, 0.9])

_DRAWN = 2**16
"""Draws for percentiles that have no closed form: each is within 1 % of the spread or so."""

_SECTIONS = (
    "sites",
    "power",
    "workloads",
    "platforms",
    "offers",
    "existing",
    "pools",
    "limits",
    "bargaining",
)


def assumptions(scenario: Scenario) -> list[Assumption]:
    """Return the scenario's figures in the order of the config: beliefs first come as written."""
    beliefs = quantities(scenario)
    found = [_belief(path, quantity, scenario) for path, quantity in beliefs.items()]
    known = [
        Assumption(path, _words(value), False, *_three(value), "", True)
        for section in _SECTIONS
        for path, value in _numbers(section, getattr(scenario, section))
        if path not in beliefs
    ]
    return [*found, *_events(scenario), *known]


def _events(scenario: Scenario) -> Iterator[Assumption]:
    """Yield the events, by whether they happen (0 or 1), and what decides between them."""
    groups: dict[str, list[str]] = {}
    for name, event in scenario.events.items():
        words = "; ".join([chance_words(event), when_words(event, scenario), *effect_words(event)])
        chance = Chance(probability=own_probability(event, scenario))
        source = event.source or ""
        if event.one_of is not None:
            groups.setdefault(event.one_of, []).append(source)
        yield _decided(f"events.{name}", words, chance, source)
    for group, sources in groups.items():
        belief, source = which_one(scenario, group), "; ".join(filter(None, sources))
        yield _decided(f"one_of.{group}", describe(belief), belief, source)


def _decided(path: str, words: str, belief: Belief, source: str) -> Assumption:
    p10, p50, p90 = (float(value) for value in quantile(belief, _LEVELS))
    is_assumption = not source or "assumption" in source.lower()
    return Assumption(path, words, is_uncertain(belief), p10, p50, p90, source, is_assumption)


def _source_around(path: str, scenario: Scenario) -> str:
    """Return the source of the event that a figure is a part of."""
    section, _, rest = path.partition(".")
    return scenario.events[rest.split(".")[0]].source or "" if section == "events" else ""


def _belief(path: str, quantity: Path, scenario: Scenario) -> Assumption:
    inside = parts(path, quantity, scenario.quarter_names())
    uncertain = any(is_uncertain(belief) for belief in inside.values())
    values = [quantile(belief, _LEVELS) for belief in inside.values()]
    match quantity:
        case ByQuarter():
            shown = quantity.by_quarter[-1] * (values[0] if values else np.ones(3))
            factor = f", times {describe(quantity.times)}" if quantity.times is not None else ""
            words = f"by quarter {_listed(quantity.by_quarter)}{factor}"
        case Trend():
            shown = values[0]
            change = describe(quantity.change_per_year)
            words = f"{describe(quantity.first)} in the first quarter; change per year {change}"
            if quantity.error_sd is not None:
                words += f"; error of standard deviation {describe(quantity.error_sd)} by quarter"
        case Process():
            shown, words = _last_quarter(path, quantity, scenario), describe_process(quantity)
        case Belief():
            shown, words = values[0], describe(quantity)
        case _:
            raise TypeError(f"{path} is not a belief")
    p10, p50, p90 = (float(value) for value in shown)
    source = _source(quantity) or _source_around(path, scenario)
    assumed = any(
        claim.share is None or claim.evidence == "assumption" for claim in claims_within(quantity)
    )
    is_assumption = not source or "assumption" in source.lower() or assumed
    return Assumption(path, words, uncertain, p10, p50, p90, source, is_assumption)


def _last_quarter(path: str, process: Process, scenario: Scenario) -> NDArray[np.float64]:
    """Return the percentiles of a process in the plan's last quarter.

    Where it is not lognormal with known parameters they are those of many draws of its own inputs,
    taken as independent of each other.
    """
    moments = log_moments(process, scenario.quarters - 1)
    if moments is not None:
        mean, sd = moments
        return np.asarray(np.exp(mean + sd * ndtri(_LEVELS)))
    inside = parts(path, process, scenario.quarter_names())
    unsure = {name: belief for name, belief in inside.items() if is_uncertain(belief)}
    numbers = uniforms(scenario.seed, list(unsure), 0, _DRAWN)
    values = {
        name: quantile(belief, u) for (name, belief), u in zip(unsure.items(), numbers, strict=True)
    }
    drawn = Draws(values, _DRAWN).path(path, process, scenario.quarters)
    # A value that is drawn: between those of a price that steps there may be none.
    return np.asarray(np.quantile(drawn[:, -1], _LEVELS, method="inverted_cdf"))


def _source(quantity: Path) -> str:
    """Return the sources of the quantity and of the beliefs in it, each once."""
    if not isinstance(quantity, Belief | ByQuarter | Trend | Process):
        return ""
    nested: list[Path] = []
    if isinstance(quantity, Claimed):
        return _claim_sources(quantity)
    if isinstance(quantity, Trend | Process):
        nested = [value for _, value in quantity if isinstance(value, Belief)]
    elif isinstance(quantity, Fixed | ByQuarter) and quantity.times is not None:
        nested = [quantity.times]
    sources = [quantity.source or "", *(_source(part) for part in nested)]
    return "; ".join(dict.fromkeys(text for text in sources if text))


def _claim_sources(belief: Claimed) -> str:
    """Return the sources of what is claimed, compared with and measured, each once."""
    found = [belief.source]
    for claim in claims_within(belief):
        found += [claim.source or f"{claim.said_by}, {claim.date} ({claim.evidence})"]
        found += [_source(claim.share) if claim.share is not None else ""]
        found += (
            [] if isinstance(claim, Claim) or claim.baseline is None else [_source(claim.baseline)]
        )
    found += [belief.measured.source if belief.measured is not None else ""]
    return "; ".join(dict.fromkeys(text for text in found if text))


def _numbers(prefix: str, node: object) -> Iterator[tuple[str, float | list[float]]]:
    """Yield the plain numbers of a part of the scenario."""
    if isinstance(node, Belief | ByQuarter | Trend | Process | bool):
        return
    if isinstance(node, int | float):
        yield prefix, float(node)
    elif isinstance(node, list) and node and all(isinstance(item, float | int) for item in node):
        yield prefix, node
    elif isinstance(node, BaseModel):
        # What is left out stands for "none of this" and is in the config reference.
        for key in (key for key in type(node).model_fields if key in node.model_fields_set):
            yield from _numbers(f"{prefix}.{key}", getattr(node, key))
    elif isinstance(node, dict):
        for key, child in node.items():
            yield from _numbers(f"{prefix}.{key}", child)


def _words(value: float | list[float]) -> str:
    return f"by quarter {_listed(value)}" if isinstance(value, list) else f"{value:g}"


def _three(value: float | list[float]) -> tuple[float, float, float]:
    last = float(value[-1] if isinstance(value, list) else value)
    return last, last, last


def _listed(values: list[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)
