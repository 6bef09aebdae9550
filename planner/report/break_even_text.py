"""The answer of ``planner breakeven`` as text for a terminal."""

from __future__ import annotations

from planner.analysis.committed.break_even_search import BreakEvens, Change, Tried
from planner.config.wording import aligned
from planner.report.numbers import count, figure, percent, usd
from planner.report.text import plural


def break_even_text(found: BreakEvens) -> str:
    """Return where the plan changes along a figure, and the best plan at every value tried."""
    head = (
        f"{found.name}: {found.description}\n"
        f"Each line is the best plan to sign for with this figure held there, on "
        f"{plural(found.samples, 'sample')}; everything else is as uncertain as before."
    )
    return "\n\n".join([head, change_lines(found), _table(found)])


def change_lines(found: BreakEvens) -> str:
    """Return where the plan takes something up or drops it, a line for each place."""
    if not found.changes:
        low, high = (figure(tried.value) for tried in (found.tried[0], found.tried[-1]))
        return f"- Nothing is taken up or dropped as {found.name} goes from {low} to {high}."
    return "\n".join(_sentence(found.name, change) for change in found.changes)


def _sentence(name: str, change: Change) -> str:
    low, high = change.below, change.above
    verb = (
        ("takes up" if change.taken_above else "drops")
        if change.is_platform
        else ("takes the bet on" if change.taken_above else "gives up")
    )
    rank = (
        ""
        if low.rank is None or high.rank is None
        else (f" (its belief is below with a probability of {percent((low.rank + high.rank) / 2)})")
    )
    counts = f"{_amount(change, low)} below, {_amount(change, high)} above"
    return (
        f"- As {name} rises past {_between(low.value, high.value)}{rank}, the plan {verb} "
        f"{change.name}: {counts}. It costs {usd(low.cost_usd)} there, and {usd(high.cost_usd)} "
        "at the other side."
    )


def _between(low: float, high: float) -> str:
    """Return a value by as many digits as are known of it."""
    if low == high:
        return figure(low)
    return f"a value between {figure(low)} and {figure(high)}"


def _amount(change: Change, at: Tried) -> str:
    amount = at.counts.get(change.name, 0.0)
    return f"{count(amount)} accelerators" if change.is_platform else percent(amount)


def _table(found: BreakEvens) -> str:
    names = [
        name
        for name in (found.tried[0].counts if found.tried else {})
        if any(tried.counts.get(name, 0.0) >= 0.5 for tried in found.tried)
    ]
    rows = [
        (
            figure(tried.value),
            "-" if tried.rank is None else percent(tried.rank),
            usd(tried.cost_usd),
            *(count(tried.counts.get(name, 0.0)) for name in names),
        )
        for tried in found.tried
    ]
    return "\n".join(aligned(("value", "belief below", "cost", *names), rows))
