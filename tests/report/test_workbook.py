"""The workbook: numbers as numbers, text never as a formula, equal bytes for equal results."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from synthetic import TWO_UNITS, make_results, nothing_used
from synthetic_rich import HOSTILE, hostile_results, with_bets

from planner.report.workbook import write_workbook

SHEETS = [
    "Summary", "Cost", "Mix", "Typical plan", "Cash", "Limits", "Drivers", "Shortfall",
    "Assumptions", "Computation",
]  # fmt: skip


def test_every_sheet_is_there_with_numbers_as_numbers(tmp_path: Path) -> None:
    results = make_results()
    write_workbook(results, tmp_path / "book.xlsx")
    book = load_workbook(tmp_path / "book.xlsx")
    assert book.sheetnames == SHEETS
    mix = book["Mix"]
    assert mix.freeze_panes
    assert mix.max_row == 1 + len(results.mix)
    values = [cell.value for row in mix.iter_rows(min_row=2) for cell in row]
    assert sum(isinstance(value, float | int) for value in values) > len(values) / 2
    first = results.mix[0].accelerators.mean.value
    assert any(value == pytest.approx(first) for value in values if isinstance(value, float))


def test_units_have_columns_and_bets_have_sheets(tmp_path: Path) -> None:
    results = with_bets(make_results(units=TWO_UNITS))
    write_workbook(results, tmp_path / "book.xlsx")
    book = load_workbook(tmp_path / "book.xlsx")
    assert book.sheetnames == [*SHEETS[:5], "Bets", "Power", *SHEETS[5:]]
    headers = [cell.value for cell in book["Mix"][1]]
    column = headers.index("tokens/s: mean")
    cell = next(c for c in results.mix if c.served["tokens/s"].mean.value > 0)
    row = 2 + results.mix.index(cell)
    assert book["Mix"].cell(row, column + 1).value == cell.served["tokens/s"].mean.value
    assert book["Bets"]["D2"].value == pytest.approx(results.bets[0].taken.value)
    assert book["Power"]["D2"].value == pytest.approx(results.power[0].megawatts.mean.value)
    orders = list(book["Typical plan"].iter_rows(min_row=2, values_only=True))
    lease = next(row for row in orders if row[4] == "lease")
    assert (lease[8], lease[9]) == (12.5, "MW")
    kept = {row[0]: row[1] for row in book["Computation"].iter_rows(values_only=True)}
    assert kept["Samples that needed the general MILP solver"] == results.solves.by_milp
    assert kept["Largest understatement of output by straight pieces: pretraining"] == 0.002391


def test_it_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(make_results(), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_a_formula(tmp_path: Path, text: str) -> None:
    write_workbook(hostile_results(text), tmp_path / "book.xlsx")
    with zipfile.ZipFile(tmp_path / "book.xlsx") as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/"):
                assert not re.search(rb"<f[ >]", book.read(name)), name
    cells = load_workbook(tmp_path / "book.xlsx")["Assumptions"]["A"]
    assert all(cell.data_type == "s" for cell in cells if cell.value is not None)


def test_nothing_used_can_be_written(tmp_path: Path) -> None:
    write_workbook(nothing_used(make_results()), tmp_path / "book.xlsx")
    assert load_workbook(tmp_path / "book.xlsx").sheetnames == SHEETS
