"""Sentences about the committed plan that stand in more than one place."""

from __future__ import annotations

from collections.abc import Sequence

from planner.analysis.results_committed import (
    BreakEven,
    Committed,
    PlannedOrder,
    Proof,
    ServiceReached,
)
from planner.report import plan_reading
from planner.report.numbers import compact, count, exact, number, percent_at_most, usd
from planner.report.text import code, escape, listed, plural

_ENDS = {
    "iterations": "by its number of iterations",
    "time": "by its time limit",
    "stopped": "by hand",
    "stalled": "because it made no more progress",
}


def ended_words(proof: Proof) -> str:
    """Return that the search ended too early, as a bold sentence; empty where it did not."""
    if proof.ended == "gap":
        return ""
    why = _ENDS.get(proof.ended, escape(proof.ended))
    return (
        f"**The search was stopped {why}: this is the best plan so far, not the best plan.** On "
        f"the {plural(proof.samples, 'sample')} that it was made on it is proven to be within "
        f"{percent_at_most(proof.gap)} of the best (wanted: {percent_at_most(proof.wanted_gap)}). "
    )


def service_verdict(service: ServiceReached) -> str:
    """Return whether a service target is reached, as far as fresh samples tell."""
    low, high = service.reached.low, service.reached.high
    if high is not None and high < service.target:
        return "**It is not reached.**"
    if low is not None and low >= service.target:
        return "It is reached."
    if service.reached.value >= service.target:
        return "It is reached, though the interval reaches below it."
    return "**Whether it is reached cannot be told:** the interval holds it."


def amount_words(orders: Sequence[PlannedOrder]) -> str:
    """Return the sum of orders of one unit, such as ``600`` or ``12.5 MW``; ``-`` for none."""
    if not orders:
        return "-"
    amount = sum(order.count for order in orders)
    return count(amount) if orders[0].platform else f"{compact(amount)} {escape(orders[0].unit)}"


def span_words(names: Sequence[str]) -> str:
    """Return the first and last of some quarters in order, such as ``2026Q2 to 2026Q4``."""
    if len(names) == 1:
        return escape(names[0])
    return f"{escape(names[0])} to {escape(names[-1])}"


def tail_words(level: float) -> str:
    """Return how much of the futures lies beyond a level, such as ``5 %``."""
    return f"{exact(round(100 * (1 - level), 6))} %"


def change_sentences(plan: Committed, items: Sequence[BreakEven]) -> list[str]:
    """Return where the plan changes and what it then does, one sentence for each place."""
    found: dict[str, list[BreakEven]] = {}
    for item in items:
        found.setdefault(_where(plan, item), []).append(item)
    return [
        f"if {where}, the plan {listed([_what(plan, item) for item in same])}; "
        f"{_cost(plan, same[0])}"
        for where, same in found.items()
    ]


def _where(plan: Committed, item: BreakEven) -> str:
    """Return the value at which the plan changes, and how likely the other side is."""
    chance, above = chance_words(plan, item), plan_reading.changes_above(plan, item)
    if plan_reading.is_yes_or_no(item):
        event = code(item.input.removeprefix("events.").removesuffix(".happens"))
        never = "" if above else "not "
        return f"{event} is sure {never}to happen (as it stands: a chance of {chance})"
    verb = "is known to be above" if above else "is known to be below"
    return (
        f"{code(item.input)} {verb} {between(item.below, item.above)} "
        f"(median {number(item.now)}; the chance of that is {chance})"
    )


def chance_words(plan: Committed, item: BreakEven) -> str:
    """Return how likely the input is where the best plan differs from the plan."""
    percent_points = 100 * plan_reading.chance_of(plan, item)
    return "less than 1 %" if percent_points < 0.5 else f"{percent_points:.0f} %"


def between(low: float, high: float) -> str:
    """Return two values near each other with digits enough to tell them apart."""
    for digits in range(3, 9):
        one, other = number(low, digits=digits), number(high, digits=digits)
        if one != other:
            return f"{one} to {other}"
    return number(low, digits=9)


def _what(plan: Committed, item: BreakEven) -> str:
    """Return what the plan does where it differs from the plan that is signed."""
    name, begins = escape(item.platform), not plan_reading.has(plan, item)
    if not plan_reading.is_priced(item):
        return f"{'funds' if begins else 'no longer funds'} {name}"
    above = plan_reading.changes_above(plan, item)
    amount = item.count_above if above else item.count_below
    return f"takes up {name} ({count(amount)} signed for)" if begins else f"drops {name}"


def _cost(plan: Committed, item: BreakEven) -> str:
    here, there = item.cost_below_usd, item.cost_above_usd
    if not plan_reading.changes_above(plan, item):
        here, there = there, here
    of = "cost" if plan.cvar_weight <= 0 else "measure (mean and CVaR)"
    if plan_reading.is_yes_or_no(item):
        return (
            f"the {of} of the best plan is then {usd(there)}, against {usd(here)} if the opposite "
            "is sure"
        )
    return f"the {of} of the best plan there is {usd(there)}"
