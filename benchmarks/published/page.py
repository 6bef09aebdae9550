"""The page of published figures, as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from textwrap import fill

from benchmarks.published import (
    buy_or_rent,
    efficiency,
    fleets,
    inference,
    peaks,
    prices,
    programmes,
    ratios,
)
from benchmarks.published.findings import Finding, Theme, find, place_in
from benchmarks.published.inputs import Used
from benchmarks.published.ranges import Range
from benchmarks.published.verdicts import RULE, VENDORS
from planner.catalog.loading import Catalog

THEMES: tuple[Theme, ...] = (
    peaks.THEME,
    ratios.THEME,
    efficiency.THEME,
    prices.THEME,
    buy_or_rent.THEME,
    fleets.THEME,
    inference.THEME,
    programmes.THEME,
)

WIDTH = 105

HEAD = """\
<!-- Made by `python -m benchmarks.published > docs/published-figures.md`; do not edit. -->

# Published figures, reproduced

What vendors, customers, analysts and the press said of accelerators, beside what the catalogue and
the planner's model give. The claims are those of the catalogue's ledger (`planner catalog claims`);
five articles from 2023 to 2025 reported them. No input was chosen so as to agree.
"""


def findings(catalog: Catalog) -> tuple[Finding, ...]:
    """Return what came of every claim of the ledger, in the order of the themes.

    Raises
    ------
    KeyError
        If a theme tells of a claim that the ledger does not have.
    """
    return tuple(
        find(theme, name, catalog)
        for theme in THEMES
        for name in (*theme.computed, *theme.not_computed)
    )


def page(found: Sequence[Finding]) -> str:
    """Return the whole page."""
    parts = [HEAD, _counts(found), "## The rule\n\n" + RULE, _contradicted(found)]
    for theme in THEMES:
        mine = [one for one in found if one.theme == theme.title]
        parts.append(f"## {theme.title}\n\n{_table(mine)}")
        parts.append("\n".join(_block(one) for one in mine))
    return "\n".join(parts).rstrip() + "\n"


def number(value: float) -> str:
    """Return a figure with four digits or so, in T, B and M where it is large."""
    if value >= 1e15:
        return f"{value:.4g}".replace("e+", "e")
    for unit, name in ((1e12, " T"), (1e9, " B"), (1e6, " M")):
        if value >= unit:
            return f"{_digits(value / unit)}{name}"
    return _digits(value)


def _digits(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def _ours(value: Range) -> str:
    if value.is_point:
        return number(value.central)
    return f"{number(value.central)} ({number(value.low)} to {number(value.high)})"


def _counts(found: Sequence[Finding]) -> str:
    computed = [one for one in found if one.outcome is not None]
    count = Counter(one.verdict for one in computed)
    sheets = sum(one.verdict == "consistent" and one.basis == VENDORS for one in computed)
    return _wrapped(
        f"Of {len(found)} claims {len(computed)} are computed: {count['consistent']} are "
        f"consistent ({sheets} of these with {VENDORS} only), {count['inconsistent with data']} "
        f"are inconsistent with data, and of {count['cannot be told']} it cannot be told. For the "
        f"other {len(found) - len(computed)} the reason is given why nothing is computed."
    )


def _contradicted(found: Sequence[Finding]) -> str:
    lines = ["## Contradicted by data", "", "| claim | said by | said | ours | rests on |"]
    lines.append("| --- | --- | --- | --- | --- |")
    lines += [
        f"| {_link(one)} | {one.claim.said_by} | {_said(one)} | {_ours(one.outcome.ours)} "
        f"{one.outcome.unit} | {one.basis} |"
        for one in found
        if one.verdict == "inconsistent with data" and one.outcome is not None
    ]
    return "\n".join(lines) + "\n"


def _said(one: Finding) -> str:
    assert one.outcome is not None
    assert one.said is not None
    bound = f"{one.outcome.reading} " if one.outcome.reading.startswith("at ") else ""
    return f"{bound}{number(one.said)} {one.outcome.unit}"


def _room(one: Finding) -> str:
    assert one.outcome is not None
    return "within " if one.outcome.reading == "within" else ""


def _verdict(one: Finding) -> str:
    place = "" if one.outcome is None or one.said is None else place_in(one.said, one.outcome)
    return f"{one.verdict}, {place}" if one.verdict == "consistent" and place else one.verdict


def _difference(one: Finding) -> str:
    return "" if one.difference is None else f"{one.difference * 100:+.1f} %"


def _link(one: Finding) -> str:
    return f"[{one.name}](#{one.name})"


def _table(found: Iterable[Finding]) -> str:
    lines = ["| claim | said | ours | difference | verdict | rests on |"]
    lines.append("| --- | --- | --- | ---: | --- | --- |")
    for one in found:
        if one.outcome is None:
            lines.append(f"| {_link(one)} | | | | {one.verdict} | |")
            continue
        lines.append(
            f"| {_link(one)} | {_said(one)} | {_room(one)}{_ours(one.outcome.ours)} | "
            f"{_difference(one)} | {_verdict(one)} | {one.basis} |"
        )
    return "\n".join(lines) + "\n"


def _block(one: Finding) -> str:
    claim = one.claim
    speaker = claim.said_by.capitalize() if claim.said_by.islower() else claim.said_by
    parts = [
        f"### {one.name}\n",
        _wrapped(f"{speaker}, {claim.date} ({claim.evidence}): {claim.said}."),
    ]
    if one.outcome is None:
        return "\n".join([*parts, _wrapped(f"**Cannot be told.** {one.reason}")])
    verdict = _verdict(one)[0].upper() + _verdict(one)[1:]
    inputs = [_input(used) for used in one.used]
    inputs += [f"{_input(used)} (for the remark only)" for used in one.remarked]
    return "\n".join(
        [
            *parts,
            _wrapped(f"**{verdict}.** {one.outcome.why}"),
            _wrapped(f"Ours: {one.outcome.formula}. From {'; '.join(inputs)}."),
        ]
    )


def _input(used: Used) -> str:
    name = f", {used.source}" if used.source else ""
    label = used.name if used.source else f"`{used.name}`"
    return f"{label} {_ours(used.value)} {used.unit} [{used.evidence}{name}]"


def _wrapped(text: str) -> str:
    filled = fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
    return f"{filled}\n"
