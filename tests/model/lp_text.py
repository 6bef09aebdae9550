"""A linear program as an LP file that a person reads in a minute."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from planner.model.template import LinearPrograms

GOLDEN = Path(__file__).parents[1] / "golden" / "lp"

REMEDY = "read the difference; if it is meant: python -m pytest tests/model --refresh-golden"

_WIDTH = 88


def lp_text(title: str, programs: LinearPrograms, *, costs: bool) -> str:
    """Return the first sample; without `costs` the objective is left empty."""
    template = programs.template
    names = [label.text() for label in template.columns]
    objective = zip(programs.cost[0], names, strict=True) if costs else ()
    lines = [rf"\ {title}", "Minimize", *_line("cost", objective, "")]
    lines.append("Subject To")
    for r, label in enumerate(template.rows):
        lines += _line(label.text(), _terms(programs, r, names), _side(programs, r))
    lines += _section("Bounds", _bounds(programs, names))
    whole = [f"  {name}" for name, integer in zip(names, template.integer, strict=True) if integer]
    return "\n".join([*lines, *_section("Generals", whole), "End", ""])


def _section(title: str, lines: list[str]) -> list[str]:
    return [title, *lines] if lines else []


def assert_golden(file: str, found: str, *, refresh: bool) -> None:
    """Compare with a golden file, or write it."""
    golden = GOLDEN / file
    if refresh:
        golden.write_text(found, "utf-8")
    assert golden.exists(), f"there is no golden file {file}; {REMEDY}"
    assert found == golden.read_text("utf-8"), f"{file} changed; {REMEDY}"


def _terms(programs: LinearPrograms, row: int, names: list[str]) -> list[tuple[float, str]]:
    template = programs.template
    columns = np.repeat(np.arange(len(names)), np.diff(template.starts))
    entries = np.flatnonzero(template.row_of == row)
    return [(programs.matrix[0, entry], names[columns[entry]]) for entry in entries]


def _side(programs: LinearPrograms, row: int) -> str:
    return f" {programs.template.senses[row]} {_number(programs.rhs[0, row])}"


def _line(name: str, terms: Iterable[tuple[float, str]], end: str) -> list[str]:
    lines, line = [], f"  {name}:"
    for value, column in terms:
        if value == 0:
            continue
        term = f" {'-' if value < 0 else '+'} {_number(abs(value))} {column}"
        if len(line) + len(term) > _WIDTH:
            lines.append(line)
            line = "   "
        line += term
    return [*lines, line + end]


def _bounds(programs: LinearPrograms, names: list[str]) -> list[str]:
    """Every column is 0 or more unless an LP file says otherwise."""
    upper = programs.upper[0]
    return [f"  {names[j]} <= {_number(upper[j])}" for j in np.flatnonzero(np.isfinite(upper))]


def _number(value: float) -> str:
    return f"{value + 0.0:.10g}"
