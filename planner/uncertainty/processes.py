"""How quantities move over the quarters: the paths of processes, their shocks and their words.

The shock of each quarter is an input of its own, so that a longer plan, or one that begins later,
leaves the others as they were. A quarter is a quarter of a year, and the first value is that of the
plan's first quarter, so that shocks begin in the second.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache, singledispatch
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from planner.beliefs.kinds import atoms, describe, is_uncertain, probability, quantile
from planner.beliefs.laws import LEAST_U, MOST_KEPT, MOST_U
from planner.config.distributions import Belief
from planner.config.processes import (
    LearningCurve,
    MeanReverting,
    Process,
    RandomWalk,
    StandardNormal,
    StepChange,
    Steps,
)
from planner.config.quantities import Quantity, Trend
from planner.errors import InputError, Problem

Array = NDArray[np.float64]

_YEAR = 0.25
"""A quarter in years."""

_MIDDLE = np.array([0.5])


def shock_belief(path: Process | Trend) -> Belief | None:
    """Return the belief about each quarter's shock after the first; None if there is none."""
    match path:
        case Trend(error_sd=None) | LearningCurve():
            return None
        case Steps():
            share = _share_below_zero(path.change)
            return StepChange(
                probability=path.probability_per_quarter, change=path.change, falling=share
            )
        case _:
            return StandardNormal()


@lru_cache(maxsize=MOST_KEPT)
def _share_below_zero(change: Quantity) -> float:
    return float(probability(change, np.array([np.nextafter(0.0, -1.0)]))[0])


@quantile.register
def _(belief: StandardNormal, u: Array) -> Array:  # noqa: ARG001
    return np.asarray(ndtri(u))


@probability.register
def _(belief: StandardNormal, x: Array) -> Array:  # noqa: ARG001
    return np.asarray(ndtr(x))


@probability.register
def _(belief: StepChange, x: Array) -> Array:
    share = belief.probability
    return share * probability(belief.change, x) + np.where(x >= 0, 1 - share, 0.0)


@atoms.register
def _(belief: StepChange) -> Array:
    own = atoms(belief.change) if belief.probability > 0 else np.empty(0)
    return np.append(own, 0.0) if belief.probability < 1 else own


@describe.register
def _(belief: StandardNormal) -> str:  # noqa: ARG001
    return "standard normal"


@describe.register
def _(belief: StepChange) -> str:
    probability = f"{100 * belief.probability:g} %"
    return f"no change, or with probability {probability} one by {describe(belief.change)}"


@quantile.register
def _(belief: StepChange, u: Array) -> Array:
    """Fall in the lowest probabilities, rise in the highest, and no change between them."""
    changes = np.zeros(u.shape)
    falls = u < belief.probability * belief.falling
    rises = 1 - u <= belief.probability * (1 - belief.falling)
    if falls.any():
        # Rounding at the edge must not turn a fall into a rise, nor below a rise into a fall.
        fallen = quantile(belief.change, u[falls] / belief.probability)
        changes[falls] = np.minimum(fallen, 0)
    if rises.any():
        from_above = (1 - u[rises]) / belief.probability
        risen = quantile(belief.change, np.clip(1 - from_above, LEAST_U, MOST_U))
        changes[rises] = np.maximum(risen, 0)
    return changes


@singledispatch
def _rows(process: Process, drawn: Mapping[str, Array], shocks: Sequence[Array]) -> list[Array]:  # noqa: ARG001
    """Return the value of each quarter by sample.

    Parameters
    ----------
    process : Process
    drawn : mapping of str to ndarray of shape (sample,) or (1,)
        Its parameters by key.
    shocks : sequence of ndarray of shape (sample,) or (1,)
        Of each quarter after the first.
    """
    raise TypeError(f"no path of {type(process).__name__}")


@_rows.register
def _(process: RandomWalk, drawn: Mapping[str, Array], shocks: Sequence[Array]) -> list[Array]:  # noqa: ARG001
    """Geometric Brownian motion by quarters (Osborne 1959, doi:10.1287/opre.7.2.145)."""
    steps = [
        _YEAR * drawn["drift_per_year"] + math.sqrt(_YEAR) * drawn["volatility_per_year"] * shock
        for shock in shocks
    ]
    logs = accumulate(steps, np.add, initial=np.zeros(1))
    return [drawn["first"] * np.exp(log) for log in logs]


@_rows.register
def _(process: MeanReverting, drawn: Mapping[str, Array], shocks: Sequence[Array]) -> list[Array]:  # noqa: ARG001
    """Ornstein-Uhlenbeck process of the logarithm.

    Exact by quarters (Gillespie 1996, doi:10.1103/PhysRevE.54.2084); as a price: Schwartz 1997,
    doi:10.1111/j.1540-6261.1997.tb02721.x.
    """
    kept, sd = reversion(drawn["half_life_quarters"], drawn["volatility_per_year"])
    level = drawn["level"]
    distances = accumulate(
        shocks,
        lambda distance, shock: kept * distance + sd * shock,
        initial=np.log(drawn["first"] / level),
    )
    # The first as it was given, to the last bit.
    return [drawn["first"], *(level * np.exp(distance) for distance in list(distances)[1:])]


