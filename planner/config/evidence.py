"""How much of a claim comes true, by the evidence that it rests on.

The shares are assumptions, wide on purpose: what they were judged by is in docs/claims.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import Annotated, Literal

from pydantic import AfterValidator

from planner.config.distributions import Quantiles

Evidence = Literal[
    "measured-independent",
    "measured-vendor",
    "customer-claim",
    "vendor-claim",
    "third-party-estimate",
    "announcement",
    "rumour",
    "assumption",
]

EARLIEST_YEAR = 1990
LATEST_YEAR = 2099


def _iso_date(text: str) -> str:
    """Return the text if it is a day such as 2026-07-30; an impossible day or year is an error."""
    # fromisoformat alone would also take 20260730 and 2026-W31-4.
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError("a date is a day, written as 2026-07-30")
    try:
        year = Date.fromisoformat(text).year
    except ValueError:
        raise ValueError(f"there is no day {text}") from None
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"the year must be from {EARLIEST_YEAR} to {LATEST_YEAR}")
    return text


IsoDate = Annotated[str, AfterValidator(_iso_date)]


@dataclass(frozen=True)
class DefaultShare:
    """The realised share of a claim unless its author gives another.

    Attributes
    ----------
    p10, p50, p90 : float
        Of the share.
    lower, upper : float
        Bounds that no draw reaches.
    because : str
        Why; for the documentation.
    """

    p10: float
    p50: float
    p90: float
    lower: float
    upper: float
    because: str

    def belief(self) -> Quantiles:
        """Return it as a smooth bounded belief (J-QPD-B)."""
        return Quantiles(
            distribution="quantiles",
            p10=self.p10,
            p50=self.p50,
            p90=self.p90,
            lower=self.lower,
            upper=self.upper,
        )


OF_A_FIGURE: Mapping[Evidence, DefaultShare] = {
    "measured-independent": DefaultShare(
        0.9, 1.0, 1.1, 0.5, 1.5, "right for what was measured; your work and machines differ"
    ),
    "measured-vendor": DefaultShare(
        0.8, 0.95, 1.03, 0.3, 1.2, "measured by who sells it, at a setting of its choice"
    ),
    "customer-claim": DefaultShare(
        0.7, 0.92, 1.05, 0.2, 1.3, "seen in use, without method, and picked for publication"
    ),
    "vendor-claim": DefaultShare(
        0.7, 0.92, 1.0, 0.2, 1.1, "a data sheet is a ceiling: hardly ever passed, often not met"
    ),
    "third-party-estimate": DefaultShare(
        0.75, 1.0, 1.25, 0.2, 2.0, "wrong either way by about a quarter"
    ),
    "announcement": DefaultShare(
        0.5, 0.85, 1.0, 0.0, 1.1, "the thing does not exist yet, and specifications shrink"
    ),
    "rumour": DefaultShare(0.4, 0.85, 1.2, 0.0, 2.0, "nobody answers for it"),
    "assumption": DefaultShare(0.6, 1.0, 1.4, 0.0, 2.5, "nobody but the author says so"),
}
"""Of an absolute claim: the share of the claimed figure."""

OF_A_GAIN: Mapping[Evidence, DefaultShare] = {
    "measured-independent": DefaultShare(
        0.7, 1.0, 1.2, -0.1, 1.6, "a ratio moves with the workload even where it was measured well"
    ),
    "measured-vendor": DefaultShare(
        0.5, 0.9, 1.05, -0.1, 1.3, "the comparison and the competitor's set-up are the vendor's"
    ),
    "customer-claim": DefaultShare(
        0.3, 0.8, 1.05, -0.1, 1.3, "one workload; those who were disappointed publish nothing"
    ),
    "vendor-claim": DefaultShare(
        0.05, 0.6, 1.0, -0.1, 1.1, "the few outcomes that are known run from nothing to nearly all"
    ),
    "third-party-estimate": DefaultShare(
        0.4, 0.9, 1.3, -0.1, 1.8, "wrong either way, and ratios more than figures"
    ),
    "announcement": DefaultShare(
        0.02, 0.5, 0.95, -0.1, 1.1, "as of a vendor, before there is anything to measure"
    ),
    "rumour": DefaultShare(0.01, 0.45, 1.0, -0.1, 1.3, "nobody answers for it"),
    "assumption": DefaultShare(0.2, 0.8, 1.2, -0.1, 1.8, "nobody but the author says so"),
}
"""Of a ratio or a price-performance claim: the share of the gain, which is the ratio less 1."""
