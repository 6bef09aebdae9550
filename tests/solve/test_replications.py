"""Intervals of the gap, against closed forms of the newsvendor with demand even on 0 to 1."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from planner.errors import SolveError
from planner.model.builder import TemplateBuilder
from planner.model.template import Label, LinearPrograms, Ref
from planner.solve.two_stage.lshaped import decompose
from planner.solve.two_stage.problem import (
    BlockNumbers,
    FirstStage,
    Listed,
    RecourseBlock,
    Risk,
    Samples,
)
from planner.solve.two_stage.replications import (
    Candidate,
    candidate_of,
    cost_of,
    estimate,
    replicate,
)

BUY, RENT = 1.0, 4.0
AVERSE = Risk(weight=1.0, level=0.6)


def newsvendor(demand: np.ndarray, *, most_rent: float | None = None) -> Listed:
    """Return: buy x now, rent what demand leaves later.

    Parameters
    ----------
    demand : ndarray, (sample,)
    most_rent : float, optional
    """
    builder = TemplateBuilder({"cost": (1,), "entry": (1,), "rhs": (1,), "upper": (1,)})
    rent = Label("rent", ())
    upper = None if most_rent is None else Ref("upper", (0,))
    builder.column(rent, Ref("cost", (0,)), upper=upper)
    builder.row("served", (), ">=", Ref("rhs", (0,)), [(rent, Ref("entry", (0,)))])
    template, n = builder.build(), demand.size
    ones = np.ones((n, 1))
    limit = np.inf if most_rent is None else most_rent
    programs = LinearPrograms(template, RENT * ones, ones, demand[:, None], 0 * ones, limit * ones)
    zero = np.zeros(1, dtype=np.int64)
    first = FirstStage(
        ("x",), np.zeros(1), np.ones(1), np.zeros(1, dtype=bool), np.zeros(1, dtype=np.int64),
        np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), np.zeros(0),
    )  # fmt: skip
    part = Samples(np.full(n, 1 / n), BUY * ones, np.zeros(n), None, [BlockNumbers(programs, ones)])
    return Listed(first, zero, 1, (RecourseBlock(template, zero, zero),), (part,))


def mean_cost(x: float) -> float:
    """The mean of ``BUY x + RENT max(demand - x, 0)``."""
    return BUY * x + RENT * (1 - x) ** 2 / 2


def optimum(risk: Risk) -> float:
    """The least cost: the mean alone, or the CVaR alone with demand even on `level` to 1."""
    tail = 1 - risk.level if risk.weight else 1.0
    return BUY - BUY**2 * tail / (2 * RENT)


def samples(seed: int, n: int, *, even: bool = False) -> Callable[[int], Listed]:
    def problem_of(number: int) -> Listed:
        rng = np.random.default_rng([seed, number])
        shares = rng.random(n)
        return newsvendor((rng.permutation(n) + shares) / n if even else shares)

    return problem_of


@pytest.mark.parametrize("risk", [Risk(), AVERSE], ids=["mean", "cvar"])
def test_the_interval_holds_the_true_optimum(risk: Risk) -> None:
    held, gaps_held = 0, 0
    for seed in range(25):
        found = replicate(samples(seed, 60), risk, replications=10, gap=1e-7)
        held += found.lower <= optimum(risk) <= found.upper
        x = float(found.candidate.x[0])
        if risk.weight == 0:
            gaps_held += mean_cost(x) - optimum(risk) <= found.gap.upper
    # Fewer than 21 of 25 have a chance below 0.01 where each has one of 0.95.
    assert held >= 21
    assert risk.weight > 0 or gaps_held >= 21


def test_even_samples_are_without_bias_and_far_sharper() -> None:
    plain = replicate(samples(1, 100), replications=10, gap=1e-7)
    even = replicate(samples(1, 100, even=True), replications=10, gap=1e-7)
    assert even.upper - even.lower < 0.2 * (plain.upper - plain.lower)
    assert even.lower <= optimum(Risk()) <= even.upper


def test_the_bound_is_the_mean_of_optima_and_the_cost_that_of_fresh_samples() -> None:
    problem_of = samples(4, 40)
    found = replicate(problem_of, replications=5, fresh=7, gap=1e-9)
    optima = np.array([decompose(problem_of(r), gap=1e-9).objective for r in range(1, 6)])
    x = float(found.candidate.x[0])
    assert found.bound.value == pytest.approx(optima.mean(), rel=1e-6)
    assert found.bound.se == pytest.approx(optima.std(ddof=1) / np.sqrt(5), rel=1e-4)

    def cost(number: int) -> float:
        demand = problem_of(number).parts[0].blocks[0].programs.rhs[:, 0]
        return float((BUY * x + RENT * np.maximum(demand - x, 0)).mean())

    fresh = np.array([cost(r) for r in range(6, 13)])
    assert found.cost.value == pytest.approx(fresh.mean())
    assert (found.cost.replications, found.bound.replications) == (7, 5)
    gaps = np.array([cost(r) for r in range(1, 6)]) - optima
    assert found.gap.value == pytest.approx(gaps.mean(), abs=1e-7)
    # Its own differences vary less than the costs and the optima do.
    assert found.gap.se < found.bound.se


def test_limits_are_those_of_student() -> None:
    values = np.array([3.0, 5.0, 4.0, 8.0])
    found = estimate(values, samples=10, confidence=0.975)
    low, high = stats.t.interval(0.95, 3, loc=values.mean(), scale=stats.sem(values))
    assert (found.lower, found.upper) == pytest.approx((low, high))
    assert (found.degrees, found.replications, found.samples) == (3, 4, 10)
    with pytest.raises(ValueError, match="two replications"):
        estimate(values[:1], samples=10, confidence=0.95)


def test_a_candidate_keeps_its_quantile() -> None:
    problem = newsvendor(np.linspace(0.05, 0.95, 10))
    candidate = candidate_of(problem, decompose(problem, AVERSE, gap=1e-9), AVERSE)
    x, costs = float(candidate.x[0]), None
    costs = np.sort(BUY * x + RENT * np.maximum(np.linspace(0.05, 0.95, 10) - x, 0))
    assert candidate.eta == pytest.approx(costs[5])
    # At its own samples, that is the CVaR; at any other eta more.
    own = cost_of(problem, candidate, AVERSE)
    assert own == pytest.approx(costs[6:].mean())
    for other in (-0.2, 0.2):
        assert cost_of(problem, Candidate(candidate.x, candidate.eta + other), AVERSE) > own


def test_a_candidate_of_ones_own_is_judged() -> None:
    candidate = Candidate(np.array([0.2]), 0.0)
    found = replicate(samples(2, 400), replications=8, candidate=candidate, gap=1e-7)
    assert found.candidate is candidate
    assert found.cost.value == pytest.approx(mean_cost(0.2), abs=4 * found.cost.se)
    true_gap = mean_cost(0.2) - optimum(Risk())
    assert found.gap.value == pytest.approx(true_gap, abs=5 * found.gap.se)
    assert found.gap.lower <= true_gap + 2 * found.gap.se


def test_a_candidate_without_recourse_is_refused() -> None:
    problem = newsvendor(np.array([0.1, 0.9]), most_rent=0.5)
    with pytest.raises(SolveError, match="no recourse in 1 of 2"):
        cost_of(problem, Candidate(np.array([0.2]), 0.0))
