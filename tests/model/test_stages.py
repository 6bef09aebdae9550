"""A scenario's stages against its whole linear program, with what is delivered held in it.

Commitments are drawn as vertices of the first stage under random objectives, and as mixtures of
them. The whole program of a sample is solved by scipy from its dense matrix.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from everything import everything
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from small import bench, buy, middling, plan, platform, rent, reserve, uniform

from planner.analysis.committed.problem import Contracts
from planner.analysis.workbench import build_workbench
from planner.catalog.resolve import load_scenario
from planner.model.coefficients import Coefficients
from planner.model.stages.partition import partition
from planner.model.template import LinearPrograms
from planner.solve.two_stage.lshaped import costs_of, decompose
from planner.solve.two_stage.problem import Listed, Samples

Array = np.ndarray[Any, np.dtype[Any]]

ROOT = Path(__file__).resolve().parents[2]

SAMPLES = 4
MOST = 1e5
"""Of a commitment that nothing bounds."""

EXPECTED = ("vendor_share", "smallest_vendor_share", "growth", "price_fall")
"""Rows that bind what is expected: in a sample they may be broken."""


def uncertain_supply() -> dict[str, Any]:
    offers = {
        "chip-buy": buy("chip", uniform(20000, 30000), 8, supply_accelerators=uniform(0, 400)),
        "chip-term": reserve("chip", uniform(1, 2), 2, supply_accelerators=uniform(50, 90)),
        "chip-rent": rent("chip", uniform(2, 5)),
    }
    return plan(3, uniform(100, 300), {"chip": platform()}, offers)


def whole_bets() -> dict[str, Any]:
    """Return every instrument with whole bets, but for rent by the lot, which no plan can have."""
    raw = everything(bets="whole")
    del raw["offers"]["b-rent"]["whole_units_of"]
    return raw


SCENARIOS: dict[str, Any] = {
    "quickstart": "configs/quickstart.yaml",
    "every-instrument": "configs/every-instrument.yaml",
    "eight-quarters": "benchmarks/eight_quarters.yaml",
    "everything": everything(),
    "whole": whole_bets(),
    "middling": middling(),
    "uncertain-supply": uncertain_supply(),
}
ALL = pytest.mark.parametrize("name", SCENARIOS)


@cache
def contracts(name: str) -> Contracts:
    raw = SCENARIOS[name]
    if isinstance(raw, dict):
        return bench(raw).contracts
    return build_workbench(load_scenario(ROOT / raw).scenario).contracts


@cache
def coefficients(name: str) -> Coefficients:
    own = contracts(name)
    return own.model.coefficients(own.sampler.draw(1000, SAMPLES))


@cache
def programs(name: str) -> LinearPrograms:
    return contracts(name).model.programs(coefficients(name))


@cache
def commitments(name: str) -> Array:
    """Return commitments that respect their own rows, (commitment, column)."""
    first = contracts(name).first
    matrix = csr_array(
        (first.values, first.column_of, first.row_starts), (first.low.size, first.lower.size)
    )
    rng, found = np.random.default_rng(7), [np.zeros(first.lower.size)]
    for _ in range(3):
        wish = milp(
            rng.normal(-0.5, 1, first.lower.size),
            bounds=Bounds(first.lower, np.minimum(first.upper, MOST)),
            constraints=LinearConstraint(matrix, first.low, first.high),
        )
        assert wish.status == 0
        found.append(wish.x)
    return np.array([*found[1:], rng.dirichlet(np.ones(4)) @ np.array(found)])


def delivered(name: str, x: Array) -> Array:
    """Return what the signed columns of the template are in each sample, (sample, signed)."""
    own = contracts(name)
    acts = own.factor(coefficients(name)) * x
    found = np.zeros((SAMPLES, own.parts.signed.size))
    for j, effect in enumerate(own.effect_of.tolist()):
        found[:, effect] += acts[:, j]
    return found


def listed(name: str) -> Listed:
    own = contracts(name)
    part: Samples = own.samples(coefficients(name), np.full(SAMPLES, 1 / SAMPLES))
    return Listed(own.first, own.effect_of, own.parts.signed.size, own.blocks, (part,))


def whole_cost(name: str, k: int, *, signed: Array | None, rows: Array) -> float:
    """Return the optimum of a sample's whole program, some rows kept, signed columns held or not.

    Whole numbers are relaxed: none is recourse, and those that are signed are held.
    """
    own, template = programs(name), contracts(name).model.template
    column_of = np.repeat(np.arange(len(template.columns)), np.diff(template.starts))
    shape = len(template.rows), len(template.columns)
    matrix = csr_array((own.matrix[k], (template.row_of, column_of)), shape)[rows]
    lower, upper = own.lower[k].copy(), own.upper[k].copy()
    if signed is not None:
        at = contracts(name).parts.signed
        lower[at] = upper[at] = signed
    senses, side = np.array(template.senses)[rows], own.rhs[k, rows]
    low, high = np.where(senses == "<=", -np.inf, side), np.where(senses == ">=", np.inf, side)
    found = milp(
        own.cost[k], bounds=Bounds(lower, upper), constraints=LinearConstraint(matrix, low, high)
    )
    assert found.status == 0, found.message
    return float(found.fun)


@ALL
@pytest.mark.parametrize("window", [None, 1])
def test_everything_is_in_one_stage_and_one_block(name: str, window: int | None) -> None:
    model = contracts(name).model
    parts, template = partition(model.sets, model.template, window), model.template
    columns = [parts.signed, parts.given, *(part.columns for part in parts.blocks)]
    rows = [parts.signing, parts.given_rows, *(part.rows for part in parts.blocks)]
    assert sorted(np.concatenate(columns)) == list(range(len(template.columns)))
    assert sorted(np.concatenate(rows)) == list(range(len(template.rows)))
    for part in parts.blocks:
        entries = np.concatenate([part.entries, part.technology, part.given])
        assert sorted(entries) == np.flatnonzero(np.isin(template.row_of, part.rows)).tolist()
        assert part.template.columns == tuple(template.columns[j] for j in part.columns)
        assert part.template.rows == tuple(template.rows[i] for i in part.rows)
        assert not part.template.integer.any()


@ALL
def test_a_first_stage_and_its_recourse_cost_what_the_whole_program_does(name: str) -> None:
    own = contracts(name)
    open_rows = np.setdiff1d(np.arange(len(own.model.template.rows)), own.parts.signing)
    problem = listed(name)
    for x in commitments(name):
        costs, held = costs_of(problem, x), delivered(name, x)
        for k in range(SAMPLES):
            assert costs[k] == pytest.approx(
                whole_cost(name, k, signed=held[k], rows=open_rows), rel=1e-8
            )


@ALL
def test_no_more_is_delivered_than_there_is(name: str) -> None:
    own, block = contracts(name), coefficients(name)
    of_order = np.array([label.family in ("start", "power") for label in own.commitments.labels])
    factor, places = own.factor(block), own.commitments.places
    assert {place for place, is_order in zip(places, of_order, strict=True) if is_order}
    for x in commitments(name):
        for place in filter(None, set(places)):
            section, position, quarter = place
            supply = block.supply if section == "offers" else block.power_supply_kw
            mine = of_order & np.array([other == place for other in places])
            most = supply[:, position, quarter] * (1 + 1e-9) + 1e-6
            assert (factor[:, mine] @ x[mine] <= most).all(), place


@ALL
def test_no_plan_costs_less_than_knowing(name: str) -> None:
    """Nor one that is made for a single sample: not everything that is possible can be signed."""
    own, whole = contracts(name), listed(name)
    families = np.array([label.family for label in own.model.template.rows])
    rows = np.flatnonzero(~np.isin(families, EXPECTED))
    for k in range(SAMPLES):
        best = whole_cost(name, k, signed=None, rows=rows)
        one = replace(whole.parts[0].chosen(np.array([k])), probability=np.ones(1))
        found = decompose(replace(whole, parts=(one,)), gap=1e-3, iterations=25)
        assert found.objective >= best - 1e-8 * abs(best)
        for x in commitments(name):
            assert costs_of(whole, x)[k] >= found.bound - 1e-8 * abs(found.bound)


@pytest.mark.parametrize("name", ["uncertain-supply", "eight-quarters", "everything"])
def test_tranches_in_order_deliver_what_is_ordered_or_what_there_is(name: str) -> None:
    own, block = contracts(name), coefficients(name)
    limits, sets = own.commitments.tranches, own.model.sets
    pooled = {
        platform for pool in sets.scenario.pools.values() for platform in pool.use_per_accelerator
    }
    seen = 0
    for place, ends in limits.ends.items():
        section, position, quarter = place
        offers = section == "offers"
        if offers and sets.platforms[sets.offers[position].platform] in pooled:
            continue
        supply = (block.supply if offers else block.power_supply_kw)[:, position, quarter]
        shares = limits.delivered(sets, block, place)
        begins = (0.0, *ends)
        for order in (*ends, 0.3 * ends[0], 0.5 * (begins[-1] + begins[-2])):
            widths = np.diff(np.minimum(begins, order))
            found = sum(share * width for share, width in zip(shares, widths, strict=True))
            if order in ends:
                assert found == pytest.approx(np.minimum(order, supply), rel=1e-9)
            assert (found <= np.minimum(order, supply) * (1 + 1e-9)).all()
            assert (found >= np.minimum(order, supply) * order / ends[-1] * (1 - 1e-9)).all()
            seen += 1
    assert seen


def test_a_plan_is_signed_for_no_more_than_its_tranches_hold() -> None:
    own = contracts("uncertain-supply").commitments
    for x in commitments("uncertain-supply"):
        for place, ends in own.tranches.ends.items():
            mine = [j for j, other in enumerate(own.places) if other == place]
            filled = [x[[j for j in mine if own.tranche[j] == k]].sum() for k in range(len(ends))]
            widths = np.diff((0.0, *ends))
            full = np.array(filled) / np.where(widths > 0, widths, 1.0)
            assert (full <= 1 + 1e-6).all()
            assert (np.diff(full) <= 1e-6).all()
