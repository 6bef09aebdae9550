"""Checks of the ledger of claims: a claim is kept as it was said, so nothing here is an error."""

from __future__ import annotations

import re

from planner.catalog.findings import Checked
from planner.catalog.loading import Catalog, Gathered
from planner.catalog.plausible import FLOPS_PER_WATT
from planner.catalog.text import number

EFFICIENCY = "TFLOP/s per W"
"""The unit of claims that the field's FLOP/s per watt can contradict; words may follow."""


def check_conflicts(gathered: Gathered) -> Checked:
    """Check that a conflict is named by both claims."""
    checked = Checked("conflicts of claims named on both sides", gathered.files)
    claims = gathered.catalog.claims
    for name, claim in claims.items():
        for other in claim.conflicts_with:
            checked.expect(
                name in claims[other].conflicts_with,
                ("claims", other),
                f"{name} conflicts with this claim, which does not say so",
                severity="warning",
                remedy=f"add {name} to its `conflicts_with`",
            )
    return checked


def check_subjects(gathered: Gathered) -> Checked:
    """Check for platforms in another spelling; any other words may be the subject of a claim."""
    checked = Checked("subjects of claims: platforms, or other words", gathered.files)
    meant = {_plain(name): name for name in gathered.catalog.platforms}
    meant |= {_plain(name.partition("-")[2]): name for name in gathered.catalog.platforms}
    for name, claim in gathered.catalog.claims.items():
        words = {("subject", str(k)): word for k, word in enumerate(claim.subject)}
        if claim.against is not None:
            words["against", ""] = claim.against
        for (key, _), word in words.items():
            platform = meant.get(_plain(word))
            checked.expect(
                word in gathered.catalog.platforms or platform is None,
                ("claims", name, key),
                f"the catalogue has no platform {word}",
                severity="warning",
                remedy=f"did you mean `{platform}`?",
            )
    return checked


def check_efficiencies(gathered: Gathered) -> Checked:
    """Check claims of FLOP/s per watt against what any accelerator comes to."""
    checked = Checked(f"claims in {EFFICIENCY}", gathered.files)
    for name, claim in gathered.catalog.claims.items():
        if claim.value is not None and claim.unit.startswith(EFFICIENCY):
            known = "; ".join(
                words for subject in claim.subject if (words := _known(gathered.catalog, subject))
            )
            checked.expect(
                FLOPS_PER_WATT.low <= claim.value <= FLOPS_PER_WATT.high,
                ("claims", name, "value"),
                f"{number(claim.value)} {EFFICIENCY} cannot be{known and f': {known}'}",
                severity="contradicted",
                allowed=FLOPS_PER_WATT.words(wafer=False),
                remedy="none: a claim is kept as it was said; do not plan with it",
            )
    return checked


def _known(catalog: Catalog, platform: str) -> str:
    entry = catalog.platforms.get(platform)
    if entry is None or entry.tdp_kw is None:
        return ""
    ratio = entry.peak_pflops.central / entry.tdp_kw.central
    return f"peak_pflops / tdp_kw of {platform} is {ratio:.3g}"


def _plain(word: str) -> str:
    return re.sub("[^a-z0-9]", "", word.casefold())
