"""A made-up committed plan beside made-up results."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from synthetic import make_results
from synthetic_parts import estimate
from synthetic_rich import with_bets

from planner.analysis import estimates
from planner.analysis.results import Results
from planner.analysis.results_committed import (
    Alternative,
    Bracket,
    BreakEven,
    Committed,
    PlannedBet,
    PlannedOrder,
    Proof,
    RecourseQuarter,
    Regret,
    RegretCause,
    ServiceReached,
    SolveIteration,
    Worth,
)
from planner.analysis.results_estimates import Histogram, Spread

LEAD = 2


def planned(*, offers: int = 3, **made: object) -> Results:
    """Return made-up results with a committed plan that signs for `offers` offers."""
    return with_plan(make_results(**made), offers=offers)  # type: ignore[arg-type]


def rich() -> Results:
    """Return results with bets, targets and power, and a plan with a bracket and a target."""
    results = with_plan(with_bets(make_results()), offers=4)
    plan = results.committed
    assert plan is not None
    reached = estimate(0.9871, 0.0009, results.samples_done)
    return replace(
        results,
        committed=replace(
            plan,
            cvar_weight=0.3,
            worth=replace(plan.worth, vss_usd=None),
            bets=[
                PlannedBet("own-chip", "programme", "in-house-gen1", 1.0),
                PlannedBet("right-to-buy", "option", "nvidia-h100-sxm", 0.0),
                PlannedBet("rivals", "price fall", "acme", 0.4),
            ],
            orders=[*plan.orders, power_order(results)],
            bracket=Bracket(
                1,
                plan.cost_usd.mean,
                estimate(1.95e9, 1.4e7, 256),
                estimate(1.3e8, 0.9e7, 256),
                plan.orders[:2],
            ),
            service=ServiceReached("expected", 0.99, reached, 3.2, "the least price that reaches"),
            alone=False,
            notes=["A note on the plan."],
        ),
    )


def power_order(results: Results) -> PlannedOrder:
    n = results.samples_done
    return PlannedOrder(
        "hall-lease", "lease", "", "hall", results.quarters[0], results.quarters[-1], 40, 12.5,
        "MW", estimates.spread(np.full(n, 12.5)), estimate(2.75e7, 1e5, n), True,
    )  # fmt: skip


def with_plan(results: Results, *, offers: int = 3) -> Results:
    """Return the results with a committed plan, judged on as many samples as they have."""
    n, rng = results.samples_done, np.random.default_rng(8)
    mean = results.cost_usd.mean.value
    certain = results.size.uncertain_inputs == 0
    cost = np.full(n, 1.12 * mean) if certain else 1.12 * mean * rng.lognormal(0.0, 0.2, n)
    error = None if certain or n < 2 else 0.01 * mean
    shared = min(n, 256)
    plan = Committed(
        recourse="rent",
        cvar_weight=0.0,
        cvar_level=0.95,
        samples=n,
        cost_usd=estimates.spread(cost),
        cost_without_shortfall_usd=estimates.spread(0.9 * cost),
        cvar_usd=estimate(1.6 * mean, error, n),
        risk_usd=estimates.mean(cost),
        cost_histogram=_histogram(cost),
        cost_parts=results.cost_parts,
        served=results.served,
        mix=results.mix,
        cash=results.cash,
        drivers=results.drivers,
        orders=_orders(results, offers),
        bets=[],
        recourse_use=[_use(results, quarter, t) for t, quarter in enumerate(results.quarters)],
        proof=_proof(mean, error),
        worth=Worth(
            wait_and_see_usd=estimate(mean, error, shared),
            plan_usd=estimate(1.12 * mean, error, shared),
            mean_value_plan_usd=estimate(1.2 * mean, error, shared),
            evpi_usd=estimate(0.12 * mean, None if error is None else error / 4, shared),
            vss_usd=estimate(0.08 * mean, None if error is None else error / 5, shared),
            conditions=["all on the same samples", "events that are rare never happen in EEV"],
        ),
        regret=Regret(
            estimate(0.12 * mean, error, n), 0.1 * mean, 0.3 * mean, 0.7 * mean, 7 % n,
            [
                RegretCause("offers.a.price_usd", estimate(0.91, 0.03, 51), 41_000.0, 31_000.0),
                RegretCause("events.ban.happens", estimate(0.8, 0.04, 51), 1.0, 0.0),
            ],
        ),
        alternatives=_alternatives(results, cost, error),
        break_evens=_break_evens(mean),
        bracket=None,
        service=None,
        alone=False,
        notes=[],
    )  # fmt: skip
    return replace(results, committed=plan)


def hostile(results: Results, text: str) -> Results:
    """Return the results with `text` as every name in their plan."""
    plan = results.committed
    assert plan is not None
    return replace(
        results,
        committed=replace(
            plan,
            orders=[replace(order, offer=text, site=text) for order in plan.orders],
            bets=[replace(bet, name=text, platform=text) for bet in plan.bets],
            recourse_use=[
                replace(
                    use,
                    rented=dict.fromkeys([text], use.cancelled),
                    unserved=dict.fromkeys([text], use.cancelled),
                )
                for use in plan.recourse_use
            ],
            worth=replace(plan.worth, conditions=[text]),
            regret=replace(
                plan.regret, causes=[replace(cause, input=text) for cause in plan.regret.causes]
            ),
            alternatives=[
                replace(item, name=text, description=text, served=dict.fromkeys([text], share))
                for item in plan.alternatives
                for share in list(item.served.values())[:1]
            ],
            break_evens=[replace(item, input=text, platform=text) for item in plan.break_evens],
            proof=replace(plan.proof, ended=text, remedy=text),
            alone=False,
            notes=[text],
        ),
    )


def _orders(results: Results, offers: int) -> list[PlannedOrder]:
    n, names, rng = results.samples_done, list(results.platforms), np.random.default_rng(9)
    orders = []
    for k in range(offers):
        for t in range(k % 2, len(results.quarters), 3):
            signed = max(t - LEAD, 0)
            count = 512.5 * (1 + k) + 100 * t
            arrives = count * (1 - 0.3 * rng.random(n))
            orders.append(
                PlannedOrder(
                    f"offer-{k}", "buy" if k % 2 else "reserve", names[k % len(names)],
                    "own" if k % 2 else "cloud", results.quarters[signed], results.quarters[t],
                    16, count, "accelerators", estimates.spread(arrives),
                    estimates.mean(21_000.0 * arrives), signed == 0,
                )
            )  # fmt: skip
    place = results.quarters.index
    return sorted(orders, key=lambda order: (place(order.sign_in), place(order.quarter)))


def _use(results: Results, quarter: str, t: int) -> RecourseQuarter:
    n, rng = results.samples_done, np.random.default_rng(20 + t)
    zero = estimates.spread(np.zeros(n))

    def some(mean: float) -> Spread:
        return estimates.spread(mean * rng.random(n) * (rng.random(n) > 0.4))

    return RecourseQuarter(
        quarter=quarter,
        rented={"first-rent": some(900.0), "second-rent": some(50.0 * t), "never-rent": zero},
        unserved={name: some(4.0 * t) if not k else zero for k, name in enumerate(results.units)},
        cancelled=zero,
        undeployed=some(20.0),
    )


def _proof(mean: float, error: float | None) -> Proof:
    bound, best = 1.1 * mean, 1.12 * mean
    return Proof(
        samples=1024,
        ended="gap",
        wanted_gap=1e-4,
        gap=7.3e-5,
        iterations=[
            SolveIteration(k, best - (best - bound) / k, best, (best - bound) / k / best)
            for k in range(1, 24)
        ],
        lower_bound_usd=estimate(bound, error, 10),
        gap_usd=estimate(0.003 * mean, None if error is None else error / 20, 10),
        gap_limit_usd=0.0045 * mean,
        gap_limit=0.0042,
        replications=10,
        replication_samples=256,
        extensive_samples=8,
        extensive_difference=3e-16,
        remedy="",
    )


def _alternatives(results: Results, cost: np.ndarray, error: float | None) -> list[Alternative]:
    found = []
    for name, more, spread in (("mean-value plan", 0.07, 5), ("only acme", 0.001, 2)):
        value = more * results.cost_usd.mean.value
        found.append(
            Alternative(
                name,
                f"what {name} would do",
                estimates.spread(cost + value),
                estimates.mean(cost + value),
                estimate(value, None if error is None else error / spread, len(cost)),
                estimates.share(np.arange(len(cost)) % 5 == 0),
                {item.workload: item.share.mean for item in results.served},
            )
        )
    return found


def _break_evens(mean: float) -> list[BreakEven]:
    return [
        BreakEven(
            "offers.a.price_usd", "nvidia-b200", "drops it", 35_200.0, 35_400.0, 0.82, 31_400.0,
            mean, 1.01 * mean, 4_120.0, 0.0,
        ),
        BreakEven(
            "events.ban.happens", "own-chip", "funds it", 0.0, 0.0625, 0.9, 0.0, mean, 1.4 * mean,
            0.0, 1.0,
        ),
        BreakEven(
            "platforms.x.realised_share", "google-tpu-v6e", "takes it up", 0.61, 0.62, 0.004, 0.9,
            1.02 * mean, mean, 0.0, 812.0,
        ),
    ]  # fmt: skip


def _histogram(values: np.ndarray) -> Histogram:
    if values.min() == values.max():
        return Histogram([float(values[0]) - 1, float(values[0]) + 1], [values.size])
    counts, edges = np.histogram(values, bins=24)
    return Histogram([float(edge) for edge in edges], [int(count) for count in counts])
