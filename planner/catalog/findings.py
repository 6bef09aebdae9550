"""What a check of the catalogue looked at, and what it found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from planner.catalog.gathering import Gathering
from planner.config.document import Location
from planner.errors import Problem

Severity = Literal["error", "warning", "contradicted"]
"""An error makes the catalogue fail; a claim that cannot be true is contradicted, and stays."""


@dataclass(frozen=True)
class Finding:
    """Something that a check found, with the file and line where it stands."""

    severity: Severity
    problem: Problem


@dataclass
class Checked:
    """One check: what it is, how many things it looked at, and what it found.

    Attributes
    ----------
    name : str
    files : Gathering
        For the origins of findings.
    counted : int
    findings : list of Finding
    """

    name: str
    files: Gathering
    counted: int = 0
    findings: list[Finding] = field(default_factory=list)

    def expect(
        self,
        right: bool,
        location: Location,
        message: str,
        *,
        severity: Severity = "error",
        allowed: str = "",
        remedy: str = "",
    ) -> None:
        """Count one thing, and note a finding at its location if it is not right."""
        self.counted += 1
        if not right:
            problem = self.files.problem(location, message, allowed=allowed, remedy=remedy)
            self.findings.append(Finding(severity, problem))

    def count(self, severity: Severity) -> int:
        """Return how many findings have a severity."""
        return sum(finding.severity == severity for finding in self.findings)
