"""A certificate passes what is optimal and nothing else, whatever other numbers are about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from small import bench, middling, plan, platform, rent, reserve

from planner.analysis.workbench import Workbench
from planner.model.template import LinearPrograms
from planner.solve.solutions import TOLERANCE, Solutions, certify

N = 12

Case = tuple[Workbench, LinearPrograms, Solutions]


def harsh() -> dict[str, Any]:
    """Return the scenario with numbers of another size in it, as users write them.

    A shortfall "at any price", a supply "without limit" and energy for almost nothing.
    """
    raw = middling()
    for work in raw["workloads"].values():
        work["shortfall_usd_per_unit_hour"] = 1e9
    raw["offers"]["last-rent"] = rent("a-two", 9.0, sites=["cloud"], supply_accelerators=1e30)
    raw["sites"]["hall"]["energy_usd_per_kwh"] = 1e-9
    return raw


@pytest.fixture(scope="module", params=[middling, harsh])
def case(request: pytest.FixtureRequest) -> Case:
    made = bench(request.param())
    programs = made.model.programs(made.draw(0, N)[1])
    return made, programs, made.engine.highs.solve(programs)


def proven(programs: LinearPrograms, x: Any, duals: Any) -> Any:
    """Return, per sample, whether it passes."""
    passes = np.ones(programs.n, dtype=bool)
    passes[certify(programs, x, duals).failed()] = False
    return passes


def test_optima_pass_with_room_to_spare(case: Case) -> None:
    _, programs, solved = case
    proof = certify(programs, solved.x, solved.duals)
    assert proof.failed().size == 0
    worst = [values.max() for values in (proof.primal, proof.dual, proof.gap)]
    assert max(worst) < TOLERANCE / 100


@pytest.mark.parametrize("size", [1e-3, 1e-2, 1.0])
def test_a_changed_primal_fails(case: Case, size: float) -> None:
    """Each count in turn a little more and a little less: infeasible, or no longer cheapest."""
    _, programs, solved = case
    for j in range(solved.x.shape[1]):
        used = solved.x[:, j] > 1
        for factor in (1 + size, 1 - size):
            x = solved.x.copy()
            x[:, j] *= factor
            assert not (proven(programs, x, solved.duals) & used).any()


def test_a_negative_count_fails(case: Case) -> None:
    _, programs, solved = case
    x = solved.x.copy()
    x[:, 0] = -1e-2
    assert not proven(programs, x, solved.duals).any()


@pytest.mark.parametrize("factor", [-1.0, 0.0, 0.999, 1.001, 1e6])
def test_a_wrong_dual_fails(case: Case, factor: float) -> None:
    _, programs, solved = case
    # Where a row has no right-hand side another dual may be as good.
    worth = np.abs(solved.duals * programs.rhs) > 1e-3 * solved.objective[:, None]
    assert worth.any(axis=0).sum() > 8
    for row in range(worth.shape[1]):
        duals = solved.duals.copy()
        duals[:, row] *= factor
        passes = proven(programs, solved.x, duals) & worth[:, row]
        assert not passes.any(), programs.template.rows[row]


def test_a_feasible_plan_that_is_not_the_cheapest_fails(case: Case) -> None:
    """Serve nothing: feasible, and proven dear by the duals."""
    _, programs, solved = case
    x = np.zeros_like(solved.x)
    labels = programs.template.columns
    columns = [j for j, label in enumerate(labels) if label.family == "shortfall"]
    rows = [r for r, label in enumerate(programs.template.rows) if label.family == "demand"]
    x[:, columns] = programs.rhs[:, rows]
    proof = certify(programs, x, solved.duals)
    assert (proof.primal <= TOLERANCE).all()
    assert (proof.gap > TOLERANCE).all()


def test_the_optimum_of_a_slightly_different_program_fails_unless_it_costs_the_same(
    case: Case,
) -> None:
    """Costs a little off, as a solver with too large a tolerance sees them.

    Whatever passes must cost what the optimum costs, to ten times the tolerance.
    """
    made, programs, solved = case
    rng = np.random.default_rng(1)
    outcomes = []
    for size in (1e-9, 1e-6, 1e-4, 1e-2, 0.3):
        cost = programs.cost * (1 + size * rng.uniform(-1, 1, programs.cost.shape))
        other = made.engine.highs.solve(replace(programs, cost=cost), break_ties=False)
        passes = proven(programs, other.x, other.duals)
        excess = (programs.cost * other.x).sum(axis=1) / solved.objective - 1
        assert (np.abs(excess[passes]) < 10 * TOLERANCE).all()
        outcomes.append(passes.all())
        # What costs clearly more than the optimum never passes.
        assert not passes[excess > 1e-6].any()
    assert outcomes[0]
    assert not outcomes[-1]


def test_the_optimum_of_a_program_with_other_demand_fails(case: Case) -> None:
    made, programs, _ = case
    rows = [r for r, label in enumerate(programs.template.rows) if label.family == "demand"]
    for factor in (0.9999, 1.0001):
        rhs = programs.rhs.copy()
        rhs[:, rows] *= factor
        other = made.engine.highs.solve(replace(programs, rhs=rhs), break_ties=False)
        assert not proven(programs, other.x, other.duals).any()


def test_a_number_that_is_not_one_fails(case: Case) -> None:
    _, programs, solved = case
    for values in (solved.x, solved.duals):
        wrong = values.copy()
        wrong[:, 0] = np.nan
        x, duals = (wrong, solved.duals) if values is solved.x else (solved.x, wrong)
        assert not proven(programs, x, duals).any()


def test_a_dual_of_the_wrong_sign_proves_nothing() -> None:
    """60 of the dear and 40 of the cheap, at a vendor's limit that only the dear one presses on.

    With y = 2 - 0.4 x 1 on the demand and 2 - 1 on the limit all else fits: the reduced costs are
    0 and primal and dual cost the same. But all of the cheap one is cheaper.
    """
    platforms = {"dear": platform(vendor="A"), "cheap": platform(vendor="B")}
    offers = {"dear": reserve("dear", 2.0, 1), "cheap": reserve("cheap", 1.0, 1)}
    raw = plan(1, 100, platforms, offers, limits={"largest_vendor_share": {"A": 0.6}})
    made = bench(raw)
    programs = made.model.programs(made.draw(0, 1)[1])
    counts = {"dear": 60.0, "cheap": 40.0, "work": 0.0}
    prices = {"demand": 1.6, "allocation": -1.6, "supply": 0.0, "vendor_share": 1.0}
    template = programs.template
    x = np.array([[counts[label.key[0]] for label in template.columns]])
    duals = np.array([[2190 * prices[label.family] for label in template.rows]])
    proof = certify(programs, x, duals)
    assert proof.gap[0] < 1e-12
    assert proof.primal[0] < 1e-12
    assert proof.failed().size == 1


def test_money_in_another_unit_changes_no_certificate(case: Case) -> None:
    _, programs, solved = case
    base = certify(programs, solved.x, solved.duals * 1.01)
    for factor in (2.0**-40, 2.0**40):
        other = replace(programs, cost=programs.cost * factor)
        found = certify(other, solved.x, solved.duals * 1.01 * factor)
        for name in ("primal", "dual", "gap"):
            np.testing.assert_allclose(getattr(found, name), getattr(base, name), rtol=1e-12)
