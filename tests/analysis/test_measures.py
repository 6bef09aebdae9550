"""What a plan means in dollars, accelerators and megawatts, against a slow account of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from everything import everything
from small import HOURS, Drawn, bench, mid_quarter, middling

from planner.analysis.cash import COST_PARTS, OVERRUN, RESIDUAL, SHORTFALL
from planner.analysis.workbench import SolveBlock, SolvedBlock, Workbench
from planner.errors import SolveError
from planner.model.coefficients import Coefficients
from planner.model.decisions import Decisions
from planner.model.instruments.terms import CASH_PARTS
from planner.uncertainty.sampling import Draws

N = 24
T = 4
RATE = 0.1
RAW = middling()


@dataclass(frozen=True)
class Case:
    made: Workbench
    draws: Draws
    base: Coefficients
    block: SolvedBlock
    done: Decisions

    def drawn(self, k: int) -> Drawn:
        return Drawn(RAW, self.draws, k)

    def name(self, section: str, position: int) -> str:
        return list(RAW[section])[position]


def solve(raw: dict[str, Any]) -> Case:
    made = bench(raw, seed=11)
    block = SolveBlock(0, N).run(made)
    return Case(made, *made.draw(0, N), block, made.unpacker.unpack(block.x))


@pytest.fixture(scope="module")
def case() -> Case:
    return solve(RAW)


@pytest.fixture(scope="module")
def rich() -> Case:
    return solve(everything())


@dataclass(frozen=True)
class Take:
    """What one offer has in one quarter, and what each of it costs: to buy, or for a quarter."""

    body: dict[str, Any]
    start: int
    count: float
    price_usd: float


def takes(case: Case, k: int) -> Iterator[Take]:
    """Yield every offer and quarter of sample `k`."""
    drawn = case.drawn(k)
    for o, offer in enumerate(case.made.model.sets.offers):
        body = RAW["offers"][offer.name]
        key, times = ("price_usd", 1.0) if body["mode"] == "buy" else ("price_usd_per_hour", HOURS)
        for t in range(T):
            count = case.done.take[k, o, :, t].sum()
            yield Take(body, t, count, times * drawn.of("offers", offer.name, key, t))


@pytest.mark.parametrize("which", ["case", "rich"])
def test_cost_parts_sum_to_the_objective(which: str, request: pytest.FixtureRequest) -> None:
    block = request.getfixturevalue(which).block
    parts = block.measures.cost_parts_usd
    assert parts.shape == (N, len(COST_PARTS))
    np.testing.assert_allclose(parts.sum(axis=1), block.cost_usd, rtol=1e-11)
    signed = [COST_PARTS.index(name) for name in (RESIDUAL, "cancellations")]
    assert (np.delete(parts, signed, axis=1) >= 0).all()


def test_every_part_of_the_cost_is_in_some_sample(rich: Case) -> None:
    """Otherwise their sum would prove little."""
    parts = rich.block.measures.cost_parts_usd
    assert (np.abs(parts).max(axis=0) > 0).all()
    assert (parts[:, COST_PARTS.index(RESIDUAL)] < 0).any()


def test_cash_by_part_against_a_slow_account(case: Case) -> None:
    paid_for = {"buy": "purchases", "reserve": "reservations", "rent": "rentals"}
    d = [mid_quarter(RATE, t) for t in range(T)]
    for k in range(N):
        drawn = case.drawn(k)
        cash = {part: np.zeros(T) for part in CASH_PARTS}
        for take in takes(case, k):
            mode = take.body["mode"]
            length = take.body["term_quarters"] if mode == "reserve" else 1
            cash[paid_for[mode]][take.start : take.start + length] += take.count * take.price_usd
        for p, i, t in np.ndindex(len(RAW["platforms"]), len(RAW["sites"]), T):
            chip, hall = case.name("platforms", p), case.name("sites", i)
            at_work = case.done["allocate"][k, p, i, :, t].sum()
            energy = drawn.of("sites", hall, "energy_usd_per_kwh", t)
            hosting = drawn.of("sites", hall, "hosting_usd_per_kw_month", t)
            kw = drawn.of("platforms", chip, "accelerator_kw")
            cash["energy"][t] += at_work * drawn.meter_kw(chip, hall) * HOURS * energy
            cash["hosting"][t] += at_work * kw * 3 * hosting
        found = case.block.measures.cash_usd[k]
        np.testing.assert_allclose(found, np.stack(list(cash.values()), axis=1), atol=1e-3)
        discounted = [sum(paid * d) for paid in cash.values()]
        parts = case.block.measures.cost_parts_usd[k, : len(CASH_PARTS)]
        np.testing.assert_allclose(parts, discounted, atol=1e-3)


def test_liability_against_a_slow_account(case: Case) -> None:
    """For each payment: owed after every quarter from the signature until before it is paid."""
    some = np.zeros(T)
    for k in range(N):
        owed = np.zeros(T)
        for take in takes(case, k):
            if take.body["mode"] == "rent":
                continue
            length = 1 if take.body["mode"] == "buy" else take.body["term_quarters"]
            signed = take.start - take.body["lead_time_quarters"]
            for due in range(take.start, take.start + length):
                for t in range(T):
                    owed[t] += take.count * take.price_usd * (signed <= t < due)
        np.testing.assert_allclose(case.block.measures.liability_usd[k], owed, atol=1e-3)
        some += owed
    assert (some > 0).all()


def test_what_is_owed_in_a_rich_plan_is_never_negative(rich: Case) -> None:
    assert (rich.block.measures.liability_usd >= -1e-3).all()
    assert (rich.block.measures.liability_usd > 0).any(axis=0).all()


def test_cash_of_platforms_and_of_power_is_all_cash(rich: Case) -> None:
    measures = rich.block.measures
    power = [CASH_PARTS.index(part) for part in ("power built", "power leased")]
    no_platform = measures.cash_usd[:, :, power].sum(axis=2)
    assert (no_platform > 0).any()
    by_platform = measures.platform_cash_usd.sum(axis=1)
    np.testing.assert_allclose(
        by_platform + no_platform, measures.cash_usd.sum(axis=2), rtol=1e-9, atol=1e-3
    )


def test_budgets_are_of_capex_and_opex(rich: Case) -> None:
    """What is over a budget is a fifth more, discounted from the year's last quarter."""
    capex = ("purchases", "cancellations", "option fees", "power built")
    budgets = everything()["limits"]["budgets"]
    is_capex = np.array([part in capex for part in CASH_PARTS])
    cash, over = rich.block.measures.cash_usd, np.zeros(N)
    for mask, key in ((is_capex, "capex_usd_by_year"), (~is_capex, "opex_usd_by_year")):
        for first, last, budget in zip((0, 4), (3, 5), budgets[key], strict=True):
            spent = cash[:, first : last + 1, mask].sum(axis=(1, 2))
            over += 0.2 * np.maximum(spent - budget, 0) * mid_quarter(RATE, last)
    assert (over > 0).any()
    found = rich.block.measures.cost_parts_usd[:, COST_PARTS.index(OVERRUN)]
    np.testing.assert_allclose(found, over, rtol=1e-8, atol=1e-2)


