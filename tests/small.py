"""A factory of small scenarios: plain dicts with safe defaults, and what solving them gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from planner.analysis.follow_up import FollowUpBlock, FollowUps, combine
from planner.analysis.gather import Gathering
from planner.analysis.gathered import Gathered
from planner.analysis.limits import worth_resolving
from planner.analysis.repeats import FACTORS
from planner.analysis.results import Results
from planner.analysis.summary import RunIdentity, summarise
from planner.analysis.typical import find_typical
from planner.analysis.workbench import SolveBlock, SolvedBlock, Workbench, build_workbench
from planner.config.schema import Scenario
from planner.model.decisions import Decisions
from planner.uncertainty.sampling import Draws

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
    return {"demand": demand, "shortfall_usd_per_unit_hour": 1000.0, **changes}


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


def spot(of: str, price: Any, **changes: Any) -> dict[str, Any]:
    defaults = {"price_usd_per_hour": price, "interruption_share": 0.0}
    return _offer("spot", of, {**defaults, **changes})


def option(of: str, price: Any, life: int, **changes: Any) -> dict[str, Any]:
    """Return the right to buy without limit in the first quarter, for a dollar."""
    defaults = {"fee_usd": 1.0, "up_to_accelerators": UNLIMITED, "exercise_until": "2026Q1"}
    return {**buy(of, price, life), "mode": "option", **defaults, **changes}


def programme(of: str, price: Any, life: int, **changes: Any) -> dict[str, Any]:
    """Return a chip that surely works, at once and without limit, for a dollar."""
    offer = {
        **buy(of, price, life),
        "mode": "programme",
        "nre_usd_per_quarter": 1.0,
        "nre_quarters": 1,
        "success": {"probability": 1.0},
        "quarters_to_first_silicon": 0,
        "ramp_accelerators": [UNLIMITED],
    }
    del offer["supply_accelerators"], offer["lead_time_quarters"]
    return {**offer, **changes}


def owned(of: str, count: Any, life_left: int, **changes: Any) -> dict[str, Any]:
    own = {"life_left_quarters": life_left, **changes}
    return {"mode": "owned", "platform": of, "site": "hall", "accelerators": count, **own}


def contracted(of: str, count: Any, price: Any, term_left: int) -> dict[str, Any]:
    own = {"price_usd_per_hour": price, "term_left_quarters": term_left}
    return {"mode": "contracted", "platform": of, "site": "hall", "accelerators": count, **own}


def ordered(of: str, count: Any, price: Any, life: int, **changes: Any) -> dict[str, Any]:
    own = {"price_usd": price, "life_quarters": life, "delivery_in_quarters": 0}
    own |= {"residual_share": 0.0, **changes}
    return {"mode": "ordered", "platform": of, "site": "hall", "accelerators": count, **own}


def _power(mode: str, changes: Parts) -> dict[str, Any]:
    return {"mode": mode, "site": "hall", "supply_mw": 1000.0, "lead_time_quarters": 0, **changes}


def lease(price: Any, term: int, **changes: Any) -> dict[str, Any]:
    return _power("lease", {"price_usd_per_kw_month": price, "term_quarters": term, **changes})


def build(price: Any, life: int, **changes: Any) -> dict[str, Any]:
    defaults = {"capex_usd_per_kw": price, "life_quarters": life, "residual_share": 0.0}
    return _power("build", {**defaults, **changes})


def campaign(unit_quarters: float, until: str, **changes: Any) -> dict[str, Any]:
    """Return a workload of so many units for a quarter, until the end of a quarter."""
    window = {"total_unit_hours": unit_quarters * HOURS, "until_quarter": until, **changes}
    return {"campaign": window, "shortfall_usd_per_unit_hour": 1000.0}


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


def bench(raw: Parts, seed: int = 1, engine: str | None = None) -> Workbench:
    return build_workbench(scenario({**raw, "seed": seed}), engine)


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
    made = bench({**raw, "samples": n, "seed": seed}, seed)
    assert n <= made.block_size
    found = gathered(made, n)
    return summarise(made, found, follow(made, found), RunIdentity("0" * 64, n, True))


def gathered(made: Workbench, n: int) -> Gathered:
    """Return the first `n` samples, solved and added up in this process."""
    gathering = Gathering(made, n)
    for tasks in gathering.stages():
        for task in tasks:
            gathering.add(task.run(made))
    return gathering.found()


def follow(made: Workbench, found: Gathered) -> FollowUps:
    """Return what a report solves again, on all samples that are kept in full."""
    typical = find_typical(found.first("served"), found.first("cost_usd"))
    limits = worth_resolving(made.limits, found.average("limit_value_usd"))
    task = FollowUpBlock(0, found.in_full, typical=typical, limits=limits, factors=FACTORS)
    return combine(limits, [task.run(made)])


def mid_quarter(rate: float, quarter: int) -> float:
    """Return the discount factor of a payment in a quarter, 0 being the first."""
    return float((1 + rate) ** (-(quarter + 0.5) / 4))


def discounts(rate: float, quarters: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([mid_quarter(rate, t) for t in range(quarters)])


def uniform(low: float, high: float) -> dict[str, Any]:
    return {"distribution": "uniform", "low": low, "high": high}


class Drawn:
    """One sample of a scenario from its dict and the draws, name by name."""

    def __init__(self, raw: Parts, draws: Draws, k: int) -> None:
        self.raw, self.draws, self.k = raw, draws, k
        self.quarters = [f"2026Q{t + 1}" for t in range(raw["quarters"])]

    def number(self, path: str, quantity: Any) -> float:
        return float(self.draws.values[path][self.k]) if isinstance(quantity, dict) else quantity

    def at(self, path: str, quantity: Any, t: int) -> float:
        if isinstance(quantity, list):
            return float(quantity[t])
        if isinstance(quantity, dict) and "by_quarter" in quantity:
            return float(quantity["by_quarter"][t]) * self.number(
                f"{path}.times", quantity["times"]
            )
        if isinstance(quantity, dict) and "first" in quantity:
            growth = self.number(f"{path}.change_per_year", quantity["change_per_year"])
            return self.number(f"{path}.first", quantity["first"]) * float(1 + growth) ** (t / 4)
        return self.number(path, quantity)

    def of(self, section: str, name: str, key: str, t: int = 0) -> float:
        """Return the value of a key in a quarter."""
        return self.at(f"{section}.{name}.{key}", self.raw[section][name][key], t)

    def meter_kw(self, chip: str, hall: str) -> float:
        return self.of("platforms", chip, "accelerator_kw") * self.of("sites", hall, "pue")

    def yielded(self, chip: str, work: str) -> float:
        used = self.raw["platforms"][chip]["utilisation"][work]
        found = self.number(f"platforms.{chip}.utilisation.{work}", used)
        for key in ("peak_pflops", "realised_share", "availability"):
            if key in self.raw["platforms"][chip]:
                found *= self.of("platforms", chip, key)
        return found


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
            shortfall_usd_per_unit_hour=60.0,
        ),
        "serve": workload(
            {"first": uniform(20, 50), "change_per_year": uniform(0.2, 1.5)},
            shortfall_usd_per_unit_hour=120.0,
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
