"""What knowing and planning are worth, what other plans cost, and where the decision changes."""

from __future__ import annotations

from planner.analysis.results_committed import Alternative, BreakEven, Committed, Worth
from planner.analysis.results_estimates import Estimate
from planner.report import plan_reading
from planner.report.numbers import (
    count,
    error_of,
    number,
    percent,
    percent_of,
    usd,
    usd_error,
    usd_interval,
    usd_of,
    usd_pm,
)
from planner.report.plan_words import between, chance_words, change_sentences
from planner.report.text import code, escape, listed, sample_counts, table

_NAMED = 8


def worth_section(plan: Committed) -> str:
    """Return WS, RP, EEV, EVPI and VSS, and what other plans cost on the same samples."""
    worth = plan.worth
    blocks = [
        "## What it is worth",
        f"All on the same samples, {sample_counts([worth.plan_usd.n])}; the differences are taken "
        "sample by sample, so they are known better than the costs.",
        _worth_table(worth),
        *_no_vss_words(worth),
        "These hold under conditions:",
        "\n".join(f"- {escape(text)}" for text in worth.conditions) or "- None.",
        *_alternative_blocks(plan),
    ]
    return "\n\n".join(blocks)


def _worth_table(worth: Worth) -> str:
    entries: list[tuple[str, str, Estimate | None]] = [
        ("Each future's own optimum, known beforehand", "WS", worth.wait_and_see_usd),
        ("**The plan**", "RP", worth.plan_usd),
        ("The plan made on the medians", "EEV", worth.mean_value_plan_usd),
        ("**Knowing everything before signing**", "EVPI = RP - WS", worth.evpi_usd),
        ("**Planning for the spread, not the medians**", "VSS = EEV - RP", worth.vss_usd),
    ]
    rows = [
        (name, short, usd_of(value), usd_error(value), usd_interval(value))
        for name, short, value in entries
        if value is not None
    ]
    headers = ["", "", "Mean", "Standard error", "95 % interval"]
    return table(headers, rows, left=2)


def _no_vss_words(worth: Worth) -> list[str]:
    if worth.vss_usd is None:
        return [
            "VSS is not given: it means something only where the plan minimises the mean cost and "
            "has no service target to reach."
        ]
    gained = worth.vss_usd
    if plan_reading.is_told_apart(gained):
        return []
    return [
        "The interval of VSS holds zero: with these samples the plan cannot be told from the one "
        "made on the medians."
    ]


def _alternative_blocks(plan: Committed) -> list[str]:
    if not plan.alternatives:
        return []
    counts = sample_counts([item.difference_usd.n for item in plan.alternatives])
    workloads = list(dict.fromkeys(n for item in plan.alternatives for n in item.served))[:_NAMED]
    measure = ["Its measure ± standard error"] if plan.cvar_weight > 0 else []
    headers = [
        "Other plan",
        "Mean cost ± standard error",
        *measure,
        "P10",
        "P90",
        "More than the plan ± standard error",
        "95 % interval",
        "Cheaper, of samples",
        *(f"{escape(name)} served" for name in workloads),
    ]
    rows = [
        (
            escape(item.name),
            usd_pm(item.cost_usd.mean),
            *([usd_pm(item.risk_usd)] if measure else []),
            usd(item.cost_usd.p10.value),
            usd(item.cost_usd.p90.value),
            usd_pm(item.difference_usd),
            usd_interval(item.difference_usd),
            percent_of(item.cheaper_share),
            *(percent_of(item.served[name]) for name in workloads),
        )
        for item in plan.alternatives
    ]
    own = {item.workload: item.share.mean for item in plan.served}
    shares = [f"{percent_of(own[name])} of {escape(name)}" for name in workloads if name in own]
    serves = f"; the plan serves {listed(shares)}" if shares else ""
    return [
        f"**Other plans**, carried out in the same samples, {counts}{serves}. Negative: it costs "
        "less than the plan.",
        table(headers, rows),
        "\n".join(f"- {escape(i.name)}: {escape(i.description)}." for i in plan.alternatives),
        *_as_good_words(plan.alternatives),
    ]


def _as_good_words(alternatives: list[Alternative]) -> list[str]:
    close = [
        item
        for item in alternatives
        if error_of(item.difference_usd) is not None
        and not plan_reading.is_told_apart(item.difference_usd)
    ]
    if not close:
        return []
    names = listed([escape(item.name) for item in close])
    verb = "is" if len(close) == 1 else "are"
    return [
        f"On these samples {names} {verb} as good as the plan, as far as can be told: the interval "
        "of the difference holds zero."
    ]


def change_section(plan: Committed) -> str:
    """Return the values of inputs at which the plan takes something up or drops it."""
    blocks = ["## Where the decision changes"]
    if not plan.break_evens:
        return "\n\n".join(
            [
                *blocks,
                "Along none of the inputs that were looked at does the plan take a platform up, "
                "drop it, or fund or stop a bet. Others can be looked at with "
                "`planner breakeven CONFIG --input NAME`.",
            ]
        )
    found = sorted(plan.break_evens, key=lambda item: -plan_reading.chance_of(plan, item))
    blocks += [
        "One input at a time is held at a value in every future, all else drawn as it is, and the "
        "plan is made anew. These are the inputs that move its cost most, the likeliest change "
        "first; each value is known to lie between two at which plans were made. An input that is "
        "held is one that is known, so the plan can change at its median too. "
        f"{_cost_words(plan)} of the best plan at either value is on samples that plans are made "
        "on, often fewer than the plan itself was, and carries no interval: a change that hardly "
        "moves it may be chance. Other inputs: `planner breakeven CONFIG --input NAME`.",
        "\n".join(f"- I{text[1:]}." for text in change_sentences(plan, found[:_NAMED])),
        _change_table(plan, found),
    ]
    return "\n\n".join(blocks)


def _cost_words(plan: Committed) -> str:
    return "The cost" if plan.cvar_weight <= 0 else "The measure of mean and CVaR"


def _change_table(plan: Committed, found: list[BreakEven]) -> str:
    headers = [
        "Input",
        "As it rises, the plan",
        "At",
        "Median",
        "Chance that it changes the plan",
        "Signed for below",
        "above",
        "Cost below" if plan.cvar_weight <= 0 else "Measure below",
        "above",
    ]
    rows = [
        (
            code(item.input),
            f"{escape(item.change)}: {escape(item.platform)}",
            "it happens" if plan_reading.is_yes_or_no(item) else between(item.below, item.above),
            _now(item),
            chance_words(plan, item),
            _signed(item, item.count_below),
            _signed(item, item.count_above),
            usd(item.cost_below_usd),
            usd(item.cost_above_usd),
        )
        for item in found
    ]
    return table(headers, rows, left=2)


def _now(item: BreakEven) -> str:
    if plan_reading.is_yes_or_no(item):
        return "it happens" if item.now >= 0.5 else "it does not"
    return number(item.now)


def _signed(item: BreakEven, amount: float) -> str:
    if plan_reading.is_priced(item):
        return count(amount)
    if amount >= plan_reading.WHOLE:
        return "yes"
    return "no" if amount <= 1 - plan_reading.WHOLE else percent(amount)
