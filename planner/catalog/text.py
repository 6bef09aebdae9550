"""Figures of the catalogue in the words of a terminal."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable

from planner.catalog.figures import Fact, Stated
from planner.config.evidence import Evidence

WIDTH = 100
_LABEL = 16


def number(value: float) -> str:
    """Return a number with commas and without an exponent, to six digits or to whole numbers."""
    return f"{value:,.0f}" if value >= 100_000 else f"{value:,.6g}"


def amount(figure: Stated) -> str:
    """Return the value, or the quantiles with dashes between them."""
    if figure.quantiles is None:
        return number(figure.central)
    return " - ".join(number(value) for _, value in figure.quantiles.points())


def amount_in_words(figure: Stated) -> str:
    """Return the value with its range, or the quantiles by their names."""
    if figure.quantiles is None:
        said = number(figure.central)
    else:
        named = figure.quantiles.points()
        said = ", ".join(f"P{round(100 * p)} {number(value)}" for p, value in named)
    if figure.low is None and figure.high is None:
        return said
    low, high = figure.extremes()
    return f"{said}, from {number(figure.low or low)} to {number(figure.high or high)}"


def labelled(label: str, text: str, indent: int = 2) -> list[str]:
    """Return a label and a text beside it, wrapped under itself."""
    first = " " * indent + label.ljust(_LABEL)
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )


def listed(text: str) -> list[str]:
    """Return a text as an item of a list, wrapped a little further in."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def provenance(stated: Stated | Fact, indent: int = 2) -> list[str]:
    """Return evidence, date and source."""
    return [
        *labelled("evidence", f"{stated.evidence}, {stated.date}", indent),
        *labelled("source", stated.source, indent),
    ]


def by_evidence(kinds: Iterable[Evidence]) -> str:
    """Return how many figures rest on which evidence, the commonest first."""
    return ", ".join(f"{count} {kind}" for kind, count in Counter(kinds).most_common())
