"""Enough samples: when to stop drawing, and how many samples a precision would need."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from planner.analysis.results_estimates import Estimate
from planner.errors import InputError, Problem

_FORM = re.compile(
    r"\s*se\(\s*mean cost\s*\)\s*<\s*([0-9][0-9_,]*\.?[0-9]*(?:e[0-9]+)?)\s*(%|usd)\s*"
)
_EXAMPLES = '"se(mean cost) < 0.5%" or "se(mean cost) < 2_000_000 usd"'


@dataclass(frozen=True)
class Precision:
    """A standard error of the mean cost to draw samples until.

    Attributes
    ----------
    text : str
        As the user wrote it.
    limit : float
        In USD, or relative to the mean.
    relative : bool
    """

    text: str
    limit: float
    relative: bool

    def error_usd(self, mean: float) -> float:
        """Return the standard error that is wanted of a mean."""
        return self.limit * abs(mean) if self.relative else self.limit

    def is_met(self, mean: Estimate) -> bool:
        """Return whether a mean is as precise; without an error it is not."""
        error = mean.standard_error
        return error is not None and error < self.error_usd(mean.value)


def parse_precision(text: str) -> Precision:
    """Return a precision as it is written on the command line.

    Raises
    ------
    InputError
        If the text says none.
    """
    found = _FORM.fullmatch(text.lower())
    limit = float(re.sub("[_,]", "", found[1])) if found else 0.0
    if found is None or limit <= 0:
        message = "this is no precision to draw samples until"
        raise InputError(
            [Problem("--until", message, _EXAMPLES, "write it like one of these", text)]
        )
    relative = found[2] == "%"
    return Precision(text.strip(), limit / 100 if relative else limit, relative)


def samples_needed(mean: Estimate, error_usd: float) -> int | None:
    """Return how many samples would give a standard error, rounded up to two digits.

    The error falls with the root of the number of samples; of samples that cover inputs evenly it
    falls faster, so that this is then an upper bound.

    Parameters
    ----------
    mean : Estimate
    error_usd : float
        Wanted.
    """
    if not mean.standard_error or error_usd <= 0:
        return None
    needed = mean.n * (mean.standard_error / error_usd) ** 2
    place = int(10 ** max(math.floor(math.log10(max(needed, 1))) - 1, 0))
    return math.ceil(needed / place) * place
