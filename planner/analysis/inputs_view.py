"""The uncertain inputs before a run: what each says, and what is drawn of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.analysis.assumptions import assumptions
from planner.analysis.draw_check import MOST_CHECKED, draw_check
from planner.analysis.results_draws import DrawCheck
from planner.config.processes import Process
from planner.config.quantities import ByQuarter, Trend
from planner.config.schema import Scenario
from planner.uncertainty.inputs import SHOCKS, quantities
from planner.uncertainty.sampling import Draws, build_sampler

FAN_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_FEWEST = 4096


@dataclass(frozen=True)
class Fan:
    """A quantity over the quarters.

    Attributes
    ----------
    path : str
    levels : list of list of float
        For each quarter the quantiles at `FAN_LEVELS` of what was drawn.
    """

    path: str
    levels: list[list[float]]


@dataclass(frozen=True)
class InputsView:
    """Every uncertain input of a scenario.

    Attributes
    ----------
    check : DrawCheck
    sources : dict
        Of each input, who says so; empty where nobody is named.
    quarters : tuple of str
    fans : list of Fan
        Quantities that move over time.
    shocks : frozenset of str
        Inputs that are the shock of a single quarter.
    """

    check: DrawCheck
    sources: dict[str, str]
    quarters: tuple[str, ...]
    fans: list[Fan]
    shocks: frozenset[str]


def view_inputs(scenario: Scenario) -> InputsView:
    """Return the inputs, drawn as in a run, and at least 4,096 times."""
    sampler = build_sampler(scenario)
    n = min(max(scenario.samples, _FEWEST), MOST_CHECKED)
    by_path = {item.path: item.source for item in assumptions(scenario)}
    return InputsView(
        check=draw_check(sampler, n),
        sources={
            item.name: by_path.get(item.name) or by_path.get(item.quantity, "")
            for item in sampler.inputs
        },
        quarters=scenario.quarter_names(),
        fans=list(_fans(scenario, sampler.draw(0, n))),
        shocks=frozenset(
            item.name for item in sampler.inputs if item.part.startswith(f"{SHOCKS}.")
        ),
    )


def _fans(scenario: Scenario, draws: Draws) -> Iterator[Fan]:
    quarters = len(scenario.quarter_names())
    for path, quantity in quantities(scenario).items():
        if not isinstance(quantity, ByQuarter | Trend | Process):
            continue
        values = draws.path(path, quantity, quarters)
        if values.shape[0] > 1:
            levels = np.quantile(values, FAN_LEVELS, axis=0, method="inverted_cdf")
            yield Fan(path, levels.T.tolist())
