"""What it costs: the cost, its parts, and the cost of what is served."""

from __future__ import annotations

from collections.abc import Sequence

from planner.analysis.results import Results
from planner.analysis.results_estimates import Estimate, Spread
from planner.config.demands import PFLOPS
from planner.report import reading
from planner.report.charts import image
from planner.report.numbers import (
    NOT_KNOWN,
    Scale,
    percent,
    scaled,
    usd,
    usd_error,
    usd_interval,
    usd_of,
    usd_pm,
    usd_scale,
)
from planner.report.text import escape, listed, sample_counts, table


def cost_section(results: Results, charts: dict[str, str]) -> str:
    """Return the cost with its intervals, its parts, its histogram and the cost of compute."""
    blocks = [
        "## Cost",
        f"Discounted cost of each sample's own optimum, with the price of the shortfall and less "
        f"the residual value at the horizon, {sample_counts([results.cost_usd.mean.n])}:",
        spread_table(results.cost_usd),
        *image(charts, "cost", "Histogram of the discounted cost over the samples"),
        "The parts of that cost, which sum to it sample by sample; so their means sum to its mean, "
        "and their percentiles do not sum to anything:",
        *part_blocks(results),
        *_unit_cost_blocks(results),
    ]
    return "\n\n".join(block for block in blocks if block)


def part_blocks(results: Results) -> list[str]:
    """Return the parts of the cost, and what is no payment among them."""
    return [_parts_table(results), _shortfall_sentence(results), *_overrun_sentence(results)]


def _unit_cost_blocks(results: Results) -> list[str]:
    units = [escape(unit) for unit in reading.units(results)]
    if len(units) > 1:
        return [
            f"**USD per unit-hour.** {NOT_KNOWN.capitalize()}: the workloads are counted in "
            f"{listed(units)}, and the cost cannot be split between units."
        ]
    definition = (
        f"**USD per hour of 1 {units[0]}.** Per sample: the discounted cost without the "
        f"shortfall, over the {units[0]} that are served times hours, discounted alike"
    )
    if units == [PFLOPS]:
        definition += " (effective: peak x realised share x utilisation x availability, dense BF16)"
    unit_cost = results.usd_per_unit_hour
    if unit_cost is None:
        return [f"{definition}. {NOT_KNOWN.capitalize()}: at least one sample serves nothing."]
    return [f"{definition}, {sample_counts([unit_cost.mean.n])}:", spread_table(unit_cost)]


def spread_table(spread: Spread) -> str:
    """Return mean and percentiles in dollars, each with its 95 % interval and standard error."""
    rows = [
        (name, usd_of(estimate), usd_interval(estimate), usd_error(estimate))
        for name, estimate in _named(spread)
    ]
    return table(["", "Value", "95 % interval", "Standard error"], rows)


def _named(spread: Spread) -> Sequence[tuple[str, Estimate]]:
    return (
        ("Mean", spread.mean),
        ("P10", spread.p10),
        ("P50 (median)", spread.p50),
        ("P90", spread.p90),
    )


def _parts_table(results: Results) -> str:
    total = results.cost_usd
    spreads = [
        *((escape(part.name.capitalize()), part.cost_usd) for part in results.cost_parts),
        ("**Cost**", total),
        ("Cost without shortfall", results.cost_without_shortfall_usd),
    ]
    scale = usd_scale([total.mean.value, total.p90.value])
    rows = [_part_row(name, spread, scale, total.mean.value) for name, spread in spreads]
    headers = [scale.name, "Mean", "Standard error", "Of mean cost", "P10", "P50", "P90"]
    return table(headers, rows)


def _part_row(name: str, spread: Spread, scale: Scale, total_usd: float) -> tuple[str, ...]:
    return (
        name,
        *scaled(spread.mean, scale),
        percent(spread.mean.value / total_usd) if total_usd else NOT_KNOWN,
        *(scaled(one, scale)[0] for one in (spread.p10, spread.p50, spread.p90)),
    )


def _shortfall_sentence(results: Results) -> str:
    part = reading.shortfall_part(results)
    if part is not None:
        mean = part.cost_usd.mean
        amount, value = usd_pm(mean), mean.value
    else:
        value = results.cost_usd.mean.value - results.cost_without_shortfall_usd.mean.value
        amount = usd(value)
    if value <= 0:
        return "No sample leaves demand unserved, so the price of the shortfall costs nothing here."
    share = value / results.cost_usd.mean.value
    targets = any(item.target_share is not None for item in results.served)
    below = ", what lies below a service target at the target's higher price" if targets else ""
    return (
        f"**Shortfall.** {amount} of the mean cost ({percent(share)}) is unserved demand at the "
        f"price that the scenario states for it{below}. It is a judgement about what demand that "
        "is not served costs the business, not a payment to anyone."
    )


def _overrun_sentence(results: Results) -> list[str]:
    part = next((part for part in results.cost_parts if part.name == "budget overrun"), None)
    if part is None:
        return []
    return [
        f"**Budget overrun.** {usd_pm(part.cost_usd.mean)} of the mean cost is what going over a "
        "budget costs on top of the cash itself, at the scenario's price for it. It is no payment "
        "either, but stays in the cost without shortfall."
    ]