def reversion(half_life_quarters: Array, volatility_per_year: Array) -> tuple[Array, Array]:
    """Return what is left of a distance after a quarter, and the standard deviation added in it.

    The logarithm's stationary variance is ``volatility ** 2 * half_life / (8 ln 2)``.
    """
    pull = math.log(2) / half_life_quarters
    stationary = volatility_per_year**2 * _YEAR / (2 * pull)
    return np.exp(-pull), np.sqrt(stationary * -np.expm1(-2 * pull))


@_rows.register
def _(process: Steps, drawn: Mapping[str, Array], shocks: Sequence[Array]) -> list[Array]:  # noqa: ARG001
    return list(
        accumulate(shocks, lambda value, change: value * (1 + change), initial=drawn["first"])
    )


@_rows.register
def _(process: LearningCurve, drawn: Mapping[str, Array], shocks: Sequence[Array]) -> list[Array]:  # noqa: ARG001
    """Wright 1936, doi:10.2514/8.155; by what has been made when the quarter begins."""
    before = drawn["volume_before"]
    power = np.log2(1 - drawn["learning_rate"])
    made = accumulate(process.volume_by_quarter[:-1], initial=0.0)
    return [drawn["first"] * (1 + volume / before) ** power for volume in made]


def process_path(
    name: str, process: Process, drawn: Mapping[str, Array], shocks: Sequence[Array]
) -> Array:
    """Return the values of a process, (sample, quarter), or (1, quarter) where they are known.

    Parameters
    ----------
    name : str
        Its YAML path, for the error.
    process : Process
    drawn : mapping of str to ndarray of shape (sample,) or (1,)
        Its parameters by key.
    shocks : sequence of ndarray of shape (sample,) or (1,)
        Of each quarter after the first, in their order; none for a learning curve.

    Returns
    -------
    ndarray
        In Fortran order: the samples lie side by side.

    Raises
    ------
    InputError
        If a value is too large or too near to zero for a number.
    """
    with np.errstate(all="ignore"):
        values: Array = np.stack(np.broadcast_arrays(*_rows(process, drawn, shocks))).T
    # Written so that what is not a number is refused, too.
    if not (values.min() > 0 and values.max() < math.inf):
        raise InputError(
            [
                Problem(
                    name,
                    "this process gives values that are too large or too near to 0 to compute with",
                    allowed="values from about 1e-300 to 1e300",
                    remedy="lower how much it moves in a year, or change its unit",
                )
            ]
        )
    return values


def trend_error(error_sd: Array, shocks: Sequence[Array]) -> Array:
    """Return the factors of a trend's independent errors, (sample, quarter); 1 in the first."""
    rows = [np.ones(1), *(np.exp(error_sd * shock) for shock in shocks)]
    factors: Array = np.stack(np.broadcast_arrays(*rows)).T
    return factors


def log_moments(process: Process, quarter: int) -> tuple[float, float] | None:
    """Return mean and standard deviation of the logarithm in a quarter, 0 being the first.

    None if it is not normal: for steps and learning curves, and where a parameter is itself
    uncertain. In the first quarter the standard deviation is 0.
    """
    parameters = {key: getattr(process, key) for key in process.parameters}
    if any(is_uncertain(value) for value in parameters.values()):
        return None
    known = {key: quantile(value, _MIDDLE).item() for key, value in parameters.items()}
    match process:
        case RandomWalk():
            sd = known["volatility_per_year"] * math.sqrt(_YEAR * quarter)
            return math.log(known["first"]) + known["drift_per_year"] * _YEAR * quarter, sd
        case MeanReverting():
            half_life, level = known["half_life_quarters"], math.log(known["level"])
            pull = math.log(2) / half_life
            variance = known["volatility_per_year"] ** 2 * _YEAR / (2 * pull)
            kept = math.exp(-pull * quarter)
            mean = level + kept * (math.log(known["first"]) - level)
            return mean, math.sqrt(variance * -math.expm1(-2 * pull * quarter))
        case _:
            return None


@singledispatch
def describe_process(process: Process) -> str:
    """Return a process in a planner's words."""
    raise TypeError(f"no words for {type(process).__name__}")


@describe_process.register
def _(process: RandomWalk) -> str:
    return (
        f"random walk from {describe(process.first)}; drift per year "
        f"{describe(process.drift_per_year)}; volatility per year "
        f"{describe(process.volatility_per_year)}"
    )


@describe_process.register
def _(process: MeanReverting) -> str:
    return (
        f"from {describe(process.first)} back to {describe(process.level)}, half of the way in "
        f"{describe(process.half_life_quarters)} quarters; volatility per year "
        f"{describe(process.volatility_per_year)}"
    )


@describe_process.register
def _(process: Steps) -> str:
    return (
        f"{describe(process.first)}, which changes in a quarter with probability "
        f"{100 * process.probability_per_quarter:g} %, by {describe(process.change)}"
    )


@describe_process.register
def _(process: LearningCurve) -> str:
    made = math.fsum(process.volume_by_quarter)
    return (
        f"{describe(process.first)}, lower by {describe(process.learning_rate)} with each doubling "
        f"of {describe(process.volume_before)} made before the plan; {made:g} are made in it"
    )
