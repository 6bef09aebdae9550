"""The top of the report: the answer in three sentences, and what it is and is not."""

from __future__ import annotations

from planner.analysis.results import Estimate, Results
from planner.report import reading
from planner.report.numbers import (
    error_of,
    exact,
    percent,
    percent_of,
    usd,
    usd_error,
    usd_of,
    usd_range,
)
from planner.report.text import code, escape, listed, plural

_NAMED = 4


def answer_section(results: Results) -> str:
    """Return the section with the answer: what it costs, which mix, how sure."""
    points = (cost_sentence(results), mix_sentence(results), sureness_sentence(results))
    return "\n".join(
        ["## The answer", "", *(f"{n}. {text}" for n, text in enumerate(points, start=1))]
    )


def cost_sentence(results: Results) -> str:
    """Return what the demand costs, how far that spreads and how much of the demand is served."""
    rate = (
        f"Discounted at {exact(100 * results.discount_rate_per_year)} % a year "
        f"to the start of {escape(results.quarters[0])}"
    )
    span = plural(len(results.quarters), "quarter")
    clause = f"{rate}, the demand of {span} {_cost_clause(results)}"
    return f"**Cost.** {clause}; {_served(results)}{_owed(results)}."


def _cost_clause(results: Results) -> str:
    cost = results.cost_usd
    if reading.is_certain(results):
        return (
            f"costs **{usd(cost.mean.value)}**: nothing in this config is uncertain, so "
            f"there is no spread"
        )
    if error_of(cost.mean) is None:
        return (
            f"costs **{usd(cost.mean.value)}** in the one sample that was solved, so neither "
            "its standard error nor its spread is known"
        )
    if cost.p10.low is None or cost.p90.high is None:
        edges = results.cost_histogram.edges
        return (
            f"costs **{usd_of(cost.mean)}** on average (standard error {usd_error(cost.mean)}) and "
            f"from {usd_range(edges[0], edges[-1])} over {plural(cost.mean.n, 'sample')}, too few "
            "to tell how it spreads"
        )
    return (
        f"costs **{usd_of(cost.mean)}** on average "
        f"(standard error {usd_error(cost.mean)}, {plural(cost.mean.n, 'sample')}), and "
        f"between {usd_range(cost.p10.value, cost.p90.value).replace(' to ', ' and ')} in "
        "eight futures of ten (P10 to P90)"
    )


def _owed(results: Results) -> str:
    """Return what is still owed after the last quarter, which no cost contains."""
    if not results.cash:
        return ""
    last = results.cash[-1]
    owed = last.liability_usd.mean
    if owed.value <= 0:
        return ""
    often = "" if _is_one_future(results) else " on average"
    return (
        f"; not in that cost is **{usd_of(owed)}**{_error_words(owed)} that is still owed{often} "
        f"under signed contracts after {escape(last.quarter)}"
    )


def _is_one_future(results: Results) -> bool:
    return reading.is_certain(results) or results.samples_done == 1


def _served(results: Results) -> str:
    shares = [(escape(item.workload), item.share.mean) for item in results.served]
    if not shares:
        return "how much of it is served is not known"
    if all(share.value >= 1 for _, share in shares):
        return "all of it is served in every sample"
    if all(share.value <= 0 for _, share in shares):
        return "none of it is served, and the cost is the stated price of the shortfall"
    if len(shares) > _NAMED:
        name, least = min(shares, key=lambda item: item[1].value)
        return f"the workload served least is {name}, with {percent_of(least)} on average"
    parts = [f"{percent_of(share)} of {name}" for name, share in shares]
    rest = "and what is not is in the cost at its stated price"
    often = "" if _is_one_future(results) else " on average"
    return f"{listed(parts)} is served{often}, {rest}"


def mix_sentence(results: Results) -> str:
    """Return which platforms serve how much and how often each appears."""
    found = reading.used(results)
    if not found and all(item.share.mean.value >= 1 for item in results.served):
        return "**Mix.** There is no demand to serve, and no platform is in service in any sample."
    if not found:
        return (
            "**Mix.** No platform is in service in any sample: leaving the demand unserved at "
            "its stated price is cheaper than, or all that is possible beside, every offer."
        )
    if len(found) == 1:
        item = found[0]
        text = (
            f"**Mix.** {_platform(item.platform)} is the only platform that is ever in the "
            f"optimum (in {percent_of(item.share_of_samples)} of samples) and serves all "
            "that is served"
        )
    else:
        parts = [
            f"{_platform(item.platform)} with {percent_of(item.share_of_service)} "
            f"(in {percent_of(item.share_of_samples)} of samples)"
            for item in found[:_NAMED]
        ]
        rest = found[_NAMED:]
        if rest:
            share = sum(item.share_of_service.value for item in rest)
            parts.append(f"{plural(len(rest), 'other')} with {percent(share)} together")
        average = "in the one sample" if results.samples_done == 1 else "on average"
        text = f"**Mix.** Of all compute served, {average} the most comes from {listed(parts)}"
    never = [escape(item.platform) for item in reading.unused(results)]
    if never:
        text += f"; {listed(never)} {'is' if len(never) == 1 else 'are'} in no optimum"
    return f"{text}."


