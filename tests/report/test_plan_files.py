"""The plan as charts, sheets, CSV and terminal lines."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pydantic import TypeAdapter
from synthetic import FACTS, TWO_UNITS, make_results, nothing_used
from synthetic_committed import hostile, planned, rich, with_plan
from synthetic_parts import PLATFORMS
from synthetic_rich import HOSTILE, hostile_results

from planner.analysis.results import Results
from planner.report.charts import DrawChart, chart_tasks
from planner.report.plan_file import BET, COLUMNS, plan_csv
from planner.report.summary import result_rows
from planner.report.workbook import write_workbook
from planner.report.writer import write_report

PLAN_CHARTS = {"plan-orders", "plan-recourse", "plan-cash", "plan-cost", "plan-drivers"}
PLAN_SHEETS = [
    "Plan", "Plan cost", "Plan mix", "Plan cash", "Plan drivers", "Recourse", "Worth",
    "Break-evens", "Regret", "Proof",
]  # fmt: skip


def draw_charts(results: Results, folder: Path) -> dict[str, str]:
    """Draw the charts of the plan alone."""
    tasks = [task for task in chart_tasks(results, folder) if task.key.startswith("plan-")]
    return {task.key: task.run(None) for task in tasks}


def not_drawn(tasks: Sequence[DrawChart]) -> Iterator[str]:
    return (f"{task.key}.png" for task in tasks)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_csv_keeps_every_digit_of_every_order_and_bet() -> None:
    plan = rich().committed
    assert plan is not None
    rows = read(plan_csv(plan))
    assert tuple(rows[0]) == COLUMNS
    orders = [row for row in rows if row["mode"] != BET]
    assert [
        (row["offer"], row["site"], row["quarter"], float(row["count"]), row["unit"])
        for row in orders
    ] == [(o.offer, o.site, o.quarter, o.count, o.unit) for o in plan.orders]
    assert [float(row["cost_usd"]) for row in orders] == [o.cost_usd.value for o in plan.orders]
    bets = [row for row in rows if row["mode"] == BET]
    assert [(row["offer"], row["unit"], float(row["count"])) for row in bets] == [
        (bet.name, bet.kind, bet.taken) for bet in plan.bets
    ]
    assert all(row["quarter"] == row["site"] == row["cost_usd"] == "" for row in bets)


def test_the_run_folder_has_the_plan_as_csv_and_workbook(tmp_path: Path) -> None:
    results = rich()
    plan = results.committed
    assert plan is not None
    write_report(results, FACTS, tmp_path, not_drawn)
    assert (tmp_path / "plan.csv").read_text("utf-8") == plan_csv(plan)
    book = load_workbook(tmp_path / "plan.xlsx")
    assert book.sheetnames == ["Plan"]
    shown = list(book["Plan"].iter_rows(values_only=True))
    assert shown[0] == COLUMNS
    for row, kept in zip(shown[1:], read(plan_csv(plan)), strict=True):
        assert [str(v) if isinstance(v, str) else v for v in row] == [
            None if text == "" else text if isinstance(value, str) else pytest.approx(float(text))
            for text, value in zip(kept.values(), row, strict=True)
        ]


def test_without_a_plan_there_is_no_plan_file(tmp_path: Path) -> None:
    write_report(make_results(), FACTS, tmp_path, not_drawn)
    assert not list(tmp_path.glob("plan*"))


def test_every_chart_of_the_plan_is_drawn_once_and_the_same(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        assert set(draw_charts(planned(), folder)) == PLAN_CHARTS
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


@pytest.mark.parametrize(
    "results",
    [
        planned(samples=1),
        planned(certain=True),
        planned(periods=1),
        planned(periods=20, offers=20, platforms=tuple(f"chip-{k}" for k in range(16))),
        planned(platforms=PLATFORMS[:1], never=0),
        with_plan(nothing_used(make_results(units=TWO_UNITS)), offers=0),
        hostile(with_plan(hostile_results("$x^2$")), "$x^2$"),
        hostile(with_plan(hostile_results("x" * 64)), "x" * 64),
        rich(),
    ],
    ids=["sample", "certain", "quarter", "many", "one", "none", "math", "long", "rich"],
)
def test_edges_can_be_drawn(tmp_path: Path, results: Results) -> None:
    names = draw_charts(results, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(names.values())


def test_the_workbook_has_the_plan_after_the_summary(tmp_path: Path) -> None:
    results = planned()
    plan = results.committed
    assert plan is not None
    write_workbook(results, tmp_path / "book.xlsx")
    book = load_workbook(tmp_path / "book.xlsx")
    assert book.sheetnames[: 1 + len(PLAN_SHEETS)] == ["Summary", *PLAN_SHEETS]
    assert book["Plan"].max_row == 1 + len(plan.orders)
    headers = [cell.value for cell in book["Plan"][1]]
    counts = headers.index("Signed for")
    rows = list(book["Plan"].iter_rows(min_row=2, values_only=True))
    assert [row[counts] for row in rows] == [pytest.approx(o.count) for o in plan.orders]
    proof = {row[0]: row[1] for row in book["Proof"].iter_rows(values_only=True)}
    assert proof["Limit of the gap, relative"] == plan.proof.gap_limit
    worth = {row[0]: row[2] for row in book["Worth"].iter_rows(values_only=True)}
    assert worth["EVPI = RP - WS"] == pytest.approx(plan.worth.evpi_usd.value)
    cost = next(book["Plan cost"].iter_rows(min_row=2, max_row=2, values_only=True))
    assert cost[3] == pytest.approx(plan.cost_usd.mean.value)
    assert book["Recourse"].max_row == 1 + 7 * len(results.quarters)
    first = [row[0] for row in book["Summary"].iter_rows(values_only=True)]
    assert first.index("The plan: mean discounted cost, USD") < first.index(
        "Mean discounted cost, USD"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_a_formula(tmp_path: Path, text: str) -> None:
    write_workbook(hostile(with_plan(hostile_results(text)), text), tmp_path / "book.xlsx")
    with zipfile.ZipFile(tmp_path / "book.xlsx") as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/"):
                assert not re.search(rb"<f[ >]", book.read(name)), name


def test_the_terminal_shows_the_plan_first() -> None:
    results = rich()
    plan = results.committed
    assert plan is not None
    rows = result_rows(results)
    labels = [name for name, _ in rows]
    assert labels[1] == "sign now, in 2026Q1"
    assert "12.5 MW hall-lease" in rows[1][1]
    assert dict(rows)["bets taken"] == "own-chip (programme), rivals (price fall, 40.0 % of it)"
    assert dict(rows)["above the best plan, at most"] == "0.42 % (95 % confidence)"
    assert "BEST PLAN SO FAR" not in labels
    assert len(rows) < 20
    early = replace(results, committed=replace(plan, proof=replace(plan.proof, ended="time")))
    assert "ended by time" in dict(result_rows(early))["BEST PLAN SO FAR"]


@pytest.mark.parametrize("results", [planned(samples=1), planned(certain=True), planned()])
def test_the_terminal_claims_no_error_that_is_not_known(results: Results) -> None:
    assert not any("nan" in value or "None" in value for _, value in result_rows(results))


def test_results_with_a_plan_survive_json() -> None:
    results = rich()
    text = json.dumps(asdict(results), allow_nan=False)
    assert TypeAdapter(Results).validate_json(text) == results
