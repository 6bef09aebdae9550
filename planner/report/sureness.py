"""How sure the answer is: what moves the cost, what limits it, and the price of shortfall."""

from __future__ import annotations

from planner.analysis.results import Results
from planner.analysis.results_estimates import Estimate
from planner.report import reading
from planner.report.numbers import error_of, error_words, percent, percent_of, usd, usd_of
from planner.report.text import code, escape, listed, plural


def sureness_sentence(results: Results) -> str:
    """Return what moves the cost most, what limits it most, and what the shortfall price does."""
    clauses = [driver_clause(results), _shortfall_clause(results)]
    if not reading.never_full(results):
        clauses.insert(1, _limit_clause(results))
    return f"**How sure.** {'; '.join(clauses)}."


def always_short(results: Results) -> list[str]:
    """Return one text on the workloads that no sample serves in full; none if there are none."""
    found = reading.never_full(results)
    if not found:
        return []
    often = "" if reading.is_one_future(results) else " on average"
    names = [f"{escape(item.workload)} ({percent_of(item.share.mean)}{often})" for item in found]
    if reading.is_one_future(results):
        text = f"The demand of {' and of '.join(names)} is not served in full"
    else:
        samples = plural(results.samples_done, "sample")
        text = f"In none of {samples} is the demand of {' or of '.join(names)} served in full"
    return [
        f"**Always short.** {text}{_shortfall_words(results)}; over all workloads, "
        f"{_limit_clause(results)}"
        f"{_why_short(results)}."
    ]


def _shortfall_words(results: Results) -> str:
    part = reading.shortfall_part(results)
    if part is None:
        return ""
    mean = part.cost_usd.mean
    return f", and shortfall is {usd_of(mean)}{error_words(mean)} of the cost"


def _why_short(results: Results) -> str:
    """Return what may be lacking instead, where no limit that was valued is worth anything."""
    if not results.limits or _is_untold(results) or reading.top_limits(results):
        return ""
    return (
        ", so what is missing may lie elsewhere: in several limits at once, in lead times, in "
        "platforms that may and can do the work, or in a price of shortfall below what serving "
        "costs"
    )


def driver_clause(results: Results) -> str:
    """Return which input moves the cost most, and by how much."""
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
        f"highest costs {usd(abs(swing.value), error_of(swing))}{error_words(swing)} "
        f"{direction} than the fifth in which it is lowest"
    )


def _is_untold(results: Results) -> bool:
    return not reading.is_certain(results) and results.samples_done == 1


def _limit_clause(results: Results) -> str:
    if not results.limits:
        return "no limit was valued by solving again"
    if _is_untold(results):
        return "what one more unit of a limit saves cannot be told from one sample"
    found = reading.top_limits(results)
    if not found:
        return "no limit's extra unit saves an amount that could be told from zero"
    often = "" if reading.is_certain(results) else " on average"
    parts = []
    for item in found:
        saved = item.one_more_usd
        amount = f"{usd(-saved.value, error_of(saved))}{error_words(saved)}"
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
    return f"the cost {verb} by {usd(abs(change.value), error_of(change))}{error_words(change)}"


def mix_change(results: Results, factor: float) -> str:
    """Return in words whether the mix changes at `factor` times the stated shortfall price."""
    repeat = next(item for item in reading.other_prices(results) if item.factor == factor)
    found = reading.shifts(repeat)
    served_before = any(shift.before > 0 for shift in found)
    served_after = any(shift.after.value > 0 for shift in found)
    if served_before != served_after:
        return "platforms come to work" if served_after else "no platform has work any more"
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
        f"to {percent_of(told.after)} of {escape(reading.service_of(results, told.unit))})"
    )
