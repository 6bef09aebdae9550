"""What a catalogue file holds: platforms, prices, references and claims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, StringConstraints, Tag, field_validator, model_validator

from planner.catalog.figures import Fact, Figure, Positive, Reason, Source, Unit
from planner.config.base import Name, Strict
from planner.config.evidence import Evidence, IsoDate

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Quarters = Annotated[int, Field(ge=1, le=60)]

UNIT_OF_FIELD: dict[str, Unit] = {
    "peak_pflops": "PFLOP/s",
    "peak_pflops_fp16": "PFLOP/s",
    "peak_pflops_fp8": "PFLOP/s",
    "peak_pflops_fp4": "PFLOP/s",
    "peak_pops_int8": "POP/s",
    "memory_gb": "GB",
    "memory_bandwidth_tbps": "TB/s",
    "tdp_kw": "kW",
    "accelerator_kw": "kW",
    "scale_up_accelerators": "accelerators",
    "scale_up_gb_per_second": "GB/s",
    "availability": "share of hours",
    "supply_accelerators_per_quarter": "accelerators/quarter",
}
"""The unit of each figure of a platform."""

UNIT_OF_TABLE: dict[str, Unit] = {
    "utilisation": "share of peak FLOP/s",
    "bandwidth_utilisation": "share of bandwidth",
    "scaling_exponent": "exponent",
}
"""The unit of the figures of a platform that stand by kind of work."""

UNIT_OF_QUANTITY: dict[str, Unit] = {
    "scaling-exponent": "exponent",
    "utilisation": "share of peak FLOP/s",
    "availability": "share of hours",
}
"""The unit of what references are of."""


class ByReference(Strict):
    """A figure that stands among the references, measured on one platform or several."""

    reference: Name


FIGURE_TAG, REFERENCE_TAG = "kind:figure", "kind:reference"
"""Stand in the location of pydantic's errors; no key has a colon in it."""


def _tag(raw: Any) -> str:
    refers = "reference" in raw if isinstance(raw, dict) else isinstance(raw, ByReference)
    return REFERENCE_TAG if refers else FIGURE_TAG


if TYPE_CHECKING:
    FigureOrReference = Figure | ByReference
else:
    FigureOrReference = Annotated[
        Annotated[Figure, Tag(FIGURE_TAG)] | Annotated[ByReference, Tag(REFERENCE_TAG)],
        Discriminator(_tag),
    ]


class PlatformEntry(Strict):
    """What is known of an accelerator model; every figure is for one accelerator (``unit``)."""

    vendor: Name
    unit: Literal["GPU", "chip", "superchip", "wafer"]
    full_name: Words | None = None
    released: Fact | None = None
    cooling: Fact | None = None
    export_class: Fact | None = None
    peak_pflops: Figure
    peak_pflops_fp16: Figure | None = None
    peak_pflops_fp8: Figure | None = None
    peak_pflops_fp4: Figure | None = None
    peak_pops_int8: Figure | None = None
    memory_gb: Figure | None = None
    memory_bandwidth_tbps: Figure | None = None
    tdp_kw: Figure | None = None
    accelerator_kw: Figure
    scale_up_accelerators: Figure | None = None
    scale_up_gb_per_second: Figure | None = None
    availability: Figure | None = None
    utilisation: dict[Name, FigureOrReference] = Field(default={})
    bandwidth_utilisation: dict[Name, FigureOrReference] = Field(default={})
    scaling_exponent: dict[Name, FigureOrReference] = Field(default={})
    supply_accelerators_per_quarter: Figure | None = None

    @model_validator(mode="after")
    def _in_their_units(self) -> Self:
        for path, figure in self.own_figures():
            name = path.split(".")[0]
            unit = UNIT_OF_FIELD.get(name) or UNIT_OF_TABLE[name]
            if figure.unit != unit:
                raise ValueError(f"{path} must be in {unit}, not in {figure.unit}")
        return self

    def own_figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield every figure that stands here, by its dotted path in the entry."""
        for name in UNIT_OF_FIELD:
            figure = getattr(self, name)
            if figure is not None:
                yield name, figure
        for path, figure in self.by_kind_of_work():
            if isinstance(figure, Figure):
                yield path, figure

    def by_kind_of_work(self) -> Iterator[tuple[str, Figure | ByReference]]:
        """Yield every figure of the tables, and every name of a reference in them."""
        for table in UNIT_OF_TABLE:
            for kind, figure in getattr(self, table).items():
                yield f"{table}.{kind}", figure


class PriceEntry(Figure):
    """What one accelerator costs: to buy all-in (``USD``), or for an hour (``USD/hour``)."""

    platform: Name
    offer: Literal["buy", "reserve", "rent", "spot"]
    seller: Words
    term_quarters: Quarters | None = None
    historical: Reason | None = None
    """Why a price that nobody asks any more is kept."""

    @model_validator(mode="after")
    def _unit_of_offer(self) -> Self:
        unit = "USD" if self.offer == "buy" else "USD/hour"
        if self.unit != unit:
            raise ValueError(f"the unit of a price to {self.offer} is {unit}")
        return self


class Reference(Strict):
    """A figure measured over many runs, for platforms and scenarios to refer to."""

    about: Words
    quantity: Literal["scaling-exponent", "utilisation", "availability"]
    kind_of_work: Name
    platforms: Annotated[tuple[Name, ...], Field(strict=False, min_length=1)]
    points: Annotated[int, Field(ge=1)]
    reference_accelerators: Figure | None = None
    figure: Figure

    @model_validator(mode="after")
    def _in_its_unit(self) -> Self:
        unit = UNIT_OF_QUANTITY[self.quantity]
        if self.figure.unit != unit:
            raise ValueError(f"a reference of {self.quantity} must be in {unit}")
        size = self.reference_accelerators
        if (size is not None) != (self.quantity == "scaling-exponent"):
            raise ValueError("reference_accelerators goes with a scaling exponent, and only there")
        if size is not None and size.unit != "accelerators":
            raise ValueError("reference_accelerators must be in accelerators")
        return self


class RealisedShare(Strict):
    """How much of a claim comes true: of the figure, or of the gain if it is a ratio."""

    p10: float
    p50: float
    p90: float
    because: Reason

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if not self.p10 < self.p50 < self.p90:
            raise ValueError("p10, p50 and p90 must ascend")
        return self


class ClaimEntry(Strict):
    """What somebody said of a platform, as said: a claim is not a fact."""

    subject: Annotated[tuple[Words, ...], Field(strict=False, min_length=1)]
    work: Words
    said: Words
    value: Positive | None = None
    unit: Words
    against: Words | None = None
    said_by: Words
    evidence: Evidence
    date: IsoDate
    source: Source
    conflicts_with: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    share: RealisedShare | None = None
    is_ratio: bool = False

    @field_validator("subject", mode="before")
    @classmethod
    def _one_or_several(cls, raw: object) -> object:
        return [raw] if isinstance(raw, str) else raw
