"""What a plan means in dollars, accelerators and megawatts, against a slow account of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from small import HOURS, bench, mid_quarter, middling

from planner.analysis.measures import CASH_PARTS, COST_PARTS
from planner.analysis.workbench import SolveBlock, SolvedBlock, Workbench
from planner.errors import SolveError
from planner.model.coefficients import Coefficients
from planner.model.decisions import Decisions

N = 24
T = 4
RATE = 0.1

Case = tuple[Workbench, Coefficients, SolvedBlock, Decisions]


@pytest.fixture(scope="module")
def case() -> Case:
    made = bench(middling(), seed=11)
    block = SolveBlock(0, N).run(made)
    return made, made.draw(0, N)[1], block, made.unpacker.unpack(block.x)


def takes(case: Case, k: int) -> Any:
    """Yield every offer's name, body, start, count and price of sample `k`."""
    made, base, _, done = case
    for o, offer in enumerate(made.model.sets.offers):
        body = middling()["offers"][offer.name]
        for t in range(T):
            yield o, body, t, done.take[k, o, :, t].sum(), base.price_usd[k, o, t]


def test_cost_parts_sum_to_the_objective(case: Case) -> None:
    _, _, block, _ = case
    parts = block.measures.cost_parts_usd
    assert parts.shape == (N, len(COST_PARTS))
    np.testing.assert_allclose(parts.sum(axis=1), block.cost_usd, rtol=1e-11)
    residual = COST_PARTS.index("residual value")
    assert (parts[:, residual] <= 0).all()
    assert (np.delete(parts, residual, axis=1) >= 0).all()
    # Otherwise the sum would prove little.
    assert (np.abs(parts).max(axis=0) > 0).all()


def test_cash_by_part_against_a_slow_account(case: Case) -> None:
    made, base, block, done = case
    for k in range(N):
        cash = np.zeros((T, len(CASH_PARTS)))
        for _, body, start, count, price in takes(case, k):
            if body["mode"] == "reserve":
                for t in range(start, min(start + body["term_quarters"], T)):
                    cash[t, 1] += count * price
            else:
                cash[start, {"buy": 0, "rent": 2}[body["mode"]]] += count * price
        for p, i in made.model.sets.platform_sites():
            for t in range(T):
                at_work = done.allocate[k, p, i, :, t].sum()
                cash[t, 3:] += at_work * base.deploy_usd[k, p, i, t]
        np.testing.assert_allclose(block.measures.cash_usd[k].sum(axis=0), cash, atol=1e-3)
        discounted = sum(cash[t] * mid_quarter(RATE, t) for t in range(T))
        np.testing.assert_allclose(block.measures.cost_parts_usd[k, :5], discounted, atol=1e-3)


def test_liability_against_a_slow_account(case: Case) -> None:
    """For each payment: owed after every quarter from the signature until before it is paid."""
    _, _, block, _ = case
    some = np.zeros(T)
    for k in range(N):
        owed = np.zeros(T)
        for _, body, start, count, price in takes(case, k):
            if body["mode"] == "rent":
                continue
            length = 1 if body["mode"] == "buy" else body["term_quarters"]
            signed = start - body["lead_time_quarters"]
            for due in range(start, start + length):
                for t in range(T):
                    owed[t] += count * price * (signed <= t < due)
        np.testing.assert_allclose(block.measures.liability_usd[k], owed, atol=1e-3)
        some += owed
    assert (some > 0).all()


def test_service_and_power_against_a_slow_account(case: Case) -> None:
    made, base, block, done = case
    names = [offer.name for offer in made.model.sets.offers]
    for k in range(N):
        held = np.zeros((3, T))
        for o, body, start, count, _ in takes(case, k):
            life = body.get("life_quarters", body.get("term_quarters", 1))
            p = list(middling()["platforms"]).index(body["platform"])
            held[p, start : start + life] += count
            assert names[o] in middling()["offers"]
        np.testing.assert_allclose(block.measures.accelerators[k], held, atol=1e-9)
        at_work = done.allocate[k].sum(axis=(1, 2))
        assert (at_work <= held + 1e-6).all()
        power = np.einsum("piwt,pi->pt", done.allocate[k], base.meter_kw[k]) / 1000
        np.testing.assert_allclose(block.measures.power_mw[k], power, atol=1e-12)
        at_hall = np.einsum("pwt,p->t", done.allocate[k, :, 0], base.meter_kw[k, :, 0])
        assert (at_hall <= base.site_kw[k, 0] * (1 + 1e-9)).all()


def test_what_is_served_is_what_works(case: Case) -> None:
    _, base, block, done = case
    served = base.demand_pflops - done.shortfall
    np.testing.assert_allclose(
        block.measures.effective_pflops.sum(axis=1), served.sum(axis=1), rtol=1e-9
    )
    share = served.sum(axis=2) / base.demand_pflops.sum(axis=2)
    np.testing.assert_allclose(block.measures.served_share, share, rtol=1e-12)
    d = np.array([mid_quarter(RATE, t) for t in range(T)])
    hours = (served.sum(axis=1) * d).sum(axis=1) * HOURS
    np.testing.assert_allclose(block.measures.served_pflop_hours, hours, rtol=1e-12)


def test_vendor_shares_hold(case: Case) -> None:
    made, base, _, done = case
    started = done.take.sum(axis=(2, 3))
    committed = np.array([offer.mode != "rent" for offer in made.model.sets.offers])
    vendors = [made.model.sets.vendor_of[offer.platform] for offer in made.model.sets.offers]
    of_a = committed & (np.array(vendors) == made.model.sets.vendors.index("A"))
    own, total = started[:, of_a].sum(axis=1), started[:, committed].sum(axis=1)
    limit = base.vendor_share[:, made.model.sets.vendors.index("A")]
    assert (own <= limit * total + 1e-6).all()
    assert (np.abs(own - limit * total) < 1e-6).any()


def test_parts_that_do_not_sum_to_the_cost_end_the_run(case: Case) -> None:
    _, _, block, _ = case
    wrong = replace(block.measures, cost_parts_usd=block.measures.cost_parts_usd * (1 + 1e-6))
    with pytest.raises(SolveError, match="do not sum to the cost"):
        SolveBlock(7, N)._reconcile(block.cost_usd, wrong)
