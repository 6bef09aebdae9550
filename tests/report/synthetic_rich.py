"""Made-up results with what only some scenarios have: bets, power, targets, hostile names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from synthetic import make_results
from synthetic_parts import estimate

from planner.analysis import estimates
from planner.analysis.results import BetOutcome, PlanLine, PowerStarted, Results, ScalingError
from planner.analysis.results_estimates import CostPart

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

_RARE_PARTS = (
    "option fees",
    "power built",
    "development",
    "porting",
    "maintenance",
    "power leased",
)
_REFUND = {"cancellations": -1.5e7}


def with_bets(results: Results, *, relaxed: bool = False) -> Results:
    """Return results with a bet of each kind, power contracts, targets and every kind of line."""
    n, cost = results.samples_done, results.cost_usd.mean.value
    rng = np.random.default_rng(6)

    def bet(name: str, kind: str, platform: str, probability: float) -> BetOutcome:
        taken = rng.random(n) < probability
        extent = np.where(taken, 0.8, 0.1) if relaxed else taken.astype(float)
        return BetOutcome(name, kind, platform, estimates.share(taken), estimates.mean(extent))

    platform = next(iter(results.platforms))
    first = results.served[0]
    whole = {
        "integer_columns": 7,
        "search_nodes": 9 * n,
        "by_milp": n // 8,
        "mean_integer_gap": 0.0000532,
        "largest_integer_gap": 0.000931,
    }
    spread = estimates.spread(cost * 0.01 * rng.random(n))
    return replace(
        results,
        relaxed=relaxed,
        solves=results.solves if relaxed else replace(results.solves, **whole),
        cost_bound_usd=estimate(cost * (1 - 0.0000532), 6.9e6, n),
        bets=[
            bet("right-to-buy", "option", platform, 0.31),
            bet("own-chip", "programme", platform, 0.43),
            bet(f"{platform} for pretraining", "porting", platform, 0.0),
            bet("rivals", "price fall", "acme", 1.0),
        ],
        power=[
            PowerStarted("hall-lease", "lease", "hall", estimates.spread(40 * rng.random(n))),
            PowerStarted("own-build", "build", "own", estimates.spread(np.zeros(n))),
        ],
        scaling=[ScalingError(first.workload, 3, 0.002391)],
        served=[
            replace(first, target_share=0.95, target_met=estimates.share(rng.random(n) < 0.7)),
            *results.served[1:],
        ],
        cost_parts=[*results.cost_parts, CostPart("budget overrun", spread)],
        cash=[
            replace(
                item,
                parts_usd={**item.parts_usd, **dict.fromkeys(_RARE_PARTS, 2e7), **_REFUND},
            )
            for item in results.cash
        ],
        typical=replace(
            results.typical,
            lines=[*results.typical.lines, *_rare_lines(results.quarters, platform, relaxed)],
        ),
    )


def always_short(results: Results) -> Results:
    """Return results in which no sample serves the first workload in full."""
    n = results.samples_done
    first = replace(
        results.served[0],
        share=estimates.spread(np.full(n, 0.913)),
        fully_served=estimates.share(np.zeros(n, bool)),
    )
    return replace(results, served=[first, *results.served[1:]])


def hostile_results(text: str) -> Results:
    """Return results in which `text` is every name and every free text."""
    plain = make_results(
        periods=2,
        platforms=(f"{text} one", f"{text} two"),
        never=1,
        samples=32,
        inputs=3,
        units=(f"{text} per s", f"{text} per h"),
    )
    results = always_short(with_bets(plain))
    return replace(
        results,
        scenario=text,
        question=text,
        served=[replace(item, workload=text) for item in results.served],
        appearances=[replace(item, unit=text) for item in results.appearances],
        typical=replace(
            results.typical,
            lines=[
                replace(
                    line,
                    offer=text,
                    site=text,
                    price_unit=text,
                    unit=f"for {text}" if line.mode == "porting" else line.unit,
                )
                for line in results.typical.lines
            ],
        ),
        bets=[replace(item, name=text, platform=text) for item in results.bets],
        power=[replace(item, name=text, site=text) for item in results.power],
        scaling=[replace(item, workload=text) for item in results.scaling],
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


def _rare_lines(names: list[str], platform: str, relaxed: bool) -> list[PlanLine]:
    """Return a line of every mode but buy and rent."""
    accelerators = {
        "reserve": "USD per hour",
        "spot": "USD per hour",
        "option": "USD",
        "programme": "USD",
        "owned": "USD",
        "contracted": "USD per hour",
        "ordered": "USD",
        "cancel": "USD",
    }
    begin, last = names[0], names[-1]
    lines = [
        PlanLine(
            f"the-{mode}", mode, platform, "own", begin, last, 4, 128.0, "accelerators", 21.5,
            price_unit, -3e6 if mode == "cancel" else 3e6,
        )
        for mode, price_unit in accelerators.items()
    ]  # fmt: skip
    lines += [
        PlanLine(
            f"the-{mode}", mode, "", "own", begin, last, 40, 12.5, "MW", 2.2e6,
            "USD per MW in the plan", 2.75e7,
        )
        for mode in ("lease", "build")
    ]  # fmt: skip
    taken = 0.43 if relaxed else 1.0
    lines += [
        PlanLine(
            f"the-{mode}", mode, platform, "", begin, begin, 0, taken, unit, 2e7, "USD", 2e7 * taken
        )
        for mode, unit in (
            ("option fees", "yes"),
            ("development", "yes"),
            ("porting", "for pretraining"),
        )
    ]
    return lines
