"""The top of the report: the answer in three sentences, and what it is and is not."""

from __future__ import annotations

from collections.abc import Sequence

from planner.analysis.results import Appearance, Results
from planner.report import reading
from planner.report.numbers import (
    error_of,
    error_words,
    exact,
    percent,
    percent_of,
    usd,
    usd_error,
    usd_of,
    usd_range,
)
from planner.report.sureness import always_short, sureness_sentence
from planner.report.text import escape, listed, plural

_NAMED = 4


def answer_section(results: Results) -> str:
    """Return the section with the answer: what it costs, which mix, how sure, what is short."""
    points = (
        cost_sentence(results),
        mix_sentence(results),
        sureness_sentence(results),
        *always_short(results),
    )
    title = "The answer" if results.committed is None else "The answer in hindsight"
    return "\n".join(
        [f"## {title}", "", *(f"{n}. {text}" for n, text in enumerate(points, start=1))]
    )


def cost_sentence(results: Results) -> str:
    """Return what the demand costs, how far that spreads and how much of the demand is served."""
    rate = (
        f"Discounted at {exact(100 * results.discount_rate_per_year)} % a year "
        f"to the start of {escape(results.quarters[0])}"
    )
    span = plural(len(results.quarters), "quarter")
    clause = f"{rate}, the demand of {span} {_cost_clause(results)}"
    return f"**Cost.** {clause}; {served_words(results)}{owed_words(results)}."


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


def owed_words(results: Results) -> str:
    """Return what is still owed after the last quarter, which no cost contains."""
    if not results.cash:
        return ""
    last = results.cash[-1]
    owed = last.liability_usd.mean
    if owed.value <= 0:
        return ""
    often = "" if reading.is_one_future(results) else " on average"
    return (
        f"; not in that cost is **{usd_of(owed)}**{error_words(owed)} that is still owed{often} "
        f"under signed contracts after {escape(last.quarter)}"
    )


def served_words(results: Results) -> str:
    """Return how much of each workload's demand is served."""
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
    often = "" if reading.is_one_future(results) else " on average"
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
    text = "; ".join(_service_clause(results, unit) for unit in reading.units(results))
    idle = [escape(item.platform) for item in reading.idle(results)]
    if idle:
        text += f"; {listed(idle)} {_is_or_are(idle)} in service but never at work"
    never = [escape(item.platform) for item in reading.unused(results)]
    if never:
        text += f"; {listed(never)} {_is_or_are(never)} in no optimum"
    return f"**Mix.** {text[0].upper()}{text[1:]}."


def _service_clause(results: Results, unit: str) -> str:
    """Return who serves what is counted in `unit`."""
    found = reading.serving(results, unit)
    is_only_unit = len(reading.units(results)) == 1
    whole = "compute" if is_only_unit else escape(unit)
    if not found:
        return f"no {whole} is served in any sample"
    if len(found) == 1 and is_only_unit and len(reading.used(results)) == 1:
        item = found[0]
        return (
            f"{_platform(item.platform)} is the only platform that is ever in the "
            f"optimum (in {percent_of(item.share_of_samples)} of samples) and serves all "
            "that is served"
        )
    if len(found) == 1:
        return (
            f"all {whole} served comes from {_platform(found[0].platform)} (in service in "
            f"{percent_of(found[0].share_of_samples)} of samples)"
        )
    parts = [_contribution(item, unit, is_only_unit) for item in found[:_NAMED]]
    rest = found[_NAMED:]
    if rest:
        share = sum(item.share_of_service[unit].value for item in rest)
        together = " together" if len(rest) > 1 else ""
        parts.append(f"{plural(len(rest), 'other')} with {percent(share)}{together}")
    average = "in the one sample" if results.samples_done == 1 else "on average"
    return f"of all {whole} served, {average} the most comes from {listed(parts)}"


def _contribution(item: Appearance, unit: str, is_only_unit: bool) -> str:
    # A platform counts as in service wherever it works, and this share is of one unit alone.
    inside = "in" if is_only_unit else "in service in"
    return (
        f"{_platform(item.platform)} with {percent_of(item.share_of_service[unit])} "
        f"({inside} {percent_of(item.share_of_samples)} of samples)"
    )


def _is_or_are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _platform(name: str) -> str:
    return f"**{escape(name)}**"


def what_this_is(results: Results) -> str:
    """Return the box that says what the numbers mean and what is not known."""
    points = [
        "**Each future is solved with perfect knowledge of itself** (wait-and-see): its prices, "
        "supply and demand are known to the solver before it orders. No one can plan so. The mean "
        f"cost{_gap_words(results)} is therefore a lower bound on what any one plan signed today "
        f"can achieve on average; by how much that falls short is {_short_words(results)}.",
        *_bets_point(results),
        "**The table of average mixes is nobody's plan.** It averages plans that were each made "
        "for another future. The most typical single plan is shown beside it.",
    ]
    if results.committed is None:
        points += [
            contracts_point(results),
            "**Standard errors and 95 % intervals are of the sampling alone.** They say how far "
            "the numbers would move with other draws of the same beliefs, not whether the beliefs, "
            "the prices or the model are right.",
            f"{assumed_words(results)}; all are listed at the end.",
        ]
    return boxed(points)


def boxed(points: Sequence[str]) -> str:
    """Return what this is and is not, as a quoted list."""
    lines = ["**What this is and is not**", "", *(f"- {point}" for point in points)]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def contracts_point(results: Results) -> str:
    """Return what is left out of the cost of a contract that outlasts the plan."""
    leased = any(item.mode == "lease" for item in results.power)
    terms = "reserved or leased" if leased else "reserved"
    return (
        f"**Contracts that outlast the plan look cheap.** Of a {terms} term only the "
        "payments inside the plan are in the cost; what is owed afterwards is shown as contract "
        "liability. Purchases are charged in full, less an assumed residual value."
    )


def assumed_words(results: Results) -> str:
    """Return how many of the figures assumed rest on nobody but their author."""
    guessed = sum(1 for item in results.assumptions if item.is_assumption)
    figures = plural(len(results.assumptions), "figure")
    return (
        f"**Of {figures} assumed, {guessed:,} rest on nobody's measurement, price list or "
        "estimate**, but are assumptions by their own source or have none"
    )


def _short_words(results: Results) -> str:
    if results.committed is None:
        return "not known from this report"
    return f"told by the plan above: {usd_of(results.committed.worth.evpi_usd)}"


def _gap_words(results: Results) -> str:
    if results.solves.largest_integer_gap <= 0:
        return ""
    return " (less the gap to its proven bound, as bets are whole)"


def _bets_point(results: Results) -> list[str]:
    if not results.bets:
        return []
    return [
        "**Each bet, too, is decided with its future known.** How often one is taken is not the "
        "probability that it is right to fund it now; see *Bets*."
    ]
