"""Chips of one's own, their programmes, and what governments and vendors do."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.published.findings import Outcome, Theme
from benchmarks.published.inputs import Inputs, Outside

APPLE = Outside(
    "purchase of P.A. Semi to announcement of the A4", 1.76, "years", "third-party-estimate",
    "2010-01-28", "bought 2008-04-23 (MacRumors of that day, on Forbes), A4 announced 2010-01-27 "
    "(ITProPortal, 2010-01-28)", 1.76, 1.76,
)  # fmt: skip
OPENAI = Outside(
    "mass production of OpenAI's first chip, after 2025-02", 1.6, "years", "third-party-estimate",
    "2026-01-15", "TrendForce, citing Commercial Times: second half of 2026", 1.4, 1.9,
)  # fmt: skip
REPORTED = 0.9
"""Years from the report, 2025-02-11, to the start of 2026."""

TPP_LIMIT = 4800.0
"""Total processing performance from which ECCN 3A090.a holds (15 CFR part 774, supplement 1)."""


def _apple(inputs: Inputs) -> Outcome:
    return Outcome(
        inputs.outside(APPLE),
        "years",
        "day of purchase to day of announcement",
        "The purchase was in 2008 and not in 2007, so under two years. Whether that team designed "
        "the A4 at all was doubted at the time (VentureBeat, 2010-02).",
    )


def _openai(inputs: Inputs) -> Outcome:
    return Outcome(
        inputs.outside(OPENAI),
        "years from the report",
        "expected start of mass production less the day of the report",
        '"2026 at the earliest" is a bound, and what is expected now keeps it. A relative '
        "difference says nothing of a date.",
        "at least",
        said=REPORTED,
    )


def _export(inputs: Inputs) -> Outcome:
    tpp = {
        name: inputs.of(name, "peak_pflops") * 1000 * 16 for name in ("nvidia-a800", "nvidia-h800")
    }
    least = min(tpp.values(), key=lambda one: one.central)
    each = ", ".join(f"{name} {one.central:,.0f}" for name, one in tpp.items())
    return Outcome(
        least,
        "TPP",
        "1,000 x `peak_pflops` x 16 bits, the lower of nvidia-a800 and nvidia-h800",
        f"{each}: both are above the 4,800 of ECCN 3A090.a, so that the rule bans them. It is of "
        "2023-10 (export class of nvidia-a800 in the catalogue), and not of 2023-08 as said.",
        "at least",
        said=TPP_LIMIT,
    )


COMPUTED: dict[str, Callable[[Inputs], Outcome]] = {
    "inhouse-duration-apple": _apple,
    "inhouse-openai": _openai,
    "export-control": _export,
}

THEME = Theme(
    "Programmes, rules and habits",
    COMPUTED,
    {
        "inhouse-cost": (
            "An order of magnitude, and no firm publishes the accounts of its chip programme. In "
            "scenarios it is an assumption (`nre_usd`) whose break-even can be asked for."
        ),
        "inhouse-meta-scrapped": (
            "An event, with one report of it. Scenarios have it as the chance that a programme "
            "fails."
        ),
        "vendor-rationing": (
            "An event; Nvidia publishes no allocations. Scenarios have it as a cut of supply that "
            "goes with funding a chip of one's own."
        ),
        "bargaining-power": (
            "No contract is public, so no price with an alternative can be set beside one without. "
            "Break-evens say what a better price would be worth."
        ),
        "cuda-lockin": (
            "A judgement without a figure. Scenarios have it as the cost of porting to a platform."
        ),
        "tiangai-100": (
            "A demonstration: that it was done once says nothing of speed or cost, and the size "
            "of the model and of the cluster are not given."
        ),
    },
)
