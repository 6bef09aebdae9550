"""The value of a unit of a limit has the sign that it must, and duals bound it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from everything import everything
from small import bench, middling, plan, platform, rent, results, site, uniform, workload

from planner.analysis.follow_up import limit_changes
from planner.analysis.limits import Limit, with_array, worth_resolving
from planner.analysis.workbench import SolveBlock, Workbench
from planner.model.coefficients import Coefficients

N = 16


def scarce() -> dict[str, Any]:
    """Return the plan with everything, so short of all that every limit binds somewhere."""
    raw = everything()
    raw["pools"]["memory"]["supply"] = uniform(1000, 3000)
    raw["limits"]["smallest_vendor_share"]["A"] = uniform(0.4, 0.8)
    raw["limits"]["largest_vendor_share"]["B"] = uniform(0.1, 0.9)
    return raw


@pytest.fixture(scope="module")
def made() -> Workbench:
    return bench(middling(), seed=5)


DEARER = ("demand", "campaign", "smallest_vendor_share")
"""Families of which more costs more; of all others more costs less."""


@pytest.mark.parametrize(
    ("raw", "seed", "plain", "moving"),
    [
        (middling(), 2, ("demand", "supply", "power"), {"vendor_share"}),
        # Offers, demands and shares stand in the matrix of a richer plan too.
        (
            scarce(),
            5,
            ("power", "cooling", "power_supply", "pool", "growth"),
            {
                "demand",
                "campaign",
                "supply",
                "option_right",
                "vendor_share",
                "smallest_vendor_share",
            },
        ),
    ],
    ids=["middling", "everything"],
)
def test_signs_and_the_bound_of_the_duals(
    raw: dict[str, Any], seed: int, plain: tuple[str, ...], moving: set[str]
) -> None:
    """Cost is convex in every right-hand side: no step gains more than its dual says.

    What stands in the matrix has a sign that is known, and a slope that is not.
    """
    made = bench(raw, seed)
    block = SolveBlock(0, N).run(made)
    _, base = made.draw(0, N)
    solved = made.solve(made.model.programs(base)).solutions
    changes = limit_changes(made, base, solved, tuple(range(len(made.limits))))
    slack = 1e-7 * block.cost_usd
    families = set()
    for k, limit in enumerate(made.limits):
        more, less = changes[:, k, 0], changes[:, k, 1]
        sign = 1 if limit.family in DEARER else -1
        assert (sign * more >= -slack).all(), limit.name
        assert (sign * less <= slack).all(), limit.name
        if limit.family in plain:
            slope = block.limit_value_usd[:, k]
            assert (more >= slope - slack).all(), limit.name
            held = whole_units(base, limit)
            assert (less >= -slope - slack)[held].all(), limit.name
        if (np.abs(more) > slack).any():
            families.add(limit.family)
    assert families == {*plain, *moving}


def whole_units(base: Coefficients, limit: Limit) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return the samples in which every quarter has a unit to take away."""
    values = getattr(base, limit.array)[:, limit.position]
    return np.asarray((values >= limit.step).all(axis=1))


def test_every_kind_is_solved_again_and_of_the_supplies_the_largest() -> None:
    def limit(name: str, family: str) -> Limit:
        return Limit(name, family, "unit", "array", 0, 1.0, (0,))

    limits = (
        limit("idle", "power"),
        limit("hall", "power"),
        *(limit(f"s{k}", "supply") for k in range(7)),
        limit("share", "vendor_share"),
    )
    sizes = np.array([0.0, 0.1, 3, 5, 1, 2, 6, 0, 4, 0.2])
    chosen = [limits[k].name for k in worth_resolving(limits, sizes)]
    assert chosen == ["share", "hall", "s4", "s1", "s6", "s0", "s3"]


def test_a_quarter_without_any_stays_without_unless_none_has_any(made: Workbench) -> None:
    _, base = made.draw(0, 3)
    limit = next(item for item in made.limits if item.family == "supply")
    values = np.array(base.supply)
    values[0, limit.position] = 0.0
    values[1, limit.position, 0] = 0.0
    values[1, limit.position, 1:] = 5.0
    values[2, limit.position] = 0.5
    changed = with_array(base, "supply", values)
    more = limit.changed(changed, 1).supply[:, limit.position]
    less = limit.changed(changed, -1).supply[:, limit.position]
    assert (more[0] == 1).all()
    assert more[1, 0] == 0
    assert (more[1, 1:] == 6).all()
    assert (less[1, 1:] == 4).all()
    assert (less[2] == 0.5).all()


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
    share = float((high.values["workloads.work.demand"] == 150).mean())
    assert supply.binding_share.value == share
    assert supply.one_more_usd.value == pytest.approx(-share * 998 * 2190, rel=1e-9)