def sureness_sentence(results: Results) -> str:
    """Return what moves the cost most, what limits it most, and what the shortfall price does."""
    clauses = (_driver_clause(results), _limit_clause(results), _shortfall_clause(results))
    return f"**How sure.** {'; '.join(clauses)}."


def _driver_clause(results: Results) -> str:
    if reading.is_certain(results):
        return "No input is uncertain in this config, so nothing is said about what moves the cost"
    telling = reading.telling_drivers(results)
    if not results.drivers:
        return f"What moves the cost cannot be told from {plural(results.samples_done, 'sample')}"
    if not telling:
        return (
            "No input's effect on the cost could be told from sampling noise with "
            f"{plural(results.samples_done, 'sample')}"
        )
    top = telling[0]
    swing = top.swing_usd
    direction = "more" if swing.value > 0 else "less"
    return (
        f"What moves the cost most is {code(top.input)}: the fifth of samples in which it is "
        f"highest costs {usd(abs(swing.value), error_of(swing))}{_error_words(swing)} "
        f"{direction} than the fifth in which it is lowest"
    )


def _limit_clause(results: Results) -> str:
    if not results.limits:
        return "no limit was valued by solving again"
    if not reading.is_certain(results) and results.samples_done == 1:
        return "what one more unit of a limit saves cannot be told from one sample"
    found = reading.top_limits(results)
    if not found:
        return "no limit's extra unit saves an amount that could be told from zero"
    often = "" if reading.is_certain(results) else " on average"
    parts = []
    for item in found:
        saved = item.one_more_usd
        amount = f"{usd(-saved.value, error_of(saved))}{_error_words(saved)}"
        parts.append(f"{amount} with one more {escape(item.unit)} of {code(item.name)}")
    return f"of each kind of limit, the most valuable unit saves{often} {listed(parts)}"


def _shortfall_clause(results: Results) -> str:
    found = reading.other_prices(results)
    if not found:
        return "the answer was not repeated at another price of shortfall"
    costs = [
        f"at {reading.factor_words(item.factor)} of shortfall {_change_words(item.cost_change_usd)}"
        for item in found
    ]
    mixes = [mix_change(results, item.factor) for item in found]
    if len(set(mixes)) == 1:
        return f"{listed(costs)}, and {'either way' if len(found) > 1 else 'there'} {mixes[0]}"
    return ", and ".join(f"{cost} and {mix}" for cost, mix in zip(costs, mixes, strict=True))


def _change_words(change: Estimate) -> str:
    if change.value == 0:
        return "the cost does not change"
    verb = "rises" if change.value > 0 else "falls"
    return f"the cost {verb} by {usd(abs(change.value), error_of(change))}{_error_words(change)}"


def mix_change(results: Results, factor: float) -> str:
    """Return in words whether the mix changes at `factor` times the stated shortfall price."""
    repeat = next(item for item in reading.other_prices(results) if item.factor == factor)
    found = reading.shifts(repeat)
    served_after = any(item.value > 0 for item in repeat.service_by_platform.values())
    if bool(reading.used(results)) != served_after:
        return "platforms come into service" if served_after else "nothing is in service any more"
    moved = [shift for shift in found if abs(shift.change.value) > reading.MIX_CHANGE]
    if not moved:
        return "the mix stays (no platform's share of service moves by more than a point)"
    told = next((shift for shift in moved if shift.told or reading.is_certain(results)), None)
    if told is None:
        return (
            f"the mix cannot be told to change (shares of service differ by up to "
            f"{100 * abs(moved[0].change.value):.1f} points, within sampling noise)"
        )
    return (
        f"the mix changes ({escape(told.platform)} from {percent(told.before)} "
        f"to {percent_of(told.after)} of service)"
    )


def _error_words(estimate: Estimate) -> str:
    return "" if error_of(estimate) is None else f" (standard error {usd_error(estimate)})"


def _platform(name: str) -> str:
    return f"**{escape(name)}**"


def what_this_is(results: Results) -> str:
    """Return the box that says what the numbers mean and what is not known."""
    guessed = sum(1 for item in results.assumptions if item.is_assumption)
    figures = plural(len(results.assumptions), "figure")
    points = [
        "**Each future is solved with perfect knowledge of itself** (wait-and-see): its prices, "
        "supply and demand are known to the solver before it orders. No one can plan so. The mean "
        "cost is therefore a lower bound on what any one plan signed today can achieve on average; "
        "by how much that falls short is not known from this report.",
        "**The table of average mixes is nobody's plan.** It averages plans that were each made "
        "for another future. The most typical single plan is shown beside it.",
        "**Contracts that outlast the plan look cheap.** Of a reserved term only the payments "
        "inside the plan are in the cost; what is owed afterwards is shown as contract liability. "
        "Purchases are charged in full, less an assumed residual value.",
        "**Standard errors and 95 % intervals are of the sampling alone.** They say how far the "
        "numbers would move with other draws of the same beliefs, not whether the beliefs, the "
        "prices or the model are right.",
        f"**Of {figures} assumed, {guessed:,} rest on nobody's measurement, price list or "
        "estimate**, but are assumptions by their own source or have none; all are listed at the "
        "end.",
    ]
    lines = ["**What this is and is not**", "", *(f"- {point}" for point in points)]
    return "\n".join(f"> {line}".rstrip() for line in lines)
