"""Writes everything that a reader opens into a run folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from planner.analysis.results import Results
from planner.report.charts import DrawChart, chart_tasks
from planner.report.facts import RunFacts
from planner.report.markdown import render_markdown
from planner.report.plan_file import plan_csv, plan_sheet
from planner.report.workbook import write_sheets, write_workbook

REPORT, WORKBOOK, CHARTS = "report.md", "results.xlsx", "charts"
PLAN, PLAN_WORKBOOK = "plan.csv", "plan.xlsx"


RunTasks = Callable[[Sequence[DrawChart]], Iterator[str]]


def draw_here(tasks: Sequence[DrawChart]) -> Iterator[str]:
    """Draw the charts in this process, one after the other."""
    return (task.run(None) for task in tasks)


def write_report(
    results: Results, facts: RunFacts, folder: Path, draw: RunTasks = draw_here
) -> None:
    """Write ``report.md``, ``charts/`` and ``results.xlsx`` into `folder`.

    With a committed plan also ``plan.csv`` and ``plan.xlsx``.

    Parameters
    ----------
    results : Results
    facts : RunFacts
    folder : Path
    draw : callable
        Runs chart tasks and returns their file names in order; others may do it meanwhile.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    charts = folder / CHARTS
    charts.mkdir(exist_ok=True)
    tasks = chart_tasks(results, charts)
    names = draw(tasks)
    write_workbook(results, folder / WORKBOOK)
    if results.committed is not None:
        (folder / PLAN).write_text(plan_csv(results.committed), "utf-8")
        write_sheets([plan_sheet(results.committed)], folder / PLAN_WORKBOOK)
    linked = {task.key: f"{CHARTS}/{name}" for task, name in zip(tasks, names, strict=True)}
    (folder / REPORT).write_text(render_markdown(results, facts, linked), "utf-8")
