"""What a user may write where a figure is wanted: a number, a belief about it, or a path over time.

Each kind is one small class, told apart by its ``distribution`` key, whose kinds are in
`planner.config.kinds`, or by a key of its own. How a kind is drawn is in
``planner.beliefs`` and ``planner.uncertainty``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    Tag,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError

from planner.config.base import LOOKED_UP_PATTERN, Strict
from planner.config.claims import CLAIMS
from planner.config.compounds import Mixture, MixturePart, Truncated
from planner.config.distributions import SOURCE, Belief
from planner.config.kinds import DISTRIBUTIONS, kind_name
from planner.config.processes import PROCESSES, UNFINISHED, Process, process_name

_TIMES: Any = Field(
    default=None, description="A belief that multiplies it, such as a lognormal near 1."
)


class Fixed(Belief):
    """A known number with its source, ``{value: 0.41, source: ...}``, or a factor around it."""

    value: float = Field(description="The figure.")
    times: Number | None = _TIMES

    def support(self) -> tuple[float, float]:
        """Return the value times the support of the factor."""
        return _scaled(self.value, self.value, self.times)


class FromCatalog(Belief):
    """A figure looked up in the catalogue by name, optionally times a belief about it."""

    catalog: Annotated[str, StringConstraints(pattern=LOOKED_UP_PATTERN)] = Field(
        description="Name of a price or reference, or a platform's figure such as "
        "`nvidia-h100-sxm.utilisation.pretraining`: `planner catalog list` and `show`."
    )
    times: Number | None = _TIMES

    def support(self) -> tuple[float, float]:
        """Return the support of any catalogue figure; the loader replaces this kind by others."""
        return _scaled(math.ulp(0.0), math.ulp(0.0), self.times)


class ByQuarter(Strict):
    """One number for each quarter, all multiplied by the same belief if ``times`` is given."""

    by_quarter: list[float] = Field(
        min_length=1, description="One number for each quarter of the plan."
    )
    times: Number | None = _TIMES
    source: str | None = SOURCE

    def support(self) -> tuple[float, float]:
        """Return the extremes over all quarters."""
        return _scaled(min(self.by_quarter), max(self.by_quarter), self.times)


class Trend(Strict):
    """A first value that changes at a constant rate: ``first x (1 + change) ** (quarter / 4)``."""

    first: Number = Field(description="Value in the first quarter.")
    change_per_year: Growth = Field(
        description="Relative change in a year: 0.1 is 10 % more, -0.1 is 10 % less."
    )
    error_sd: PositiveNumber | None = Field(
        default=None,
        description="Standard deviation of an error of the logarithm, drawn anew for each quarter "
        "after the first; none unless given.",
    )
    source: str | None = SOURCE

    def support(self) -> tuple[float, float]:
        """Return the extremes of the first value; growth above -1 cannot change a sign."""
        low, high = support_of(self.first)
        return low, (math.inf if high > 0 else high)


Quantity = Belief | float
"""One number, as validated."""

Path = Belief | ByQuarter | Trend | Process | list[float] | float
"""One number per quarter, as validated."""


def support_of(quantity: Quantity | Path | Literal["unlimited"]) -> tuple[float, float]:
    """Return the smallest and the largest value of a validated quantity; infinity if unlimited."""
    if isinstance(quantity, str):
        return math.inf, math.inf
    if isinstance(quantity, list):
        return min(quantity), max(quantity)
    if isinstance(quantity, int | float):
        return float(quantity), float(quantity)
    return quantity.support()


def _scaled(low: float, high: float, times: Quantity | None) -> tuple[float, float]:
    if times is None:
        return low, high
    products = [_product(value, factor) for value in (low, high) for factor in support_of(times)]
    return min(products), max(products)


def _product(value: float, factor: float) -> float:
    if value == 0 or factor == 0:
        # Also 0 x inf is 0 here: a value of zero stays zero whatever it is multiplied by.
        return 0.0
    # A tail that comes near zero without reaching it must not underflow to zero.
    return value * factor or math.copysign(math.ulp(0.0), value * math.copysign(1, factor))


_PREFIX = "kind:"
"""Of every tag below: a colon is in no key and no name, so no tag is mistaken for one."""

PROCESS = "process:"
"""Begins what follows that for a process: none is mistaken for a distribution of its name."""

UNKNOWN = "unknown"
"""What stands for a kind that nobody knows; no union has it, so pydantic reports it."""


def _kind_of(value: Any) -> str:
    """Return the tag of what the user wrote."""
    if isinstance(value, str):
        return _PREFIX + (value if value == "unlimited" else UNKNOWN)
    if isinstance(value, bool) or value is None:
        return _PREFIX + UNKNOWN
    if isinstance(value, int | float):
        return _PREFIX + "number"
    if isinstance(value, list):
        return _PREFIX + "list"
    if isinstance(value, dict):
        return _PREFIX + _kind_of_mapping(value)
    return next(
        (tag for tag, model in QUANTITY_MODELS.items() if isinstance(value, model)),
        _PREFIX + UNKNOWN,
    )


def _kind_of_mapping(value: dict[Any, Any]) -> str:
    if "distribution" in value:
        kind = value["distribution"]
        return kind if isinstance(kind, str) else UNKNOWN
    if "process" in value:
        return f"{PROCESS}{value['process']}" if isinstance(value["process"], str) else UNKNOWN
    keys = (*CLAIMS, "value", "catalog", "by_quarter", "first")
    return next((key for key in keys if key in value), UNKNOWN)


_SCALARS: dict[str, Any] = {
    _PREFIX + "number": float,
    _PREFIX + "value": Fixed,
    _PREFIX + "catalog": FromCatalog,
    **{_PREFIX + key: model for key, model in CLAIMS.items()},
    **{_PREFIX + kind_name(model): model for model in DISTRIBUTIONS},
}
_PATHS: dict[str, Any] = {
    **_SCALARS,
    _PREFIX + "list": Annotated[list[float], Field(min_length=1)],
    _PREFIX + "by_quarter": ByQuarter,
    _PREFIX + "first": Trend,
    **{_PREFIX + PROCESS + process_name(model): model for model in PROCESSES},
}
_POWERS: dict[str, Any] = {**_PATHS, _PREFIX + "unlimited": Literal["unlimited"]}

QUANTITY_TAGS: frozenset[str] = frozenset(_POWERS)
"""The tags that pydantic puts into the location of an error; they are no YAML keys."""

QUANTITY_MODELS: dict[str, type[Strict]] = {
    tag: model
    for tag, model in _POWERS.items()
    if isinstance(model, type) and issubclass(model, Strict)
}
"""The model of every tag that has one."""


def _union(members: dict[str, Any]) -> Any:
    tagged = tuple(Annotated[model, Tag(tag)] for tag, model in members.items())
    return Annotated[Union[tagged], Discriminator(_kind_of)]  # noqa: UP007


@dataclass(frozen=True)
class Figure:
    """Goes with the type of every quantity and says what it must be.

    Attributes
    ----------
    words : str
        For errors and the reference.
    bounds : tuple of (str, float)
        For the JSON Schema, where they hold for a plain number.
    """

    words: str
    bounds: tuple[tuple[str, float], ...] = ()

    def __get_pydantic_json_schema__(
        self, core: Any, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the schema of the union with the bounds beside it."""
        return {**handler(core), **dict(self.bounds)}


