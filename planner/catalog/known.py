"""The figures of a catalogue by the names that look-ups use, and how a scenario writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from planner.catalog.entries import ByReference
from planner.catalog.figures import AT_MOST_ONE, Figure, Stated
from planner.catalog.loading import Catalog


@dataclass(frozen=True)
class Known:
    """A figure of the catalogue, and its name.

    Attributes
    ----------
    name : str
        Such as ``h100-buy`` or ``nvidia-h100-sxm.utilisation.pretraining``.
    figure : Figure
    reference : str
        The reference that the figure stands in; empty if it stands in its own place.
    label : str
        What a report calls it.
    """

    name: str
    figure: Figure
    reference: str
    label: str

    def cited(self) -> str:
        """Return the name with source, date and evidence, as a report shows it."""
        return f"{self.label}: {self.figure.citation()}"


def figures_of(catalog: Catalog, platform: str) -> Iterator[Known]:
    """Yield every figure of a platform, those of references too."""
    entry = catalog.platforms[platform]
    for path, figure in entry.own_figures():
        name = f"{platform}.{path}"
        yield Known(name, figure, "", f"catalogue {name}")
    for path, named in entry.by_kind_of_work():
        # A reference that is refused has been reported.
        if isinstance(named, ByReference) and named.reference in catalog.references:
            name, reference = f"{platform}.{path}", named.reference
            figure = catalog.references[reference].figure
            yield Known(name, figure, reference, f"catalogue {name} (reference {reference})")


def price_of(catalog: Catalog, name: str) -> Known:
    """Return a price by its name."""
    return Known(name, catalog.prices[name], "", f"catalogue price {name}")


def reference_of(catalog: Catalog, name: str) -> Known:
    """Return the figure of a reference by its name."""
    figure = catalog.references[name].figure
    return Known(name, figure, name, f"catalogue reference {name}")


def written(figure: Stated, source: str, times: Any = None) -> dict[str, Any]:
    """Return a figure as a scenario writes it: quantiles are a belief, unless `times` is given.

    Parameters
    ----------
    figure : Stated
    source : str
        What the scenario's report cites.
    times : object, optional
        The scenario's own factor, as written: it takes the place of the figure's spread.
    """
    quantiles = figure.quantiles
    if quantiles is None or times is not None:
        spread = f"; {_replaced(figure)}" if quantiles is not None else ""
        factor = {} if times is None else {"times": times}
        return {"value": figure.central, **factor, "source": source + spread}
    bounds = {"lower": 0, **({"upper": 1} if figure.unit in AT_MOST_ONE else {})}
    if quantiles.p10 is not None:
        points = {"p10": quantiles.p10, "p50": quantiles.p50, "p90": quantiles.p90}
        return {"distribution": "quantiles", **points, **bounds, "source": source}
    pairs = [list(pair) for pair in quantiles.points()]
    return {"distribution": "elicited", "points": pairs, **bounds, "source": source}


def _replaced(figure: Stated) -> str:
    low, high = figure.extremes()
    return f"its median; the catalogue's spread ({low:g} to {high:g}) is replaced by `times`"
