"""The report as markdown: the order of its sections."""

from __future__ import annotations

from planner.analysis.results import Results
from planner.report.answer import answer_section, what_this_is
from planner.report.facts import RunFacts
from planner.report.section_appearance import appearance_section
from planner.report.section_basis import assumptions_section, computation_section, seed_and_samples
from planner.report.section_bets import bets_section, power_section
from planner.report.section_cash import cash_section
from planner.report.section_cost import cost_section
from planner.report.section_events import events_section
from planner.report.section_mix import mix_section
from planner.report.section_served import served_section
from planner.report.section_why import drivers_section, limits_section, shortfall_section
from planner.report.text import escape
from planner.report.warnings import warnings


def render_markdown(results: Results, facts: RunFacts, charts: dict[str, str]) -> str:
    """Return the whole report.

    Parameters
    ----------
    results : Results
    facts : RunFacts
        What the section on the computation says about this run.
    charts : dict of str to str
        Paths from the report to its charts, by the keys of `planner.report.charts.chart_tasks`;
        a chart that is not there is left out.
    """
    blocks = [
        f"# {escape(results.scenario)}",
        f"> {escape(results.question)}",
        *(f"**{escape(text)}**" for text in warnings(results)),
        seed_and_samples(results),
        answer_section(results),
        what_this_is(results),
        cost_section(results, charts),
        served_section(results),
        mix_section(results, charts),
        appearance_section(results, charts),
        *bets_section(results),
        *power_section(results),
        *events_section(results),
        cash_section(results, charts),
        limits_section(results),
        drivers_section(results, charts),
        shortfall_section(results),
        assumptions_section(results),
        computation_section(results, facts),
    ]
    return "\n\n".join(blocks) + "\n"