def _within(low: float, high: float, words: str, *, open_low: bool) -> tuple[Any, Figure]:
    def check(quantity: Any) -> Any:
        least, most = support_of(quantity)
        if not (low < least if open_low else low <= least) or not most <= high:
            span = f"{least:g}" if least == most else f"values from {least:.6g} to {most:.6g}"
            raise PydanticCustomError(
                "out_of_range",
                "{span} where {words} is needed",
                {"span": span, "words": words, "remedy": _remedy(least, most, high)},
            )
        return quantity

    floor = ("exclusiveMinimum" if open_low else "minimum", low)
    bounds = (floor, ("maximum", high)) if math.isfinite(high) else (floor,)
    return AfterValidator(check), Figure(words, bounds)


def _remedy(least: float, most: float, high: float) -> str:
    """Return what to do about a belief without end on a side where the figure has one."""
    if least == -math.inf:
        return "cut it (`distribution: truncated`, with `low`), or choose one such as lognormal"
    if most == math.inf and most > high:
        return "cut it (`distribution: truncated`, with `high`), or choose one such as beta"
    return ""


_POSITIVE = _within(0, math.inf, "a number above 0", open_low=True)
_NON_NEGATIVE = _within(0, math.inf, "a number of 0 or more", open_low=False)
_SHARE = _within(0, 1, "a share from 0 to 1", open_low=False)
_AT_LEAST_ONE = _within(1, math.inf, "a ratio of 1 or more", open_low=False)
_GROWTH = _within(
    -1, math.inf, "a yearly change above -1 (which is a loss of 100 %)", open_low=True
)
_CHANGE = _within(-1, math.inf, "a change above -1 (which is a loss of 100 %)", open_low=True)

if TYPE_CHECKING:
    Number = Quantity
    Growth = Quantity
    Change = Quantity
    PositiveNumber = Quantity
    NonNegativeNumber = Quantity
    ShareNumber = Quantity
    RatioNumber = Quantity
    PositivePath = Path
    NonNegativePath = Path
    PowerPath = Path | Literal["unlimited"]
else:
    Number = Annotated[_union(_SCALARS), Figure("a number")]
    Growth = Annotated[_union(_SCALARS), *_GROWTH]
    Change = Annotated[_union(_SCALARS), *_CHANGE]
    PositiveNumber = Annotated[_union(_SCALARS), *_POSITIVE]
    NonNegativeNumber = Annotated[_union(_SCALARS), *_NON_NEGATIVE]
    ShareNumber = Annotated[_union(_SCALARS), *_SHARE]
    RatioNumber = Annotated[_union(_SCALARS), *_AT_LEAST_ONE]
    PositivePath = Annotated[_union(_PATHS), *_POSITIVE]
    NonNegativePath = Annotated[_union(_PATHS), *_NON_NEGATIVE]
    PowerPath = Annotated[_union(_POWERS), *_NON_NEGATIVE]

_OF_QUANTITIES: tuple[type[Strict], ...] = (
    *(MixturePart, Truncated, Mixture, Fixed, FromCatalog, ByQuarter, Trend),
    *CLAIMS.values(),
    *UNFINISHED,
)
for _model in _OF_QUANTITIES:
    _model.model_rebuild(_types_namespace=globals())
