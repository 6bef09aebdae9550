"""The core file: one linear program in MPS format."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.smps_format.lines import Faults, Line, read
from planner.model.template import Array, Bits, Indices

_SECTIONS = ("NAME", "OBJSENSE", "ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS")
_WITH_VALUE = ("UP", "LO", "FX", "LI", "UI")
_WITHOUT_VALUE = ("FR", "MI", "PL", "BV")
_SENSES = {"MAX": True, "MAXIMIZE": True, "MAXIMISE": True}
_SENSES |= {"MIN": False, "MINIMIZE": False, "MINIMISE": False}


@dataclass(frozen=True)
class Core:
    """The linear program of a core file.

    ``cost x + constant`` is minimised or maximised over ``rhs - below <= A x <= rhs + above`` and
    ``lower <= x <= upper``.

    Attributes
    ----------
    objective : str
    columns, rows : tuple of str
        Without rows of type N.
    row_order : tuple of str
        All rows as the file names them.
    row_of, column_of, values : ndarray, (entry,)
        The entries of A.
    cost, lower, upper, integer : ndarray, (column,)
    constant : float
    rhs, below, above : ndarray, (row,)
        The last two may be infinite.
    maximise : bool
    rhs_name : str
        Of the right-hand side, which random data refer to.
    notes : tuple of str
        What was taken to be meant where the format leaves it open.
    """

    objective: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    row_order: tuple[str, ...]
    row_of: Indices
    column_of: Indices
    values: Array
    cost: Array
    lower: Array
    upper: Array
    integer: Bits
    constant: float
    rhs: Array
    below: Array
    above: Array
    maximise: bool
    rhs_name: str
    notes: tuple[str, ...]


@dataclass
class _Reading:
    """What the sections say, as they come."""

    faults: Faults
    objective: str | None = None
    types: dict[str, str] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    entries: dict[tuple[str, str], float] = field(default_factory=dict)
    rhs: dict[str, float] = field(default_factory=dict)
    ranges: dict[str, float] = field(default_factory=dict)
    lower: dict[str, float] = field(default_factory=dict)
    upper: dict[str, float] = field(default_factory=dict)
    integer: set[str] = field(default_factory=set)
    within_integers: bool = False
    maximise: bool = False
    sets: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def section(self, name: str, line: Line) -> None:
        """Read a line of a section."""
        readers = {"OBJSENSE": self._sense, "ROWS": self._row, "COLUMNS": self._column}
        readers |= {"RHS": self._side, "RANGES": self._range, "BOUNDS": self._bound}
        if name in readers:
            readers[name](line)
        else:
            self.faults.add(
                line.number, "a line outside of all sections", "put it in one of its kind"
            )

    def _sense(self, line: Line) -> None:
        word = line.fields[0].upper()
        if word not in _SENSES:
            self.faults.add(line.number, "no sense of an objective", "MIN or MAX", value=word)
        self.maximise = _SENSES.get(word, False)

    def _row(self, line: Line) -> None:
        if len(line.fields) != 2 or line.fields[0].upper() not in "NGLE":
            self.faults.add(
                line.number, "this is no row", "give a type, N, G, L or E, and a name",
                value=" ".join(line.fields),
            )  # fmt: skip
            return
        kind, name = line.fields[0].upper(), line.fields[1]
        if name in self.types:
            self.faults.add(line.number, f"row {name} is there twice", "rename one")
        self.types[name] = kind
        if kind == "N" and self.objective is None:
            self.objective = name

    def _column(self, line: Line) -> None:
        if "'MARKER'" in line.fields:
            self.within_integers = "'INTORG'" in line.fields
            return
        if len(line.fields) < 3 or len(line.fields) % 2 == 0:
            self.faults.add(
                line.number, "this is no column's line",
                "give its name, and pairs of row and number",
                value=" ".join(line.fields),
            )  # fmt: skip
            return
        column = line.fields[0]
        self.columns.setdefault(column, len(self.columns))
        if self.within_integers:
            self.integer.add(column)
        for row, value in self._pairs(line, line.fields[1:]):
            if (row, column) in self.entries:
                self.faults.add(
                    line.number, f"column {column} has two numbers in row {row}", "keep one"
                )
            self.entries[row, column] = value

    def _pairs(self, line: Line, fields: tuple[str, ...]) -> list[tuple[str, float]]:
        found = []
        for row, text in zip(fields[::2], fields[1::2], strict=True):
            value = self.faults.number(line, text)
            if row not in self.types:
                self.faults.add(line.number, f"there is no row {row}", "name it under ROWS")
            else:
                found.append((row, value))
        return found

    def _side(self, line: Line) -> None:
        self._side_or_range(line, "RHS", self.rhs)

    def _range(self, line: Line) -> None:
        self._side_or_range(line, "RANGES", self.ranges)

    def _side_or_range(self, line: Line, section: str, found: dict[str, float]) -> None:
        named = len(line.fields) % 2
        if len(line.fields) < 2:
            self.faults.add(
                line.number, f"this is no line of {section}",
                "give the set's name, and pairs of row and number",
                value=" ".join(line.fields),
            )  # fmt: skip
            return
        if named and not self._is_the_set(line, section, line.fields[0]):
            return
        found.update(self._pairs(line, line.fields[named:]))

    def _is_the_set(self, line: Line, section: str, name: str) -> bool:
        """Whether a set is the first of its section: only that one is used."""
        if self.sets.setdefault(section, name) == name:
            return True
        self.faults.add(
            line.number, f"{section} has a second set, {name}", "keep the lines of one set only"
        )
        return False

    def _bound(self, line: Line) -> None:
        kind, fields = line.fields[0].upper(), line.fields
        if kind not in _WITH_VALUE + _WITHOUT_VALUE:
            self.faults.add(
                line.number, "there is no such kind of bound",
                f"use {', '.join(_WITH_VALUE + _WITHOUT_VALUE)}", value=kind,
            )  # fmt: skip
            return
        # The set's name may be left out, and a kind without a value may have one all the same.
        named = len(fields) == 4 or (len(fields) == 3 and fields[1] not in self.columns)
        at = 2 if named or (len(fields) == 3 and fields[2] in self.columns) else 1
        column = fields[at] if at < len(fields) else ""
        if column not in self.columns:
            self.faults.add(
                line.number, f"there is no column {column}".rstrip(), "name it under COLUMNS",
                value=" ".join(fields),
            )  # fmt: skip
            return
        if at == 2 and not self._is_the_set(line, "BOUNDS", fields[1]):
            return
        value = 0.0
        if kind in _WITH_VALUE:
            if len(fields) <= at + 1:
                self.faults.add(line.number, "the bound has no number", "write it after the column")
                return
            value = self.faults.number(line, fields[at + 1])
        self._bind(kind, column, value)

    def _bind(self, kind: str, column: str, value: float) -> None:
        if kind in ("LO", "LI", "FX"):
            self.lower[column] = value
        if kind in ("UP", "UI", "FX"):
            self.upper[column] = value
        if kind in ("FR", "MI"):
            self.lower[column] = -np.inf
        if kind in ("FR", "PL"):
            self.upper[column] = np.inf
        if kind == "BV":
            self.lower[column], self.upper[column] = 0.0, 1.0
        if kind in ("BV", "LI", "UI"):
            self.integer.add(column)
        if kind in ("UP", "UI") and value < 0 and column not in self.lower:
            self.lower[column] = -np.inf
            self.notes.append(f"{column} has a negative upper bound alone: no lower bound")

    def core(self) -> Core:
        """Return the program."""
        rows = {name: i for i, name in enumerate(k for k, v in self.types.items() if v != "N")}
        objective = self.objective
        if objective is None:
            self.faults.add(None, "there is no row of type N", "name the objective under ROWS")
            objective = ""
        self._note_omissions(objective)
        inside = [(rows[i], self.columns[j], v) for (i, j), v in self.entries.items() if i in rows]
        cost = np.zeros(len(self.columns))
        for (row, column), value in self.entries.items():
            if row == objective:
                cost[self.columns[column]] = value
        below, above = self._sides(rows)
        return Core(
            objective=objective,
            columns=tuple(self.columns),
            rows=tuple(rows),
            row_order=tuple(self.types),
            row_of=np.array([item[0] for item in inside], dtype=np.int64),
            column_of=np.array([item[1] for item in inside], dtype=np.int64),
            values=np.array([item[2] for item in inside], dtype=float),
            cost=cost,
            **self._bounds(),
            # A right-hand side of the objective is what it is less than its terms.
            constant=-self.rhs.get(objective, 0.0),
            rhs=np.array([self.rhs.get(name, 0.0) for name in rows]),
            below=below,
            above=above,
            maximise=self.maximise,
            rhs_name=self.sets.get("RHS", "RHS"),
            notes=tuple(self.notes),
        )

    def _note_omissions(self, objective: str) -> None:
        others = [name for name, kind in self.types.items() if kind == "N" and name != objective]
        if others:
            self.notes.append(
                f"rows of type N besides the objective are left out: {', '.join(others)}"
            )
        binary = self.integer - self.lower.keys() - self.upper.keys()
        if binary:
            self.notes.append(f"{len(binary)} whole columns without bounds are taken as 0 or 1")
            self.upper.update(dict.fromkeys(binary, 1.0))

    def _bounds(self) -> dict[str, Array]:
        lower = np.array([self.lower.get(name, 0.0) for name in self.columns])
        upper = np.array([self.upper.get(name, np.inf) for name in self.columns])
        integer = np.array([name in self.integer for name in self.columns], dtype=bool)
        lower = np.where(integer, np.ceil(lower), lower)
        upper = np.where(integer, np.floor(upper), upper)
        for name, low, high in zip(self.columns, lower, upper, strict=True):
            if low > high:
                self.faults.add(
                    None, f"column {name} has no value between its bounds {low:g} and {high:g}",
                    "correct one of them under BOUNDS",
                )  # fmt: skip
        return {"lower": lower, "upper": upper, "integer": integer}

    def _sides(self, rows: dict[str, int]) -> tuple[Array, Array]:
        below, above = np.zeros(len(rows)), np.zeros(len(rows))
        for name, i in rows.items():
            kind, width = self.types[name], self.ranges.get(name)
            below[i] = np.inf if kind == "L" else 0.0
            above[i] = np.inf if kind == "G" else 0.0
            if width is None:
                continue
            if kind == "L" or (kind == "E" and width < 0):
                below[i] = abs(width)
            else:
                above[i] = abs(width)
        return below, above


def read_core(path: Path) -> Core:
    """Return the linear program of a core file.

    Raises
    ------
    InputError
        With all that is wrong.
    """
    return read(path, _parse)


def _parse(lines: list[Line], faults: Faults) -> Core:
    reading, section = _Reading(faults), ""
    for line in lines:
        if not line.heading:
            reading.section(section, line)
            continue
        section = line.fields[0].upper()
        if section not in _SECTIONS:
            faults.add(
                line.number, f"section {section} is not known here",
                f"a linear program has {', '.join(_SECTIONS)}",
            )  # fmt: skip
        if section == "OBJSENSE" and len(line.fields) > 1:
            reading.section(section, Line(line.number, line.fields[1:], False))
    return reading.core()
