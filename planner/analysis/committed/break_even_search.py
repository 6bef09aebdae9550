"""``planner breakeven``: along one figure of a scenario, what the plan to sign for becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from planner.analysis.committed.break_even import Finder, Held, PlanAt, best_plan, changes, finder
from planner.analysis.committed.effort import Effort, risk_measure
from planner.analysis.committed.seek import carry_here, seek
from planner.analysis.workbench import build_workbench
from planner.beliefs.kinds import describe, probability, quantile
from planner.catalog.resolve import LoadedScenario, load_scenario
from planner.config.wording import did_you_mean
from planner.errors import InputError, Problem
from planner.solve.executor import available_workers
from planner.uncertainty.inputs import Input, uncertain_inputs

_LEVELS = (0.05, 0.95)
_VALUES = 7
_HALVINGS = 6
_SAMPLES = 512
_KNOWN_TIMES = (0.5, 2.0)
"""Of a known number, from where to where unless it is said."""


@dataclass(frozen=True)
class Tried:
    """The best plan at one value."""

    value: float
    rank: float | None
    cost_usd: float
    counts: dict[str, float]


@dataclass(frozen=True)
class Change:
    """What changes, between which values; ``taken_above`` says at which side it is signed for."""

    name: str
    is_platform: bool
    taken_above: bool
    below: Tried
    above: Tried


@dataclass(frozen=True)
class BreakEvens:
    """What becomes of the plan along one figure.

    Attributes
    ----------
    name, description : str
    samples : int
        On which each plan is best.
    tried : list of Tried
        By value, those at either side of a change among them.
    changes : list of Change
    """

    name: str
    description: str
    samples: int
    tried: list[Tried]
    changes: list[Change]


def find_break_evens(
    config: Path,
    overrides: Sequence[str],
    name: str,
    platform: str | None,
    low: float | None,
    high: float | None,
) -> BreakEvens:
    """Return where the plan changes along an uncertain input or a known number.

    Raises
    ------
    InputError
        If there is no such figure or platform, or no range to search.
    """
    loaded = load_scenario(config, overrides)
    inputs = uncertain_inputs(loaded.scenario)
    _refuse_unknown(loaded, platform)
    item = _input(inputs, name)
    known = None if item is not None else _known(loaded, name, [i.name for i in inputs])
    begin, end = _range(item, known, low, high)
    samples = min(loaded.scenario.commitment.samples, _SAMPLES)
    seen: dict[float, PlanAt] = {}
    find = _remembered(seen, _finder(config, overrides, loaded, item, name, samples))
    values = np.linspace(begin, end, _VALUES).tolist()

    def tried(plan: PlanAt) -> Tried:
        rank = None if item is None else float(probability(item.belief, np.array([plan.value]))[0])
        return Tried(plan.value, rank, plan.cost_usd, plan.counts)

    found = [
        Change(what, what in below.platforms, above.takes(what), tried(below), tried(above))
        for what, below, above in changes(find, values, _HALVINGS, platform)
    ]
    said = f"{known:g} in the config" if item is None else describe(item.belief)
    return BreakEvens(
        name if item is None else item.name,
        said,
        samples,
        [tried(seen[value]) for value in sorted(seen)],
        found,
    )


def _remembered(seen: dict[float, PlanAt], find: Finder) -> Finder:
    def again(value: float, start: Any) -> PlanAt:
        if value not in seen:
            seen[value] = find(value, start)
        return seen[value]

    return again


def _finder(
    config: Path,
    overrides: Sequence[str],
    loaded: LoadedScenario,
    item: Input | None,
    name: str,
    samples: int,
) -> Finder:
    bench, asked = build_workbench(loaded.scenario), loaded.scenario.commitment
    times = 1.0
    if asked.service is not None:
        times = seek(bench, carry_here(bench), Effort(threads=available_workers())).price_times
    held = Held(samples, risk_measure(asked), times)
    if item is not None:
        return finder(bench, item.name, held)

    def find(value: float, start: Any) -> PlanAt:
        scenario = load_scenario(config, [*overrides, f"{name}={value!r}"]).scenario
        changed = build_workbench(scenario)
        return best_plan(changed.model, changed.sampler, value, held, start)

    return find


def _input(inputs: Sequence[Input], name: str) -> Input | None:
    exact = [item for item in inputs if item.name == name]
    parts = [item for item in inputs if item.quantity == name]
    if exact or len(parts) == 1:
        return (exact or parts)[0]
    if parts:
        names = ", ".join(f"`{item.name}`" for item in parts[:8])
        raise InputError(
            [
                Problem(
                    "--input",
                    "this quantity has several uncertain parts",
                    allowed=names,
                    remedy="name one of them",
                    value=name,
                )
            ]
        )
    return None


def _known(loaded: LoadedScenario, name: str, inputs: Sequence[str]) -> float:
    """Return a plain number of the config by its path."""
    node: Any = loaded.resolved
    for part in name.split("."):
        node = node.get(part) if isinstance(node, dict) else None
    if isinstance(node, int | float) and not isinstance(node, bool):
        return float(node)
    raise InputError(
        [
            Problem(
                "--input",
                "there is no such uncertain input, and no plain number at this path",
                allowed="an input that `planner inputs` lists, or a dotted path to a number",
                remedy=did_you_mean(name, list(inputs), "look at the names with `planner inputs`"),
                value=name,
            )
        ]
    )


def _refuse_unknown(loaded: LoadedScenario, platform: str | None) -> None:
    scenario = loaded.scenario
    names = [*scenario.platforms, *scenario.offers]
    if platform is not None and platform not in names:
        remedy = did_you_mean(platform, names, "name one of these")
        allowed = ", ".join(scenario.platforms)
        problem = Problem("--platform", "there is no such platform", allowed, remedy, platform)
        raise InputError([problem])


def _range(
    item: Input | None, known: float | None, low: float | None, high: float | None
) -> tuple[float, float]:
    if item is not None:
        ends = quantile(item.belief, np.array(_LEVELS)).tolist()
    else:
        ends = [(known or 0.0) * times for times in _KNOWN_TIMES]
    begin, end = (ends[0] if low is None else low), (ends[1] if high is None else high)
    if begin < end:
        return begin, end
    problem = Problem(
        "--from",
        "there is no range to search",
        allowed="a --from that is below --to",
        remedy="give both ends with --from and --to",
        value=f"{begin:g} to {end:g}",
    )
    raise InputError([problem])