def test_shortfall_costs_more_below_the_target(rich: Case) -> None:
    base, short = rich.base, rich.done["shortfall"]
    d = np.array([mid_quarter(RATE, t) for t in range(6)])
    prices = [item["shortfall_usd_per_unit_hour"] for item in everything()["workloads"].values()]
    cost = (short * np.array(prices)[:, None] * d).sum(axis=(1, 2)) * HOURS
    below = np.maximum(short[:, 0] - 0.2 * base.demand[:, 0], 0)
    cost += (below * d).sum(axis=1) * (40 - 20) * HOURS
    found = rich.block.measures.cost_parts_usd[:, COST_PARTS.index(SHORTFALL)]
    np.testing.assert_allclose(found, cost, rtol=1e-8, atol=1e-2)
    share = below.sum(axis=1) / base.demand[:, 0].sum(axis=1)
    np.testing.assert_allclose(rich.block.measures.below_target[:, 0], share, atol=1e-9)
    assert (share > 0).any()


def test_service_and_power_against_a_slow_account(case: Case) -> None:
    for k in range(N):
        held = np.zeros((3, T))
        for take in takes(case, k):
            life = take.body.get("life_quarters", take.body.get("term_quarters", 1))
            p = list(RAW["platforms"]).index(take.body["platform"])
            held[p, take.start : take.start + life] += take.count
        np.testing.assert_allclose(case.block.measures.accelerators[k], held, atol=1e-9)
        at_work = case.done["allocate"][k].sum(axis=(1, 2))
        assert (at_work <= held + 1e-6).all()
        drawn = case.drawn(k)
        chips, halls = RAW["platforms"], RAW["sites"]
        kw = np.array([[drawn.meter_kw(chip, hall) for hall in halls] for chip in chips])
        power = np.einsum("piwt,pi->pt", case.done["allocate"][k], kw)
        np.testing.assert_allclose(case.block.measures.power_mw[k], power / 1000, atol=1e-12)
        at_hall = np.einsum("pwt,p->t", case.done["allocate"][k, :, 0], kw[:, 0])
        limit = [1000 * drawn.of("sites", "hall", "power_mw", t) for t in range(T)]
        assert (at_hall <= np.array(limit) * (1 + 1e-9)).all()


