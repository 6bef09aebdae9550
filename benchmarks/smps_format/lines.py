"""The lines of a file in MPS style, in free or in fixed format, and what is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from planner.errors import InputError, Problem

_FIXED = ((1, 3), (4, 12), (14, 22), (24, 36), (39, 47), (49, 61))
"""Where the six fields of the fixed format stand."""

_SHOWN = 20
"""Problems of a file that are told: beyond them it is likely to be another kind of file."""

Found = TypeVar("Found")


@dataclass(frozen=True)
class Line:
    """A line that says something.

    Attributes
    ----------
    number : int
        From 1.
    fields : tuple of str
    heading : bool
        Whether it begins a section: such lines begin in the first column.
    """

    number: int
    fields: tuple[str, ...]
    heading: bool


@dataclass
class Faults:
    """What is wrong with a file."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    left_out: int = 0

    def add(self, line: int | None, message: str, remedy: str, *, value: str = "") -> None:
        """Note a problem."""
        if len(self.problems) >= _SHOWN:
            self.left_out += 1
            return
        self.problems.append(
            Problem("", message, remedy=remedy, value=value, file=self.file, line=line)
        )

    def number(self, line: Line, text: str) -> float:
        """Return a number of a line, 0 with a note of the problem where it is none."""
        try:
            # Fortran wrote its exponents with a D.
            value = float(text.replace("D", "E").replace("d", "e"))
        except ValueError:
            value = math.nan
        if math.isnan(value):
            self.add(line.number, "this is no number", "write a decimal number", value=text)
            return 0.0
        return value

    @property
    def size(self) -> int:
        """Number of problems."""
        return len(self.problems) + self.left_out

    def error(self) -> InputError:
        """Return the error that tells them."""
        told = list(self.problems)
        if self.left_out:
            told.append(Problem("", f"and {self.left_out} more like these", file=self.file))
        return InputError(told)


def read(path: Path, parse: Callable[[list[Line], Faults], Found]) -> Found:
    """Return what a file says, read in free format, or in fixed format where only that makes sense.

    Raises
    ------
    InputError
        With what is wrong in the format in which less is wrong.
    """
    text = _text(path)
    free, fixed = Faults(path.name), Faults(path.name)
    found = parse(_lines(text, free, fixed=False), free)
    if not free.size:
        return found
    found = parse(_lines(text, fixed, fixed=True), fixed)
    if not fixed.size:
        return found
    raise (free if free.size <= fixed.size else fixed).error()


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            [Problem("", f"cannot be read: {error.strerror}", file=str(path),
                     remedy="give DIR/STEM of files that exist")]
        ) from error  # fmt: skip
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _lines(text: str, faults: Faults, *, fixed: bool) -> list[Line]:
    """Return the lines up to ENDATA, without comments and blank lines."""
    found: list[Line] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        if raw.startswith("*") or not raw.strip():
            continue
        heading = not raw[0].isspace()
        if heading or not fixed:
            fields = tuple(raw.split())
        else:
            cut = (raw[begin:end].strip() for begin, end in _FIXED)
            fields = tuple(part for part in cut if part)
        if heading and fields[0] == "ENDATA":
            return found
        found.append(Line(number, fields, heading))
    faults.add(
        None, "has no line ENDATA: it may have been cut off", "get the whole file, or end it so"
    )
    return found
