"""A factory of small scenarios: plain dicts with safe defaults, and what solving them gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from planner.analysis.follow_up import FollowUpBlock, FollowUps, combine
from planner.analysis.limits import worth_resolving
from planner.analysis.repeats import FACTORS
from planner.analysis.results import Results
from planner.analysis.summary import RunIdentity, gather, summarise
from planner.analysis.typical import find_typical
from planner.analysis.workbench import SolveBlock, SolvedBlock, Workbench, build_workbench
from planner.config.schema import Scenario
from planner.model.decisions import Decisions
from planner.uncertainty.sampling import BLOCK_SIZE

Parts = Mapping[str, Any]

HOURS = 2190.0
"""Of a quarter; stated here again, so that a wrong constant in the product is seen."""

UNLIMITED = 1e7
"""A supply that no small demand reaches."""


def site(**changes: Any) -> dict[str, Any]:
    """Return a cloud: no limit of power, and all costs in the hourly price."""
    return {
        "power_mw": "unlimited",
        "pue": 1.0,
        "energy_usd_per_kwh": 0.0,
        "hosting_usd_per_kw_month": 0.0,
        **changes,
    }


def workload(demand: Any, **changes: Any) -> dict[str, Any]:
    return {"demand_pflops": demand, "shortfall_usd_per_pflop_hour": 1000.0, **changes}


def platform(*workloads: str, **changes: Any) -> dict[str, Any]:
    """Return a platform that yields one PFLOP/s on each workload unless told otherwise."""
    return {
        "vendor": "acme",
        "unit": "chip",
        "peak_pflops": 1.0,
        "accelerator_kw": 1.0,
        "availability": 1.0,
        "utilisation": dict.fromkeys(workloads or ("work",), 1.0),
        **changes,
    }


def _offer(mode: str, of: str, changes: Parts) -> dict[str, Any]:
    return {
        "mode": mode,
        "platform": of,
        "sites": ["hall"],
        "supply_accelerators": UNLIMITED,
        **changes,
    }


def rent(of: str, price: Any, **changes: Any) -> dict[str, Any]:
    return _offer("rent", of, {"price_usd_per_hour": price, **changes})


def reserve(of: str, price: Any, term: int, **changes: Any) -> dict[str, Any]:
    defaults = {"price_usd_per_hour": price, "term_quarters": term, "lead_time_quarters": 0}
    return _offer("reserve", of, {**defaults, **changes})


def buy(of: str, price: Any, life: int, **changes: Any) -> dict[str, Any]:
    defaults = {"price_usd": price, "life_quarters": life, "lead_time_quarters": 0}
    return _offer("buy", of, {**defaults, "residual_share": 0.0, **changes})


def plan(
    quarters: int,
    demand: Any,
    platforms: Parts,
    offers: Parts,
    *,
    sites: Parts | None = None,
    rate: float = 0.0,
    **changes: Any,
) -> dict[str, Any]:
    """Return a scenario as a dict; `demand` is that of the workload ``work``, or all workloads."""
    workloads = demand if isinstance(demand, dict) and "distribution" not in demand else None
    return {
        "scenario": "small",
        "question": "Which?",
        "start": "2026Q1",
        "quarters": quarters,
        "discount_rate_per_year": rate,
        "samples": 1,
        "seed": 1,
        "sites": dict(sites or {"hall": site()}),
        "workloads": workloads or {"work": workload(demand)},
        "platforms": dict(platforms),
        "offers": dict(offers),
        **changes,
    }


def scenario(raw: Parts) -> Scenario:
    return Scenario.model_validate(dict(raw))


def bench(raw: Parts, seed: int = 1) -> Workbench:
    return build_workbench(scenario(raw), seed)


def solved(raw: Parts, n: int = 1, seed: int = 1) -> SolvedBlock:
    """Return the first `n` samples of a scenario, solved and measured."""
    return SolveBlock(0, n).run(bench(raw, seed))


def cost(raw: Parts) -> float:
    """Return the cost of a scenario's first sample."""
    return float(solved(raw).cost_usd[0])


def decisions(raw: Parts, n: int = 1, seed: int = 1) -> Decisions:
    made = bench(raw, seed)
    return made.unpacker.unpack(SolveBlock(0, n).run(made).x)