def test_what_is_served_is_what_works(case: Case) -> None:
    base, served = case.base, case.base.demand - case.done["shortfall"]
    put_out = case.block.measures.service.sum(axis=1)
    np.testing.assert_allclose(put_out, served, rtol=1e-9, atol=1e-9)
    for k in range(N):
        drawn = case.drawn(k)
        for p, w in np.ndindex(3, 2):
            chip, work = case.name("platforms", p), case.name("workloads", w)
            if work in RAW["platforms"][chip]["utilisation"]:
                at_work = case.done["allocate"][k, p, :, w].sum(axis=0)
                found = case.block.measures.service[k, p, w]
                np.testing.assert_allclose(found, at_work * drawn.yielded(chip, work), rtol=1e-9)
    share = served.sum(axis=2) / base.demand.sum(axis=2)
    np.testing.assert_allclose(case.block.measures.served_share, share, rtol=1e-12)
    d = np.array([mid_quarter(RATE, t) for t in range(T)])
    hours = (served * d).sum(axis=2) * HOURS
    np.testing.assert_allclose(case.block.measures.served_unit_hours, hours, rtol=1e-12)


def test_the_demand_that_is_not_short_is_served_by_jobs_that_lose_and_by_campaigns(
    rich: Case,
) -> None:
    """A campaign's service is spread over its window; what is served beyond the demand is not."""
    served = (rich.base.demand - rich.done["shortfall"]).sum(axis=2)
    put_out = rich.block.measures.service.sum(axis=(1, 3))
    np.testing.assert_allclose(put_out, served, rtol=1e-8, atol=1e-6)
    train = rich.done["segment"][:, :, 0] * rich.base.slopes[:, 0][:, None, None]
    expected = train.sum(axis=3) * rich.base.yields[:, :, 0, None]
    np.testing.assert_allclose(rich.block.measures.service[:, :, 0], expected, rtol=1e-12)
    assert (train.sum(axis=3) < rich.done["allocate"][:, :, :, 0].sum(axis=2) - 1e-6).any()


def test_vendor_shares_hold(case: Case) -> None:
    sets, started = case.made.model.sets, case.done.take.sum(axis=(2, 3))
    committed = np.array([RAW["offers"][offer.name]["mode"] != "rent" for offer in sets.offers])
    vendors = [RAW["platforms"][RAW["offers"][o.name]["platform"]]["vendor"] for o in sets.offers]
    of_a = committed & (np.array(vendors) == "A")
    own, total = started[:, of_a].sum(axis=1), started[:, committed].sum(axis=1)
    limit = case.draws.values["limits.largest_vendor_share.A"]
    assert (own <= limit * total + 1e-6).all()
    assert (np.abs(own - limit * total) < 1e-6).any()


def test_parts_that_do_not_sum_to_the_cost_end_the_run(case: Case) -> None:
    measures = case.block.measures
    wrong = replace(measures, cost_parts_usd=measures.cost_parts_usd * (1 + 1e-6))
    with pytest.raises(SolveError, match="do not sum to the cost"):
        SolveBlock(7, N)._reconcile(case.block.cost_usd, wrong)
