"""The ledger of claims: who said what of which platform, when, on what evidence."""

from __future__ import annotations

import textwrap

from planner.catalog.entries import ClaimEntry
from planner.catalog.listing import evidence_of
from planner.catalog.loading import Catalog
from planner.catalog.text import WIDTH, labelled, number
from planner.config.evidence import OF_A_FIGURE, OF_A_GAIN
from planner.config.wording import did_you_mean, listing
from planner.errors import InputError, Problem


def list_claims(catalog: Catalog, platform: str | None = None, evidence: str | None = None) -> str:
    """Return the ledger, in the order of the files.

    Parameters
    ----------
    catalog : Catalog
    platform : str, optional
        Only claims of it, or against it: a platform, or another subject of a claim.
    evidence : str, optional
        Only claims on such evidence.

    Raises
    ------
    InputError
        If no platform and no subject has the name, or there is no such evidence.
    """
    if platform is not None:
        _refuse_unknown(catalog, platform)
    kind = None if evidence is None else evidence_of(evidence)
    chosen = [
        name
        for name, claim in catalog.claims.items()
        if (platform is None or speaks_of(claim, platform)) and kind in (None, claim.evidence)
    ]
    count = f"{len(chosen)} of {len(catalog.claims)} claims"
    return "\n\n".join([count, *("\n".join(claim_lines(catalog, name)) for name in chosen)])


def speaks_of(claim: ClaimEntry, name: str) -> bool:
    """Return whether a claim is about a platform, or against it."""
    return name in claim.subject or name == claim.against


def claim_lines(catalog: Catalog, name: str) -> list[str]:
    """Return a claim with its realised share and what it conflicts with."""
    claim = catalog.claims[name]
    against = f", against {claim.against}" if claim.against else ""
    figure = "none" if claim.value is None else number(claim.value)
    lines = [
        *textwrap.wrap(f"{name}: {claim.said}", WIDTH, subsequent_indent="  "),
        *labelled("about", f"{', '.join(claim.subject)} ({claim.work}){against}"),
        *labelled("figure", f"{figure}, {claim.unit}"),
        *labelled("said by", f"{claim.said_by}, {claim.date}, {claim.evidence}"),
        *labelled("source", claim.source),
        *labelled("realised", _realised(claim)),
    ]
    for other in claim.conflicts_with:
        said = catalog.claims[other]
        words = f'{other}: "{said.said}" ({said.said_by}, {said.date}, {said.evidence})'
        lines += labelled("conflicts with", words)
    return lines


def _realised(claim: ClaimEntry) -> str:
    if claim.value is None:
        return "no figure, so no share of it"
    if claim.unit == "year":
        return "a year, so no share of it"
    of = "share of the gain" if claim.is_ratio else "share of the figure"
    if claim.share is not None:
        own = claim.share
        return f"{of}: P10 {own.p10:g}, P50 {own.p50:g}, P90 {own.p90:g}: {own.because}"
    default = (OF_A_GAIN if claim.is_ratio else OF_A_FIGURE)[claim.evidence]
    return (
        f"{of}: P10 {default.p10:g}, P50 {default.p50:g}, P90 {default.p90:g}, the default for "
        f"{claim.evidence}: {default.because}"
    )


def _refuse_unknown(catalog: Catalog, platform: str) -> None:
    subjects = {word for claim in catalog.claims.values() for word in claim.subject}
    known = [*catalog.platforms, *sorted(subjects - catalog.platforms.keys())]
    if platform not in known:
        remedy = did_you_mean(platform, known, "'planner catalog list' shows all platforms")
        message = "no platform of this name, and no claim about it"
        raise InputError(
            [Problem("", message, allowed=listing(known), remedy=remedy, value=platform)]
        )
