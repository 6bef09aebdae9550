"""Results made of random numbers: the shapes that a run gives, without a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.analysis import estimates
from planner.analysis.results import (
    Appearance,
    Assumption,
    CashQuarter,
    CostPart,
    Driver,
    Estimate,
    Histogram,
    LimitValue,
    MixCell,
    ModelSize,
    PlanLine,
    PlanQuarter,
    Results,
    ServedShare,
    ShortfallRepeat,
    SolveCounts,
    Spread,
    TypicalPlan,
)
from planner.report.facts import RunFacts

PLATFORMS = (
    "nvidia-h100-sxm",
    "nvidia-h200-sxm",
    "nvidia-b200",
    "google-tpu-v5p",
    "google-tpu-v6e",
    "aws-trainium2",
    "amd-mi300x",
    "in-house-gen1",
)
HOSTILE = (
    "=cmd()",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "a|b",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![i](http://evil.example/a.png)",
    "`tick` ``two``",
    "line\nbreak\r\n# heading",
    "*star* **bold**",
    "_under_ __score__",
    "# hash",
    "1. item",
    "$x^2$",
    "https://evil.example/?a=1|b<i>",
    "mail@evil.example",
    "null\x00bell\x07esc\x1b[31m",
    "rtl\u202eevil\ud800",
    "~~gone~~ {{ jinja }}",
    "[red]rich[/red]",
    "_x0041_",
)

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


def estimate(value: float, error: float | None, n: int = 1024) -> Estimate:
    if error is None:
        return Estimate(value, None, None, None, n)
    return Estimate(value, error, value - 1.96 * error, value + 1.96 * error, n)


def make_results(
    *,
    periods: int = 8,
    platforms: tuple[str, ...] = PLATFORMS,
    never: int = 2,
    samples: int = 1024,
    certain: bool = False,
    inputs: int = 34,
) -> Results:
    """Return results of `platforms`, the last `never` of them in no optimum."""
    rng = np.random.default_rng(5)
    names = quarters(periods)
    in_use = len(platforms) - never

    def draw(mean: float, relative: float = 0.15) -> np.ndarray:
        spread = 0.0 if certain else relative
        return mean * np.exp(spread * rng.standard_normal(samples) - spread**2 / 2)

    def spread_of(mean: float, relative: float = 0.15) -> Spread:
        return estimates.spread(draw(mean, relative))

    cost = draw(1.84e9, 0.12)
    zero = estimates.spread(np.zeros(samples))
    mix, plan_quarters = [], []
    for p, name in enumerate(platforms):
        for t, quarter in enumerate(names):
            size = 900.0 * (1 + t / 2) / (1 + p) ** 1.4 * (1 if p != 2 or t > 3 else 0)
            on = (
                draw(1, 0.3) if certain else draw(1, 0.3) * (rng.random(samples) > 0.1 * p)
            ) * size
            kinds = (on / 0.45, on, on * 28_000, on * 0.0021)
            mix.append(
                MixCell(name, quarter, *(estimates.spread(k) for k in kinds))
                if p < in_use
                else MixCell(name, quarter, zero, zero, zero, zero)
            )
            plan_size = size if p < min(in_use, 4) else 0.0
            plan_quarters.append(
                PlanQuarter(
                    name,
                    quarter,
                    plan_size / 0.45,
                    plan_size,
                    plan_size * 28_000,
                    plan_size * 0.0021,
                )
            )
    shares = np.array([1 / (1 + p) ** 1.4 if p < in_use else 0 for p in range(len(platforms))])
    shares = shares / max(shares.sum(), 1e-9)
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
        complete=True,
        size=ModelSize(216, 412, 2310, 0 if certain else inputs),
        solves=SolveCounts(samples, "HiGHS dual simplex", 12, 2e-13, 1e-12, 3e-14, 151_000),
        cost_usd=estimates.spread(cost),
        cost_without_shortfall_usd=estimates.spread(0.9 * cost),
        cost_histogram=_histogram(cost),
        cost_parts=[CostPart(name, estimates.spread(part * cost)) for name, part in parts.items()],
        usd_per_pflop_hour=spread_of(2.31, 0.1),
        served=[
            ServedShare(
                "pretraining",
                estimates.spread(np.minimum(draw(1.02, 0.02), 1)),
                estimates.share(rng.random(samples) < 0.83),
            ),
            ServedShare(
                "inference",
                estimates.spread(np.ones(samples)),
                estimates.share(np.ones(samples, bool)),
            ),
        ],
        mix=mix,
        appearances=[
            Appearance(
                name,
                "GPU" if "nvidia" in name else "chip",
                estimates.share(rng.random(samples) < (1 - 0.12 * p if p < in_use else 0)),
                spread_of(52_000 / (1 + p)) if p < in_use else None,
                estimates.mean(draw(shares[p]))
                if p < in_use
                else estimates.mean(np.zeros(samples)),
            )
            for p, name in enumerate(platforms)
        ],
        typical=TypicalPlan(
            417 % samples,
            1.79e9,
            0.47,
            {"purchases": 1.5e9, "rentals": 0.4e9, "residual value": -1.1e8},
            6.1e8,
            0.993,
            _lines(names, platforms),
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
        limits=_limits(known_error, samples),
        drivers=[] if certain or samples < 10 else _drivers(inputs, samples),
        shortfall_repeats=[
            ShortfallRepeat(
                factor,
                estimate(1.84e9 + change, 1.4e7 if known_error else None, min(256, samples)),
                estimate(change, 2.1e6 if known_error else None, min(256, samples)),
                {
                    "pretraining": estimate(served, 0.004 if known_error else None, 256),
                    "inference": estimate(1.0, 0.0 if known_error else None, 256),
                },
                {
                    name: estimate(float(share), 0.006 if known_error else None, 256)
                    for name, share in zip(platforms, shares * served, strict=True)
                },
                {
                    name: estimate(float(share), 0.002 if known_error else None, 256)
                    for name, share in zip(platforms, shares * (served - 1), strict=True)
                },
            )
            for factor, change, served in ((0.5, -9.2e7, 0.93), (2.0, 1.6e8, 0.995))
        ],
        assumptions=_assumptions(platforms, 0 if certain else inputs),
        tie_break="more of the platform that the config names first",
        notes=["A reserved term that ends beyond the horizon is paid only inside it."],
    )


def nothing_used(results: Results) -> Results:
    """Return results in which every platform stays out and all demand is left short."""
    zero = estimates.spread(np.zeros(results.samples_done))
    nobody = estimates.share(np.zeros(results.samples_done, bool))
    none = estimates.mean(np.zeros(results.samples_done))
    return replace(
        results,
        mix=[MixCell(c.platform, c.quarter, zero, zero, zero, zero) for c in results.mix],
        appearances=[
            Appearance(a.platform, a.unit, nobody, None, none) for a in results.appearances
        ],
        served=[ServedShare(s.workload, zero, nobody) for s in results.served],
        usd_per_pflop_hour=None,
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
                PlanQuarter(q.platform, q.quarter, 0.0, 0.0, 0.0, 0.0)
                for q in results.typical.quarters
            ],
        ),
        shortfall_repeats=[
            replace(
                r,
                service_by_platform=dict.fromkeys(r.service_by_platform, none),
                service_change_by_platform=dict.fromkeys(r.service_by_platform, none),
            )
            for r in results.shortfall_repeats
        ],
    )


def hostile_results(text: str) -> Results:
    """Return results in which `text` is every name and every free text."""
    results = make_results(
        periods=2, platforms=(f"{text} one", f"{text} two"), never=1, samples=32, inputs=3
    )
    return replace(
        results,
        scenario=text,
        question=text,
        served=[replace(item, workload=text) for item in results.served],
        appearances=[replace(item, unit=text) for item in results.appearances],
        typical=replace(
            results.typical,
            lines=[
                replace(line, offer=text, site=text, mode=text, price_unit=text)
                for line in results.typical.lines
            ],
        ),
        cash=[replace(item, parts_usd={text: 1e6}) for item in results.cash],
        cost_parts=[replace(item, name=text) for item in results.cost_parts],
        limits=[replace(item, name=text, family=text, unit=text) for item in results.limits],
        drivers=[replace(item, input=text) for item in results.drivers],
        assumptions=[
            replace(item, path=text, description=text, source=text) for item in results.assumptions
        ],
        solves=replace(results.solves, engine=text),
        tie_break=text,
        notes=[text],
    )


def _histogram(values: np.ndarray) -> Histogram:
    if values.min() == values.max():
        return Histogram([float(values[0]) - 1, float(values[0]) + 1], [values.size])
    counts, edges = np.histogram(values, bins=24)
    return Histogram([float(edge) for edge in edges], [int(count) for count in counts])


def _lines(names: list[str], platforms: tuple[str, ...]) -> list[PlanLine]:
    lines = []
    for t, quarter in enumerate(names):
        rent = PlanLine(
            "first-rent",
            "rent",
            platforms[0],
            "cloud",
            quarter,
            quarter,
            1,
            310.4 + t,
            3.1,
            "USD per hour",
            2.1e6,
        )
        lines.append(rent)
        if t % 3 == 0:
            lines.append(
                PlanLine(
                    "first-buy",
                    "buy",
                    platforms[0],
                    "own",
                    names[max(t - 2, 0)],
                    quarter,
                    16,
                    2048.0 + 512 * t,
                    31_400.0 - 400 * t,
                    "USD",
                    6.4e7,
                )
            )
    return lines


def _limits(known_error: bool, samples: int) -> list[LimitValue]:
    n = min(256, samples)

    def found(value: float, error: float) -> Estimate:
        return estimate(value, error if known_error else None, n)

    binds = estimate(0.82, 0.012 if known_error else None, samples)
    never = Estimate(0.0, 0.0, 0.0, 0.004, samples)
    return [
        LimitValue(
            "power at own", "power", "MW in every quarter", binds, found(-1.2e6, 6e4),
            found(1.31e6, 6e4),
        ),
        LimitValue(
            "supply of h200-reserve", "supply", "accelerator in every quarter", binds,
            found(-2140.0, 130.0), found(2160.0, 131.0),
        ),
        LimitValue(
            "largest share of nvidia", "vendor_share", "percentage point", binds,
            found(-3e5, 2.2e5), found(3.2e5, 2.3e5),
        ),
        LimitValue(
            "demand of pretraining", "demand", "effective PFLOP/s in every quarter", binds,
            found(52_000.0, 700.0), found(-51_000.0, 700.0),
        ),
        LimitValue(
            "supply of tpu-v6e-rent", "supply", "accelerator in every quarter", never,
            found(0.0, 0.0), found(0.0, 0.0),
        ),
    ]  # fmt: skip


def _drivers(inputs: int, samples: int) -> list[Driver]:
    drivers = []
    for k in range(inputs):
        swing, error = 4.1e8 * (-0.72) ** k, 1.7e7
        each = estimate(1.84e9 - swing / 2, 1.2e7, samples // 5)
        drivers.append(
            Driver(
                f"platforms.{PLATFORMS[k % 8]}.utilisation.job{k}" if k else "offers.a.price_usd",
                0.31,
                0.47,
                each,
                estimate(1.84e9 + swing / 2, 1.2e7, samples // 5),
                estimate(swing, error, 2 * (samples // 5)),
                abs(swing) > 2 * error,
            )
        )
    return drivers


def _assumptions(platforms: tuple[str, ...], inputs: int) -> list[Assumption]:
    uncertain = [
        Assumption(
            f"platforms.{platforms[k % len(platforms)]}.utilisation.job{k}",
            "lognormal, p10 0.31 and p90 0.47",
            True,
            0.31,
            0.382,
            0.47,
            "Vendor data sheet, 2025-03, https://example.org/sheet?id=1&v=2" if k % 3 else "",
            k % 3 == 0,
        )
        for k in range(inputs)
    ]
    known = Assumption(
        "offers.h100-buy.price_usd", "31400", False, 31400.0, 31400.0, 31400.0, "", True
    )
    return [*uncertain, known]
