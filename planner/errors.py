"""What a user can be told: one kind of problem, and the errors that carry it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

EXIT_BAD_INPUT = 2
EXIT_FAILED = 1
EXIT_INTERRUPTED = 130


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with what the user wrote.

    Attributes
    ----------
    path : str
        Dotted YAML path, such as ``offers.h100-buy.price_usd``; empty for the whole file.
    message : str
        What is wrong.
    allowed : str
        What would be accepted.
    remedy : str
        What to do about it.
    value : str
        The offending value as the user would recognise it; empty when there is none.
    file : str
        Name of the file, or ``--set`` for a command-line override.
    line : int or None
        One-based line in `file`.
    """

    path: str
    message: str
    allowed: str = ""
    remedy: str = ""
    value: str = ""
    file: str = ""
    line: int | None = None

    def render(self) -> str:
        """Return the problem as the lines that a terminal shows, with no control characters."""
        where = self.file + (f":{self.line}" if self.line is not None else "")
        in_a_file = self.file and not self.file.startswith("-")
        whole = "(whole file)" if in_a_file and self.line is None else ""
        head = ": ".join(part for part in (where, self.path or whole) if part)
        lines = [*([head] if head else []), f"  problem  {self.message}"]
        for label, text in (
            ("found", self.value),
            ("allowed", self.allowed),
            ("remedy", self.remedy),
        ):
            if text:
                lines.append(f"  {label:<8} {text}")
        return "\n".join(_printable(line) for line in lines)


def _printable(text: str) -> str:
    """Write out what could steer a terminal or turn text around, such as U+001B or U+202E."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class PlannerError(Exception):
    """An error that a user can be told as it is, without a traceback."""

    exit_code = EXIT_FAILED


@dataclass
class InputError(PlannerError):
    """The input cannot be used; carries every problem that was found.

    Parameters
    ----------
    problems : sequence of Problem
        At least one.
    """

    problems: Sequence[Problem] = field(default_factory=tuple)
    exit_code = EXIT_BAD_INPUT

    def __str__(self) -> str:
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} found"
        return "\n\n".join([head, *(problem.render() for problem in self.problems)])


class SolveError(PlannerError):
    """A solver stopped short of a proven optimum, so there is no result."""


class StoreError(PlannerError):
    """A run could not be kept: no space, no permission, or a folder that is not a run."""
