"""Why: what limits the answer, what drives the cost, and what the price of shortfall does."""

from __future__ import annotations

from planner.analysis.results import LimitValue, Results
from planner.analysis.results_estimates import Driver, Estimate
from planner.report import reading
from planner.report.charts import image
from planner.report.numbers import (
    NOT_KNOWN,
    error_of,
    number,
    percent_interval,
    percent_of,
    usd_error,
    usd_interval,
    usd_of,
    usd_pm,
)
from planner.report.sureness import mix_change
from planner.report.text import code, escape, listed, plural, sample_counts, table


def limits_section(results: Results) -> str:
    """Return what one more and one less unit of each limit does to the cost."""
    blocks = ["## What limits the answer"]
    if not results.limits:
        return "\n\n".join([*blocks, f"No limit was valued by solving again{_why_not(results)}."])
    binding, slack = reading.binding_limits(results), reading.slack_limits(results)
    blocks.append(
        "The change in mean discounted cost when a limit is one unit wider or narrower. These are "
        "re-solves of the same samples, not shadow prices: they hold for one unit only, must not "
        "be multiplied by many units, and cannot be added over limits. The difference is taken "
        "sample by sample. Negative: the cost falls. Demand is listed as a limit too: one more "
        "unit of it is more to serve. Only limits whose first-order value is among the largest "
        "are solved again; of the others nothing is said."
        f"{_whole_words(results)}{_smallest_words(results)}"
    )
    if binding:
        headers = [
            "Limit",
            "Kind",
            "Unit",
            "Binds, of samples",
            "95 % interval",
            "One more unit ± standard error",
            "One less unit ± standard error",
            "n re-solved",
        ]
        blocks.append(table(headers, [_limit_row(item) for item in binding], left=3))
        faint = [code(i.name) for i in binding if not reading.is_told(results, i)]
        if faint:
            blocks.append(
                "One more unit could not be told from worthless (within two standard errors) "
                f"for {listed(faint)}."
            )
    if slack:
        counts = sample_counts([item.one_more_usd.n for item in slack])
        blocks.append(
            "Never binding, and worth nothing at the margin, in the samples that were re-solved "
            f"({counts}): {listed([code(item.name) for item in slack])}."
        )
    return "\n\n".join(blocks)


def _whole_words(results: Results) -> str:
    if not reading.has_whole(results):
        return ""
    return (
        " Bets and whole numbers stay as each sample decided them: to decide them anew would save "
        "as much or more."
    )


def _smallest_words(results: Results) -> str:
    if not any(item.family == "smallest_vendor_share" for item in results.limits):
        return ""
    return " A smallest share is wider with one unit less, so there one less is what may save."


def _why_not(results: Results) -> str:
    return "" if results.complete else ": the run was stopped before that"


def _limit_row(item: LimitValue) -> tuple[str, ...]:
    return (
        code(item.name),
        escape(item.family.replace("_", " ")),
        escape(item.unit),
        percent_of(item.binding_share),
        percent_interval(item.binding_share),
        usd_pm(item.one_more_usd),
        usd_pm(item.one_less_usd),
        f"{item.one_more_usd.n:,}",
    )


def drivers_section(results: Results, charts: dict[str, str]) -> str:
    """Return how the mean cost moves with each uncertain input."""
    return "\n\n".join(["## What drives the cost", *driver_blocks(results, charts, "drivers")])


def driver_blocks(results: Results, charts: dict[str, str], key: str) -> list[str]:
    """Return the drivers of the cost with the chart of a key, without a heading."""
    if not results.drivers:
        why = (
            "nothing in this config is uncertain"
            if reading.is_certain(results)
            else f"{plural(results.samples_done, 'sample')} cannot be told apart by fifths"
        )
        return [f"There are no drivers to show: {why}."]
    telling, silent = reading.telling_drivers(results), reading.silent_drivers(results)
    blocks = [
        "Mean cost over the samples in which an input is in the lowest fifth of its belief, and "
        "over those in which it is in the highest. The swing is the second less the first. All "
        "other inputs vary as they do, so this is what goes with an input, not the effect of "
        "setting it."
    ]
    blocks += image(charts, key, "Mean cost in the lowest and highest fifth of each input")
    if telling:
        headers = [
            "Input",
            "Low fifth",
            "High fifth",
            "Cost if low",
            "Cost if high",
            "Swing",
            "Standard error",
            "95 % interval",
        ]
        blocks.append(table(headers, [_driver_row(item) for item in telling]))
        counts = sample_counts([item.cost_if_low_usd.n for item in telling])
        blocks.append(
            f"Each fifth: {counts}. Low and high fifth: the input's mean there, in its own unit."
        )
    if silent:
        names = listed([code(item.input) for item in silent])
        blocks.append(
            f"The swing of {plural(len(silent), 'input')} could not be told from noise (5 % level, "
            "after correction for the number of inputs), which does not show that it is zero: "
            f"{names}."
        )
    return blocks


