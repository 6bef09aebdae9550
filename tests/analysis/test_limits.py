"""The value of a unit of a limit has the sign that it must, and duals bound it."""

from __future__ import annotations

import numpy as np
import pytest
from small import bench, middling, plan, platform, rent, results, site, workload

from planner.analysis.follow_up import limit_changes
from planner.analysis.limits import worth_resolving
from planner.analysis.workbench import SolveBlock, Workbench

N = 16


@pytest.fixture(scope="module")
def made() -> Workbench:
    return bench(middling(), seed=5)


def test_signs_and_the_bound_of_the_duals(made: Workbench) -> None:
    """Cost is convex in every right-hand side: no step gains more than its dual says.

    A vendor's share stands in the matrix, so its sign is known and its slope is not.
    """
    block = SolveBlock(0, N).run(made)
    _, base = made.draw(0, N)
    solved, _ = made.solve(0, made.model.programs(base))
    everything = tuple(range(len(made.limits)))
    changes = limit_changes(made, 0, base, solved, everything)
    slack = 1e-7 * block.cost_usd
    families = set()
    for k, limit in enumerate(made.limits):
        more, less = changes[:, k, 0], changes[:, k, 1]
        sign = 1 if limit.family == "demand" else -1
        assert (sign * more >= -slack).all(), limit.name
        assert (sign * less <= slack).all(), limit.name
        if limit.family != "vendor_share":
            slope = block.limit_value_usd[:, k]
            assert (more >= slope - slack).all(), limit.name
            held = _whole_units(made, k)
            assert (less >= -slope - slack)[held].all(), limit.name
        if (np.abs(more) > slack).any():
            families.add(limit.family)
    assert families == {"demand", "supply", "power", "vendor_share"}


def _whole_units(made: Workbench, k: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return the samples in which every quarter has a unit to take away."""
    _, base = made.draw(0, N)
    limit = made.limits[k]
    values = getattr(base, limit.array)[:, limit.position]
    return np.asarray((values >= limit.step).all(axis=1))


def test_the_limits_of_largest_value_are_solved_again(made: Workbench) -> None:
    value = np.zeros((2, 12))
    value[:, [3, 7, 1]] = [[-5, 2, 0.5], [-5, 4, -0.5]]
    assert worth_resolving(made.limits[:12], value) == (3, 7, 1)
    assert len(worth_resolving(made.limits[:10], np.ones((1, 10)))) == 8


def test_a_slack_limit_neither_binds_nor_is_shown() -> None:
    hall = site(power_mw=50)
    offers = {"rent": rent("chip", 2, supply_accelerators=5000)}
    found = results(plan(1, 100, {"chip": platform()}, offers, sites={"hall": hall}))
    assert [item.name for item in found.limits] == ["demand of work"]


def test_the_binding_share_counts_samples() -> None:
    """Demand is 50 or 150 and supply 100: the supply binds in the samples with 150."""
    coin = {"distribution": "discrete", "values": [50, 150], "probabilities": [0.5, 0.5]}
    offers = {"rent": rent("chip", 2, supply_accelerators=100)}
    found = results(plan(1, {"work": workload(coin)}, {"chip": platform()}, offers), n=64)
    supply = next(item for item in found.limits if item.family == "supply")
    high = bench(plan(1, {"work": workload(coin)}, {"chip": platform()}, offers)).draw(0, 64)[0]
    share = float((high.values["workloads.work.demand_pflops"] == 150).mean())
    assert supply.binding_share.value == share
    assert supply.one_more_usd.value == pytest.approx(-share * 998 * 2190, rel=1e-9)
