"""The sheets of what was drawn: uncertain inputs and correlations, as specified and as drawn."""

from __future__ import annotations

from planner.analysis.results import Results
from planner.report.cells import Cell, Sheet

_AMOUNT = "#,##0.0#####"


def draws_sheets(results: Results) -> list[Sheet]:
    """Return the sheets of inputs and of correlations; none for what there is not."""
    check = results.draw_check
    inputs: list[tuple[Cell, ...]] = [
        (
            item.name,
            item.description,
            item.mean,
            item.sd,
            *item.specified,
            *item.sampled,
            item.probability,
            _verdict(item.probability, item.passed),
        )
        for item in check.inputs
    ]
    of_belief = ("Mean", "Standard deviation", "P5", "P50", "P95")
    headers = ("Input", "Belief", *of_belief, "P5 drawn", "P50 drawn", "P95 drawn", *_CHECKED)
    found = [Sheet("Draws", headers, (None, None, *[_AMOUNT] * 8, "0.000", None), inputs)]
    pairs: list[tuple[Cell, ...]] = [
        (
            item.one,
            item.other,
            item.asked,
            item.realised,
            item.probability,
            _verdict(item.probability, item.passed),
        )
        for item in check.correlations
    ]
    head = ("Input", "Other input", "Rank correlation asked for", "Drawn", *_CHECKED)
    found.append(Sheet("Correlations", head, (None, None, *["0.000"] * 3, None), pairs))
    return [sheet for sheet in found if sheet.rows]


_CHECKED = ("Probability of draws this far off", "Draw check")


def _verdict(probability: float | None, passed: bool) -> str:
    if probability is None:
        return "too few samples to tell"
    return "passed" if passed else "FAILED"