def results(raw: Parts, n: int = 1, seed: int = 1) -> Results:
    """Return everything that a run of `n` samples, at most a block, would report."""
    assert n <= BLOCK_SIZE
    made = bench({**raw, "samples": n, "seed": seed}, seed)
    found = gather([SolveBlock(0, n).run(made)])
    typical = find_typical(found.measures.effective_pflops, found.cost_usd)
    limits = worth_resolving(made.limits, found.limit_value_usd)
    followed = FollowUpBlock(0, n, typical=typical, limits=limits, factors=FACTORS).run(made)
    follow_ups: FollowUps = combine(limits, [followed])
    return summarise(made, found, follow_ups, RunIdentity("0" * 64, n, True))


def mid_quarter(rate: float, quarter: int) -> float:
    """Return the discount factor of a payment in a quarter, 0 being the first."""
    return float((1 + rate) ** (-(quarter + 0.5) / 4))


def discounts(rate: float, quarters: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([mid_quarter(rate, t) for t in range(quarters)])


def uniform(low: float, high: float) -> dict[str, Any]:
    return {"distribution": "uniform", "low": low, "high": high}


def middling() -> dict[str, Any]:
    """Return four quarters of three platforms and seven offers, with a belief in every field."""
    hall = site(
        power_mw={"by_quarter": [0.3, 0.3, 0.5, 0.5], "times": uniform(0.8, 1.2)},
        pue=uniform(1.1, 1.4),
        energy_usd_per_kwh=uniform(0.05, 0.12),
        hosting_usd_per_kw_month={"first": uniform(80, 140), "change_per_year": uniform(0, 0.1)},
    )
    workloads = {
        "train": workload(
            {"by_quarter": [60, 90, 130, 150], "times": uniform(0.7, 1.4)},
            shortfall_usd_per_pflop_hour=60.0,
        ),
        "serve": workload(
            {"first": uniform(20, 50), "change_per_year": uniform(0.2, 1.5)},
            shortfall_usd_per_pflop_hour=120.0,
        ),
    }
    chips = {
        "a-one": platform(
            vendor="A",
            peak_pflops=uniform(0.9, 1.0),
            accelerator_kw=uniform(1.1, 1.4),
            availability=uniform(0.9, 1),
            realised_share=uniform(0.9, 1.05),
            utilisation={"train": uniform(0.3, 0.45), "serve": uniform(0.2, 0.35)},
        ),
        "a-two": platform(
            vendor="A",
            peak_pflops=2.2,
            accelerator_kw=uniform(1.8, 2.2),
            availability=0.95,
            realised_share=uniform(0.7, 1.05),
            utilisation={"train": uniform(0.25, 0.45), "serve": 0.3},
        ),
        "b-one": platform(
            vendor="B",
            peak_pflops=uniform(0.4, 0.5),
            accelerator_kw=0.6,
            availability=0.95,
            utilisation={"train": uniform(0.3, 0.5)},
        ),
    }
    hall_only, both = ["hall"], ["hall", "cloud"]
    offers = {
        "a-one-buy": buy(
            "a-one", uniform(22000, 32000), 12, sites=hall_only, residual_share=uniform(0.2, 0.6),
            lead_time_quarters=1, supply_accelerators=uniform(50, 400),
        ),
        "a-one-rent": rent(
            "a-one", {"first": uniform(2, 4), "change_per_year": uniform(-0.3, 0.1)},
            sites=["cloud"], supply_accelerators=uniform(50, 300),
        ),
        "a-two-buy": buy(
            "a-two", uniform(35000, 60000), 3, sites=hall_only, lead_time_quarters=2,
            residual_share=0.5, supply_accelerators=150,
        ),
        "a-two-term": reserve(
            "a-two", uniform(3, 5), 3, sites=both, supply_accelerators=[0, 100, 100, 100]
        ),
        "b-one-term": reserve(
            "b-one", uniform(0.8, 1.6), 6, sites=both, lead_time_quarters=1,
            supply_accelerators=uniform(100, 500),
        ),
        "b-one-buy": buy("b-one", uniform(7000, 12000), 2, sites=hall_only, residual_share=0.4,
                         supply_accelerators=300),
        "b-one-rent": rent("b-one", uniform(1, 2.5), sites=both, supply_accelerators=200),
    }  # fmt: skip
    limits = {"largest_vendor_share": {"A": uniform(0.4, 0.7)}}
    sites = {"hall": hall, "cloud": site()}
    return plan(4, workloads, chips, offers, sites=sites, rate=0.1, limits=limits)