def _driver_row(item: Driver) -> tuple[str, ...]:
    return (
        code(item.input),
        number(item.input_low),
        number(item.input_high),
        usd_of(item.cost_if_low_usd),
        usd_of(item.cost_if_high_usd),
        usd_of(item.swing_usd),
        usd_error(item.swing_usd),
        usd_interval(item.swing_usd),
    )


def shortfall_section(results: Results) -> str:
    """Return the answer again at other prices of shortfall."""
    blocks = ["## The price of shortfall, at half and at double"]
    found = reading.repeats(results)
    if not found:
        text = f"The answer was not repeated at another price of shortfall{_why_not(results)}."
        return "\n\n".join([*blocks, text])
    workloads = list(dict.fromkeys(name for item in found for name in item.served_share))
    rows = []
    for item in found:
        served = [item.served_share.get(name) for name in workloads]
        rows.append(
            (
                f"{item.factor:g} x",
                usd_pm(item.cost_usd),
                usd_pm(item.cost_change_usd),
                *(NOT_KNOWN if one is None else percent_of(one) for one in served),
                f"{item.cost_usd.n:,}",
            )
        )
    headers = [
        "Price of shortfall",
        "Mean cost ± standard error",
        "Change ± standard error",
        *(f"{escape(name)} served" for name in workloads),
        "n",
    ]
    words = [
        f"At {reading.factor_words(item.factor)}, {mix_change(results, item.factor)}."
        for item in reading.other_prices(results)
    ]
    blocks += [
        "The price of shortfall is a judgement, so the whole answer is repeated at other prices, "
        f"on the same first samples of the run{_targets_words(results)}; the changes are paired "
        f"with the stated price, sample by sample.{_gap_words(results)}",
        table(headers, rows),
        " ".join(words),
        *(_service_table(results, unit) for unit in reading.units(results)),
    ]
    return "\n\n".join(blocks)


def _targets_words(results: Results) -> str:
    targets = any(item.target_share is not None for item in results.served)
    return ", the higher prices below service targets moved alike" if targets else ""


def _gap_words(results: Results) -> str:
    if results.solves.largest_integer_gap <= 0:
        return ""
    return (
        " Whole bets are decided anew at each price, each time only to within the gap to its "
        "proven bound; a change smaller than that gap says nothing."
    )


def _service_table(results: Results, unit: str) -> str:
    found = reading.repeats(results)
    rows = []
    for item in [*reading.used(results), *reading.unused(results)]:
        cells = []
        for repeat in found:
            cells.append(percent_of(repeat.service_by_platform[unit][item.platform]))
            if repeat.factor != 1:
                cells.append(_points_pm(repeat.service_change_by_platform[unit][item.platform]))
        rows.append((escape(item.platform), *cells))
    headers = [f"Share of {escape(reading.service_of(results, unit))}"]
    for repeat in found:
        headers.append(f"{repeat.factor:g} x (n = {repeat.cost_usd.n:,})")
        if repeat.factor != 1:
            headers.append("Change, points")
    return table(headers, rows)


def _points_pm(change: Estimate) -> str:
    """Return a change of a share in points with its standard error."""
    error = error_of(change)
    # Adding 0.0 turns -0.0, which would print a sign, into 0.0.
    shown = f"{round(100 * change.value, 2) + 0.0:+.2f}"
    return shown if error is None else f"{shown} ± {100 * error:.2f}"
