"""Writes everything that a reader opens into a run folder."""

from __future__ import annotations

from pathlib import Path

from planner.analysis.results import Results
from planner.report.charts import draw_charts
from planner.report.facts import RunFacts
from planner.report.markdown import render_markdown
from planner.report.workbook import write_workbook

REPORT, WORKBOOK, CHARTS = "report.md", "results.xlsx", "charts"


def write_report(results: Results, facts: RunFacts, folder: Path) -> None:
    """Write ``report.md``, ``charts/`` and ``results.xlsx`` into `folder`."""
    charts = folder / CHARTS
    charts.mkdir(exist_ok=True)
    names = draw_charts(results, charts)
    linked = {key: f"{CHARTS}/{name}" for key, name in names.items()}
    (folder / REPORT).write_text(render_markdown(results, facts, linked), "utf-8")
    write_workbook(results, folder / WORKBOOK)
