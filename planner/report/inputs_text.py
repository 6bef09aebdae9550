"""The uncertain inputs as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.analysis.inputs_view import FAN_LEVELS, Fan, InputsView
from planner.analysis.results_draws import DrawnInput, RealisedCorrelation
from planner.config.wording import aligned
from planner.report.text import plural


def inputs_text(view: InputsView) -> str:
    """Return every input with its spread, quantities over time, and correlations."""
    check = view.check
    if not check.inputs:
        return "Nothing is uncertain in this config."
    shown = [item for item in check.inputs if item.name not in view.shocks or not item.passed]
    shocks = len(check.inputs) - len(shown)
    also = f" ({plural(shocks, 'shock')} of single quarters, all ok, not listed)" if shocks else ""
    blocks = [
        f"{plural(len(check.inputs), 'uncertain input')}{also}; drawn {check.samples:,} times",
        "\n".join(
            aligned(
                ("input", "mean", "sd", "P5", "P50", "P95", "drawn P5", "P50", "P95", "check"),
                [_row(item) for item in shown],
            )
        ),
        "\n".join(_said(item, view.sources[item.name]) for item in shown),
    ]
    if view.fans:
        head = ("quantity over time", "quarter", *(f"P{100 * level:g}" for level in FAN_LEVELS))
        rows = [row for fan in view.fans for row in _fan_rows(fan, view.quarters)]
        blocks.append("\n".join(aligned(head, rows)))
    if check.correlations:
        head = ("correlated inputs", "", "asked", "drawn", "check")
        blocks.append("\n".join(aligned(head, [_pair(item) for item in check.correlations])))
    return "\n\n".join(blocks)


def _row(item: DrawnInput) -> tuple[str, ...]:
    figures = (item.mean, item.sd, *item.specified, *item.sampled)
    return (item.name, *(_figure(value) for value in figures), _verdict(item))


def _verdict(item: DrawnInput | RealisedCorrelation) -> str:
    if item.probability is None:
        return "-"
    return "ok" if item.passed else f"FAILED (p = {item.probability:.1e})"


def _said(item: DrawnInput, source: str) -> str:
    said = f"{item.name}: {item.description}"
    return f"{said}\n    {source or 'no source is given'}"


def _fan_rows(fan: Fan, quarters: Sequence[str]) -> Iterable[tuple[str, ...]]:
    for position, (quarter, levels) in enumerate(zip(quarters, fan.levels, strict=True)):
        name = fan.path if position == 0 else ""
        yield (name, quarter, *(_figure(value) for value in levels))


def _pair(item: RealisedCorrelation) -> tuple[str, ...]:
    return item.one, item.other, f"{item.asked:g}", f"{item.realised:.3f}", _verdict(item)


def _figure(value: float | None) -> str:
    """Return four digits; what is infinite or cannot be told has none."""
    return "not told" if value is None else f"{value:.4g}"
