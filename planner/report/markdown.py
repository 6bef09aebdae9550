"""The report as markdown: the order of its sections."""

from __future__ import annotations

import re

from planner.analysis.results import Results
from planner.analysis.results_committed import Committed
from planner.report.answer import answer_section, what_this_is
from planner.report.facts import RunFacts
from planner.report.plan_answer import hindsight_words, plan_answer_section
from planner.report.section_appearance import appearance_section
from planner.report.section_basis import assumptions_section, computation_section, seed_and_samples
from planner.report.section_bets import bets_section, power_section
from planner.report.section_cash import cash_section
from planner.report.section_cost import cost_section
from planner.report.section_events import events_section
from planner.report.section_mix import mix_section
from planner.report.section_orders import orders_section
from planner.report.section_proof import proof_section
from planner.report.section_recourse import plan_cash_section, recourse_section
from planner.report.section_risk import risk_section
from planner.report.section_served import served_section
from planner.report.section_why import drivers_section, limits_section, shortfall_section
from planner.report.section_worth import change_section, worth_section
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
    plan = results.committed
    blocks = [
        f"# {escape(results.scenario)}",
        f"> {escape(results.question)}",
        *(f"**{escape(text)}**" for text in warnings(results)),
        seed_and_samples(results),
        *(_alone(results, charts) if plan is None else _committed(results, plan, charts)),
        assumptions_section(results),
        computation_section(results, facts),
    ]
    return "\n\n".join(blocks) + "\n"


def _committed(results: Results, plan: Committed, charts: dict[str, str]) -> list[str]:
    """Return the sections of the plan, with what would have been best in each future below."""
    told = [
        plan_answer_section(results, plan),
        orders_section(results, plan, charts),
        recourse_section(results, plan, charts),
        plan_cash_section(results, plan, charts),
        risk_section(results, plan, charts),
        worth_section(plan),
        change_section(plan),
        proof_section(results, plan),
    ]
    if plan.alone:
        return [*told, *events_section(results)]
    return [
        *told,
        hindsight_words(results, plan),
        *(_demoted(block) for block in _optima(results, charts)),
        *(_demoted(block) for block in _reasons(results, charts)),
        *events_section(results),
    ]


def _alone(results: Results, charts: dict[str, str]) -> list[str]:
    """Return the sections of a report without a plan: what is best in each future."""
    return [*_optima(results, charts), *events_section(results), *_reasons(results, charts)]


def _optima(results: Results, charts: dict[str, str]) -> list[str]:
    """Return what is best in each future, known beforehand."""
    return [
        answer_section(results),
        what_this_is(results),
        cost_section(results, charts),
        served_section(results),
        mix_section(results, charts),
        appearance_section(results, charts),
        *bets_section(results),
        *power_section(results),
    ]


def _reasons(results: Results, charts: dict[str, str]) -> list[str]:
    """Return the cash of each future's best, and what limits and moves its cost."""
    return [
        cash_section(results, charts),
        limits_section(results),
        drivers_section(results, charts),
        shortfall_section(results),
    ]


def _demoted(block: str) -> str:
    """Return a section one level down; only a heading of ours starts a line with a hash."""
    return re.sub("^(?=#+ )", "#", block, flags=re.MULTILINE)
