"""What may happen: every event as it was asked for, and how often it did happen."""

from __future__ import annotations

from planner.analysis.results import Results
from planner.report.numbers import percent_interval, percent_of
from planner.report.text import escape, sample_counts, source_or_not, table


def events_section(results: Results) -> list[str]:
    """Return the events and the shares of samples in which they happened; empty without any."""
    if not results.events:
        return []
    headers = ["Event", "Asked for", "When", "Happened, of samples", "95 % interval"]
    rows = [
        (
            escape(item.name),
            escape(item.asked),
            escape(item.when),
            percent_of(item.happened),
            percent_interval(item.happened),
        )
        for item in results.events
    ]
    effects = [
        f"- {escape(item.name)}: {escape('; '.join(item.effects))} "
        f"({escape(source_or_not(item.source))})"
        for item in results.events
    ]
    conditional = any(item.probability is None for item in results.events)
    blocks = [
        "## Events: what may happen",
        "Each event is drawn anew in each sample, and a sample's optimum knows what happens in it. "
        "Prices, supply and other figures elsewhere in this report are those after events; the "
        "beliefs in the list of assumptions are those without."
        + (
            " One that waits for another, or that another prevents, happens less often than its "
            "own probability says."
            if conditional
            else ""
        ),
        table(headers, rows, left=3),
        f"{sample_counts([item.happened.n for item in results.events])}. What each does, in "
        "this order, and who says so:",
        "\n".join(effects),
    ]
    return ["\n\n".join(blocks)]
