"""Results made of random numbers: the shapes that a run gives, without a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from synthetic_parts import PLATFORMS, assumptions, drivers, estimate, limits, lines

from planner.analysis import estimates
from planner.analysis.results import (
    Appearance,
    ModelSize,
    PlanQuarter,
    Results,
    ShortfallRepeat,
    SolveCounts,
    TypicalPlan,
)
from planner.analysis.results_draws import DrawCheck, Sampled
from planner.analysis.results_estimates import (
    CashQuarter,
    CostPart,
    Histogram,
    MixCell,
    ServedShare,
    Spread,
)
from planner.report.facts import RunFacts

ONE_UNIT = ("effective PFLOP/s",)
TWO_UNITS = (*ONE_UNIT, "tokens/s")
FACTS = RunFacts(
    run_id="made-up-2026-01-05-3f2a91c0",
    planner_version="0.1.0",
    created="2026-01-05T09:30:00+00:00",
    seconds={"load": 0.4, "solve": 5.2, "analyse": 1.1},
    workers=2,
    command="planner run configs/quickstart.yaml --seed 7",
    packages={"highspy": "1.12.0", "numpy": "2.3.4"},
)


def quarters(count: int) -> list[str]:
    return [f"{2026 + t // 4}Q{t % 4 + 1}" for t in range(count)]


def make_results(
    *,
    periods: int = 8,
    platforms: tuple[str, ...] = PLATFORMS,
    never: int = 2,
    samples: int = 1024,
    certain: bool = False,
    inputs: int = 34,
    units: tuple[str, ...] = ONE_UNIT,
) -> Results:
    """Return results of `platforms`, the last `never` of them in no optimum.

    With several units, the platforms take turns at who serves most of one, and the second
    platform serves nothing but the first unit.
    """
    rng = np.random.default_rng(5)
    names = quarters(periods)
    in_use = len(platforms) - never

    def draw(mean: float, relative: float = 0.15) -> np.ndarray:
        spread = 0.0 if certain else relative
        return mean * np.exp(spread * rng.standard_normal(samples) - spread**2 / 2)

    def spread_of(mean: float, relative: float = 0.15) -> Spread:
        return estimates.spread(draw(mean, relative))

    def scaled(p: int, unit: int) -> float:
        """Return how much more of a unit than of the first a platform puts out."""
        turn = (1 + p) / (1 + (p - unit) % len(platforms))
        return 1000**unit * turn**1.4 * (p != 1 or unit == 0)

    cost = draw(1.84e9, 0.12)
    zero = estimates.spread(np.zeros(samples))
    mix, plan_quarters = [], []
    for p, name in enumerate(platforms):
        for t, quarter in enumerate(names):
            size = 900.0 * (1 + t / 2) / (1 + p) ** 1.4 * (1 if p != 2 or t > 3 else 0)
            on = (
                draw(1, 0.3) if certain else draw(1, 0.3) * (rng.random(samples) > 0.1 * p)
            ) * size
            accelerators, cash, power = (
                estimates.spread(k) for k in (on / 0.45, on * 28_000, on * 0.0021)
            )
            served = {unit: estimates.spread(on * scaled(p, u)) for u, unit in enumerate(units)}
            mix.append(
                MixCell(name, quarter, accelerators, served, cash, power)
                if p < in_use
                else MixCell(name, quarter, zero, dict.fromkeys(units, zero), zero, zero)
            )
            plan_size = size if p < min(in_use, 4) else 0.0
            plan_quarters.append(
                PlanQuarter(
                    name,
                    quarter,
                    plan_size / 0.45,
                    {unit: plan_size * scaled(p, u) for u, unit in enumerate(units)},
                    plan_size * 28_000,
                    plan_size * 0.0021,
                )
            )
    shares = np.array(
        [
            [scaled(p, u) / (1 + p) ** 1.4 if p < in_use else 0 for p in range(len(platforms))]
            for u in range(len(units))
        ]
    )
    shares = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
    parts = {
        "purchases": 0.55,
        "reservations": 0.28,
        "rentals": 0.10,
        "energy": 0.06,
        "hosting": 0.05,
        "residual value": -0.14,
        "shortfall": 0.10,
    }
    known_error = not certain and samples > 1
    return Results(
        planner_version="0.1.0",
        scenario="made-up",
        question="Which accelerators for 8 quarters of pretraining and inference from 2026Q1?",
        config_sha256="3f2a91c0" * 8,
        quarters=names,
        platforms={name: name.split("-", maxsplit=1)[0] for name in platforms},
        discount_rate_per_year=0.08,
        seed=20260105,
        block_size=256,
        samples_asked=samples,
        samples_done=samples,
        samples_in_full=samples,
        complete=True,
        relaxed=False,
        size=ModelSize(216, 412, 2310, 0 if certain else inputs),
        sampled=Sampled("random", 1, samples),
        draw_check=DrawCheck(samples, [], []),
        precision=None,
        solves=SolveCounts(
            optimal=samples,
            unproven=[],
            engine="kernel",
            left_to_highs=3,
            audited=20,
            largest_audit_difference=4e-16,
            ties_broken=12,
            largest_primal_residual=2e-13,
            largest_dual_residual=1e-12,
            largest_relative_gap=3e-14,
            simplex_iterations=151_000,
            integer_columns=0,
            search_nodes=0,
            by_milp=0,
            mean_integer_gap=0.0,
            largest_integer_gap=0.0,
        ),
        cost_usd=estimates.spread(cost),
        cost_without_shortfall_usd=estimates.spread(0.9 * cost),
        cost_bound_usd=estimates.mean(cost),
        cost_histogram=_histogram(cost),
        cost_parts=[CostPart(name, estimates.spread(part * cost)) for name, part in parts.items()],
        units=_workloads(units),
        usd_per_unit_hour=spread_of(2.31, 0.1) if len(units) == 1 else None,
        served=[
            ServedShare(
                "pretraining",
                units[0],
                estimates.spread(np.minimum(draw(1.02, 0.02), 1)),
                estimates.share(rng.random(samples) < 0.83),
                None,
                None,
            ),
            *(
                ServedShare(
                    name,
                    unit,
                    estimates.spread(np.ones(samples)),
                    estimates.share(np.ones(samples, bool)),
                    None,
                    None,
                )
                for name, unit in list(_workloads(units).items())[1:]
            ),
        ],
        mix=mix,
        appearances=[
            Appearance(
                name,
                "GPU" if "nvidia" in name else "chip",
                estimates.share(rng.random(samples) < (1 - 0.12 * p if p < in_use else 0)),
                spread_of(52_000 / (1 + p)) if p < in_use else None,
                {
                    unit: estimates.mean(draw(shares[u, p]) if shares[u, p] else np.zeros(samples))
                    for u, unit in enumerate(units)
                },
            )
            for p, name in enumerate(platforms)
        ],
        bets=[],
        power=[],
        events=[],
        scaling=[],
        typical=TypicalPlan(
            417 % samples,
            1.79e9,
            0.47,
            {"purchases": 1.5e9, "rentals": 0.4e9, "residual value": -1.1e8},
            6.1e8,
            0.993,
            lines(names, platforms),
            plan_quarters,
        ),
        cash=[
            CashQuarter(
                quarter,
                spread_of(2.4e8 * (1 + t / 8), 0.3),
                {
                    name: 2.4e8 * (1 + t / 8) * part
                    for name, part in zip(
                        ("purchases", "reservations", "rentals", "energy", "hosting"),
                        (0.5, 0.25, 0.12, 0.07, 0.06),
                        strict=True,
                    )
                },
                spread_of(5.1e8 * (1 - t / 10), 0.25),
            )
            for t, quarter in enumerate(names)
        ],
        limits=limits(known_error, samples, units[0]),
        drivers=[] if certain or samples < 10 else drivers(inputs, samples),
        shortfall_repeats=[
            ShortfallRepeat(
                factor,
                estimate(1.84e9 + change, 1.4e7 if known_error else None, min(256, samples)),
                estimate(change, 2.1e6 if known_error else None, min(256, samples)),
                {
                    name: estimate(share, 0.004 if known_error else None, 256)
                    for name, share in zip(
                        _workloads(units), (served, *[1.0] * len(units)), strict=False
                    )
                },
                *(
                    {
                        unit: {
                            name: estimate(float(share), error if known_error else None, 256)
                            for name, share in zip(platforms, shares[u] * times, strict=True)
                        }
                        for u, unit in enumerate(units)
                    }
                    for times, error in ((served, 0.006), (served - 1, 0.002))
                ),
            )
            for factor, change, served in ((0.5, -9.2e7, 0.93), (2.0, 1.6e8, 0.995))
        ],
        assumptions=assumptions(platforms, 0 if certain else inputs),
        tie_break="more of the platform that the config names first",
        notes=["A reserved term that ends beyond the horizon is paid only inside it."],
        committed=None,
    )


def nothing_used(results: Results) -> Results:
    """Return results in which every platform stays out and all demand is left short."""
    zero = estimates.spread(np.zeros(results.samples_done))
    nobody = estimates.share(np.zeros(results.samples_done, bool))
    none = estimates.mean(np.zeros(results.samples_done))
    return replace(
        results,
        mix=[
            MixCell(c.platform, c.quarter, zero, dict.fromkeys(c.served, zero), zero, zero)
            for c in results.mix
        ],
        appearances=[
            Appearance(a.platform, a.unit, nobody, None, dict.fromkeys(a.share_of_service, none))
            for a in results.appearances
        ],
        served=[replace(s, share=zero, fully_served=nobody) for s in results.served],
        usd_per_unit_hour=None,
        cost_without_shortfall_usd=zero,
        cost_parts=[
            CostPart(p.name, results.cost_usd if p.name == "shortfall" else zero)
            for p in results.cost_parts
        ],
        cash=[
            CashQuarter(c.quarter, zero, dict.fromkeys(c.parts_usd, 0.0), zero)
            for c in results.cash
        ],
        typical=replace(
            results.typical,
            served_share=0.0,
            lines=[],
            quarters=[
                PlanQuarter(q.platform, q.quarter, 0.0, dict.fromkeys(q.served, 0.0), 0.0, 0.0)
                for q in results.typical.quarters
            ],
        ),
        shortfall_repeats=[
            replace(
                r,
                service_by_platform={
                    unit: dict.fromkeys(by, none) for unit, by in r.service_by_platform.items()
                },
                service_change_by_platform={
                    unit: dict.fromkeys(by, none) for unit, by in r.service_by_platform.items()
                },
            )
            for r in results.shortfall_repeats
        ],
    )


def _workloads(units: tuple[str, ...]) -> dict[str, str]:
    """Return two workloads of one unit, or one of each of several."""
    if len(units) == 1:
        return {"pretraining": units[0], "inference": units[0]}
    names = ("pretraining", "inference", *(f"workload-{k}" for k in range(3, len(units) + 1)))
    return dict(zip(names, units, strict=True))


def _histogram(values: np.ndarray) -> Histogram:
    if values.min() == values.max():
        return Histogram([float(values[0]) - 1, float(values[0]) + 1], [values.size])
    counts, edges = np.histogram(values, bins=24)
    return Histogram([float(edge) for edge in edges], [int(count) for count in counts])
