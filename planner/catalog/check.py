"""Whether the catalogue can be relied on: all sourced, dated, complete, and nothing that cannot be.

What is found about claims is never an error: a claim is kept as it was said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from planner.beliefs import metalog
from planner.catalog.check_claims import check_conflicts, check_efficiencies, check_subjects
from planner.catalog.findings import Checked, Finding
from planner.catalog.known import figures_of, written
from planner.catalog.loading import Gathered, gather, shipped_documents
from planner.catalog.plausible import check_prices, check_ranges, check_ratios
from planner.catalog.show import FACTS
from planner.config.document import Document, Location
from planner.config.measured import Elicited
from planner.config.quantities import Number
from planner.config.wording import aligned
from planner.errors import InputError

AGEING = ("supply_accelerators_per_quarter",)
"""Fields of platforms that change with the market; what a chip is does not."""

NEEDED = (
    *FACTS,
    *("full_name", "memory_gb", "memory_bandwidth_tbps", "scale_up_accelerators", "availability"),
    "utilisation",
)
"""What a shipped platform must have beside what every platform must have."""

SOURCED = "stated with value, unit, evidence, source and date"

_BELIEF: TypeAdapter[Any] = TypeAdapter(Number)
_DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class CatalogCheck:
    """All that was checked."""

    checks: tuple[Checked, ...]

    def findings(self) -> list[Finding]:
        """Return what was found, in the order of the checks."""
        return [finding for checked in self.checks for finding in checked.findings]

    def text(self) -> str:
        """Return a table of what was checked, and what was found that is no error."""
        head = ("checked", "looked at", "errors", "warnings", "contradicted")
        rows = [
            (
                checked.name,
                f"{checked.counted:,}",
                *(str(checked.count(kind)) for kind in ("error", "warning", "contradicted")),
            )
            for checked in self.checks
        ]
        told = [
            f"{finding.severity}: {finding.problem.render()}"
            for finding in self.findings()
            if finding.severity != "error"
        ]
        return "\n\n".join(["\n".join(aligned(head, rows)), self._share(), *told])

    def _share(self) -> str:
        """Return how many of all statements can be traced."""
        (checked,) = (one for one in self.checks if one.name == SOURCED)
        right = checked.counted - checked.count("error")
        share = 100 * right / checked.counted if checked.counted else 100
        return f"{right:,} of {checked.counted:,} figures, facts and claims sourced ({share:.4g} %)"

    def refuse_errors(self) -> None:
        """Raise an `InputError` with every finding that is an error, if there is one."""
        errors = [found.problem for found in self.findings() if found.severity == "error"]
        if errors:
            raise InputError(errors)


def check_catalog(
    overlay: Document | None = None,
    *,
    older_than_months: int = 30,
    today: date | None = None,
    shipped: Sequence[Document] | None = None,
) -> CatalogCheck:
    """Check every entry of the shipped catalogue and an overlay.

    Parameters
    ----------
    overlay : Document, optional
    older_than_months : int
        Prices and supply from before that are told.
    today : date, optional
        The day of the computer's clock unless given.
    shipped : sequence of Document, optional
        In place of the files that come with the planner.

    Raises
    ------
    InputError
        If an entry cannot be loaded: the rest would be checked against half a catalogue.
    """
    documents = shipped_documents() if shipped is None else shipped
    gathered = gather(documents, overlay)
    if gathered.problems:
        raise InputError(gathered.problems)
    day = today or date.today()
    return CatalogCheck(
        (
            _entries(gathered),
            _sourced(gathered),
            _not_in_the_future(gathered, day),
            check_ranges(gathered),
            _beliefs(gathered),
            check_ratios(gathered),
            check_prices(gathered),
            _ages(gathered, day, older_than_months),
            _complete(gathered, gather(documents)),
            check_conflicts(gathered),
            check_subjects(gathered),
            check_efficiencies(gathered),
        )
    )


def _entries(gathered: Gathered) -> Checked:
    catalog = gathered.catalog
    sections = (catalog.platforms, catalog.prices, catalog.references, catalog.claims)
    counts = [len(section) for section in sections]
    name = "entries load ({} platforms, {} prices, {} references, {} claims)".format(*counts)
    return Checked(name, gathered.files, sum(counts))


def _sourced(gathered: Gathered) -> Checked:
    """Look for everything that is stated in the files as they are, whatever the schema asks."""
    checked = Checked(SOURCED, gathered.files)
    for location, stated in _statements(gathered):
        words = ("evidence", "source", "date", *(() if location[-1] in FACTS else ("unit",)))
        missing = [key for key in words if not str(stated.get(key) or "").strip()]
        checked.expect(
            not missing,
            location,
            f"{' and '.join(missing)} missing",
            remedy="say who states it, when, in which unit and on what evidence",
        )
    return checked


def _statements(gathered: Gathered) -> Iterator[tuple[Location, dict[str, Any]]]:
    """Yield every mapping of the files that states something: figures, facts and claims."""
    for location, raw in gathered.files.entries():
        yield from _stating(raw, location)


def _stating(raw: Any, location: Location) -> Iterator[tuple[Location, dict[str, Any]]]:
    if isinstance(raw, dict):
        if "value" in raw or "quantiles" in raw or "said" in raw:
            yield location, raw
        for key, part in raw.items():
            if key != "quantiles":
                yield from _stating(part, (*location, key))
    elif isinstance(raw, list):
        for position, part in enumerate(raw):
            yield from _stating(part, (*location, position))


def _not_in_the_future(gathered: Gathered, today: date) -> Checked:
    checked = Checked("dates not in the future", gathered.files)
    for location, stated in _statements(gathered):
        day = date.fromisoformat(str(stated["date"]))
        checked.expect(
            day <= today,
            (*location, "date"),
            f"{day} has not come yet",
            allowed=f"a day until {today}, the day of this computer's clock",
            remedy="give the day on which the source was published or read",
        )
    return checked


def _beliefs(gathered: Gathered) -> Checked:
    """Every figure with quantiles must be one that a scenario can draw from."""
    checked = Checked("quantiles that a scenario can draw from", gathered.files)
    for location, stated in _figures(gathered):
        if stated.quantiles is None:
            continue
        belief = _BELIEF.validate_python(written(stated, ""))
        told = None
        if isinstance(belief, Elicited):
            told = metalog.fault(belief.ordered(), belief.lower, belief.upper)
        checked.expect(not told, location, str(told), remedy="give p10, p50 and p90")
    return checked


def _figures(gathered: Gathered) -> Iterator[tuple[Location, Any]]:
    for name in gathered.catalog.platforms:
        for known in figures_of(gathered.catalog, name):
            if not known.reference:
                yield ("platforms", *known.name.split(".")), known.figure
    for name, price in gathered.catalog.prices.items():
        yield ("prices", name), price
    for name, reference in gathered.catalog.references.items():
        yield ("references", name, "figure"), reference.figure


def _ages(gathered: Gathered, today: date, months: int) -> Checked:
    """Prices and supply age; a price that is kept as history is counted, and not told."""
    kept = sum(price.historical is not None for price in gathered.catalog.prices.values())
    checked = Checked(
        f"prices and supply of the last {months} months ({kept} kept as history)", gathered.files
    )
    for location, stated in _figures(gathered):
        is_price = location[0] == "prices" and stated.historical is None
        if is_price or location[-1] in AGEING:
            age = (today - date.fromisoformat(stated.date)).days / _DAYS_A_MONTH
            checked.expect(
                age <= months,
                location,
                f"this is {age:.0f} months old",
                severity="warning",
                allowed=f"up to {months} months",
                remedy="look it up again, or say in `historical` why the price is kept",
            )
    return checked


def _complete(gathered: Gathered, shipped: Gathered) -> Checked:
    """Every platform that comes with the planner can be used in a scenario."""
    checked = Checked("shipped platforms complete", gathered.files)
    priced = {price.platform for price in gathered.catalog.prices.values()}
    for name in shipped.catalog.platforms:
        entry = gathered.catalog.platforms[name]
        missing = [key for key in NEEDED if not getattr(entry, key)]
        missing += [] if name in priced else ["a price"]
        checked.expect(
            not missing,
            ("platforms", name),
            f"{', '.join(missing)} missing",
            remedy="add it, as an assumption with wide quantiles where nobody has published it",
        )
    return checked
