"""The time file: which rows and columns belong to which of two stages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.smps_format.core import Core
from benchmarks.smps_format.lines import Faults, Line, read
from planner.model.template import Bits


@dataclass(frozen=True)
class Stages:
    """What is decided second.

    Attributes
    ----------
    names : tuple of str
        Of the two periods.
    columns, rows : ndarray of bool, (column,) and (row,)
        Whether each of the core is of the second.
    """

    names: tuple[str, ...]
    columns: Bits
    rows: Bits


def read_periods(path: Path, core: Core) -> Stages:
    """Return the stages of a core.

    Raises
    ------
    InputError
        With all that is wrong: names that the core has not, or other than two periods.
    """
    return read(path, lambda lines, faults: _parse(lines, faults, core))


def _parse(lines: list[Line], faults: Faults, core: Core) -> Stages:
    section, names = "", list[str]()
    column_period, row_period = dict[str, int](), dict[str, int]()
    explicit = False
    for line in lines:
        if line.heading:
            section = line.fields[0].upper()
            if section not in ("TIME", "PERIODS", "ROWS", "COLUMNS"):
                faults.add(
                    line.number, f"section {section} is not known here",
                    "a time file has TIME and PERIODS, and ROWS and COLUMNS if these are EXPLICIT",
                )  # fmt: skip
            explicit = explicit or (
                section == "PERIODS" and "EXPLICIT" in [word.upper() for word in line.fields]
            )
        elif section == "PERIODS":
            names.append(line.fields[-1])
            if not explicit:
                _begin(line, faults, core, len(names) - 1, column_period, row_period)
        elif section in ("ROWS", "COLUMNS"):
            known = row_period if section == "ROWS" else column_period
            _assign(line, faults, core, section, names, known)
    if len(names) != 2:
        faults.add(
            None, f"has {len(names)} periods", "only instances of two periods can be solved here"
        )
    if explicit:
        for name in [*core.rows, *core.columns]:
            if name not in row_period and name not in column_period:
                faults.add(None, f"{name} is in no period", "name it under ROWS or COLUMNS")
        rows = [row_period.get(name, 0) for name in core.rows]
        columns = [column_period.get(name, 0) for name in core.columns]
    else:
        of_row = dict(zip(core.row_order, _filled(core.row_order, row_period), strict=True))
        rows = [of_row[name] for name in core.rows]
        columns = _filled(core.columns, column_period)
    stages = Stages(tuple(names), np.array(columns, dtype=int) > 0, np.array(rows, dtype=int) > 0)
    _require_staircase(faults, core, stages)
    return stages


def _begin(
    line: Line,
    faults: Faults,
    core: Core,
    period: int,
    columns: dict[str, int],
    rows: dict[str, int],
) -> None:
    """Note the first column and the first row of a period."""
    if len(line.fields) != 3:
        faults.add(
            line.number, "this is no period", "give its first column, its first row and its name",
            value=" ".join(line.fields),
        )  # fmt: skip
        return
    column, row, _ = line.fields
    if column in core.columns:
        columns[column] = period
    else:
        faults.add(line.number, f"there is no column {column}", "name one of the core file")
    if row in core.row_order:
        rows[row] = period
    else:
        faults.add(line.number, f"there is no row {row}", "name one of the core file")


def _assign(
    line: Line, faults: Faults, core: Core, section: str, names: list[str], known: dict[str, int]
) -> None:
    """Note the period of a row or column that is named."""
    there = core.row_order if section == "ROWS" else core.columns
    if len(line.fields) != 2 or line.fields[0] not in there or line.fields[1] not in names:
        faults.add(
            line.number, f"this is no line of {section}",
            "give a name of the core file and that of a period", value=" ".join(line.fields),
        )  # fmt: skip
        return
    known[line.fields[0]] = names.index(line.fields[1])


def _filled(names: tuple[str, ...], begins: dict[str, int]) -> list[int]:
    """Return the period of each name: that of the last beginning before it."""
    found, period = [], 0
    for name in names:
        period = begins.get(name, period)
        found.append(period)
    return found


def _require_staircase(faults: Faults, core: Core, stages: Stages) -> None:
    early = ~stages.rows[core.row_of] & stages.columns[core.column_of]
    for k in np.flatnonzero(early).tolist():
        row, column = core.rows[core.row_of[k]], core.columns[core.column_of[k]]
        faults.add(
            None,
            f"row {row} of the first period has column {column} of the second",
            "move the row to the second period, or order the core file by periods",
        )
