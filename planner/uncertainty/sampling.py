"""Draws: any run of samples, made from the seed, the inputs' names and the samples' numbers alone.

Every input has streams of its own, and sample ``s`` takes their number ``s``, whatever block it is
solved in; adding, removing or reordering inputs leaves all others' draws as they were. (Of a Sobol'
net every input takes a dimension, so there inputs can only be added at the end.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from planner.beliefs.kinds import is_uncertain, quantile
from planner.catalog.resolve import LoadedScenario
from planner.config.document import Location, dotted
from planner.config.processes import Process
from planner.config.quantities import ByQuarter, Path, Trend
from planner.config.schema import Scenario
from planner.config.wording import did_you_mean
from planner.errors import InputError, Problem
from planner.uncertainty.dependence import INDEPENDENCE, NAMES, Dependence, dependence_of
from planner.uncertainty.events import Events, Happening, WhichOne
from planner.uncertainty.inputs import SHOCKS, Input, parts, uncertain_inputs
from planner.uncertainty.processes import process_path, shock_belief, trend_error
from planner.uncertainty.replicates import latin_hypercube, replicate_size, scrambled_sobol
from planner.uncertainty.streams import uniforms

Array = NDArray[np.float64]
Method = Literal["random", "latin-hypercube", "sobol"]

_MIDDLE = np.array([0.5])
_ONE = np.array([1.0])


@dataclass(frozen=True)
class Draws:
    """The drawn value of every uncertain input for some samples, and the figures made of them.

    What is known is the same in every sample, so there is only one of it: its sample axis has
    length 1, and broadcasts. All arrays are in Fortran order: the samples lie side by side.

    Attributes
    ----------
    values : mapping of str to ndarray of shape (sample,)
    n : int
        Number of samples.
    events : Events or None
        What changes figures; the values above are as they were drawn.
    """

    values: Mapping[str, Array]
    n: int
    events: Events | None = None

    def number(self, name: str, quantity: Path) -> Array:
        """Return a quantity's value per sample, shape (sample,), or (1,) where it is known."""
        return self._after_events(name, self._number(name, quantity))

    def path(self, name: str, quantity: Path, quarters: int) -> Array:
        """Return a quantity per sample and quarter, (sample, quarter), or (1, quarter)."""
        return self._after_events(name, self._path(name, quantity, quarters))

    def _after_events(self, name: str, values: Array) -> Array:
        if self.events is None or name not in self.events.places:
            return values
        return self.events.changed(name, values, self.happening, self._number)

    @cached_property
    def happening(self) -> Happening:
        """Which events hold when."""
        if self.events is None:
            raise ValueError("no events to look at")
        return self.events.happening(self._number)

    def _number(self, name: str, quantity: Path) -> Array:
        drawn = self.values.get(name)
        if drawn is not None:
            return drawn
        if isinstance(quantity, float):
            return np.array([quantity])
        return quantile(quantity, _MIDDLE)  # type: ignore[arg-type]

    def _path(self, name: str, quantity: Path, quarters: int) -> Array:
        match quantity:
            case float():
                return np.full((1, quarters), quantity)
            case list():
                return np.array([quantity])
            case ByQuarter():
                drawn = self._parts(name, quantity)
                return _spread(drawn.get(f"{name}.times", _ONE), np.array(quantity.by_quarter))
            case Trend():
                drawn = self._parts(name, quantity)
                growth = 1 + drawn[f"{name}.change_per_year"][:, None]
                grown = np.power(growth, np.arange(quarters) / 4, order="F")
                values = _spread(drawn[f"{name}.first"], grown)
                if quantity.error_sd is None:
                    return values
                shocks = self._shocks(name, quantity, quarters)
                error = trend_error(drawn[f"{name}.error_sd"], shocks)
                return np.multiply(values, error, order="F")
            case Process():
                drawn = {
                    key: self._number(f"{name}.{key}", getattr(quantity, key))
                    for key in quantity.parameters
                }
                shocks = self._shocks(name, quantity, quarters)
                return process_path(name, quantity, drawn, shocks)
            case _:
                return _spread(self._number(name, quantity), np.ones(quarters))

    def _parts(self, name: str, quantity: Path) -> dict[str, Array]:
        # Without a quarter there is no shock among them.
        return {key: self._number(key, belief) for key, belief in parts(name, quantity, ()).items()}

    def _shocks(self, name: str, quantity: Process | Trend, quarters: int) -> list[Array]:
        """Return the shock of every quarter after the first; none of what moves without."""
        belief = shock_belief(quantity)
        if belief is None:
            return []
        if not is_uncertain(belief):
            return [quantile(belief, _MIDDLE)] * (quarters - 1)
        names = self._shock_names.get(name, [])
        if len(names) != quarters - 1:
            raise ValueError(f"{name} has {len(names)} shocks drawn for {quarters} quarters")
        return [self.values[shock] for shock in names]

    @cached_property
    def _shock_names(self) -> dict[str, list[str]]:
        """The names of all shocks by the path that they move, quarter after quarter."""
        found: dict[str, list[str]] = {}
        # Years of five digits come after those of four.
        for name in sorted(self.values, key=lambda name: (len(name), name)):
            path, between, _ = name.rpartition(f".{SHOCKS}.")
            if between:
                found.setdefault(path, []).append(name)
        return found


def _spread(factor: Array, by_quarter: Array) -> Array:
    """Return the product by quarter, (sample, quarter), in Fortran order."""
    spread: Array = np.multiply(factor[:, None], by_quarter, order="F")
    return spread


@dataclass(frozen=True)
class Sampler:
    """What draws a scenario's samples, any of them by their numbers.

    Attributes
    ----------
    inputs : tuple of Input
    seed : int
    method : str
        ``random``, ``latin-hypercube`` or ``sobol``.
    replicate : int
        Samples of a replicate; 1 where all are independent.
    dimensions : tuple of int
        Of a Sobol' net, by input.
    dependence : Dependence
    pinned : tuple of (name, value)
        Inputs that have this value in every sample; all others stay as they are drawn.
    """

    inputs: tuple[Input, ...]
    seed: int
    method: Method = "random"
    replicate: int = 1
    dimensions: tuple[int, ...] = ()
    dependence: Dependence = INDEPENDENCE
    pinned: tuple[tuple[str, float], ...] = ()

    def median(self) -> Draws:
        """Return one sample with every input at its median, or where it is pinned."""
        found = median_draws(self.inputs)
        return Draws({**found.values, **self._pins(1)}, 1)

    def _pins(self, n: int) -> dict[str, Array]:
        return {name: np.full(n, value) for name, value in self.pinned}

    def draw(self, first: int, n: int) -> Draws:
        """Draw the samples ``first`` to ``first + n - 1``.

        Raises
        ------
        InputError
            If a draw is not a finite number.
        """
        return self.values(self.numbers(first, n))

    def values(self, numbers: Array) -> Draws:
        """Return the draws that uniform numbers stand for, (input, sample).

        Raises
        ------
        InputError
            If a draw is not a finite number.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            pairs = zip(self.inputs, numbers, strict=True)
            values = {item.name: _drawn(item, u) for item, u in pairs}
            return Draws({**values, **self._pins(numbers.shape[1])}, numbers.shape[1])

    def numbers(self, first: int, n: int) -> Array:
        """Return the uniform number of every input in some samples, (input, sample)."""
        if self.method == "random":
            found = self._streams("", first, n)
        else:
            begin = first - first % self.replicate
            end = first + n + -(first + n) % self.replicate
            found = self._even(begin, end - begin)[:, first - begin : first - begin + n]
        for copula in self.dependence.copulas:
            tail = None
            if copula.degrees_of_freedom is not None:
                (tail,) = uniforms(self.seed, [copula.name], first, n)
            found[copula.members] = copula.joined(found[copula.members], tail)
        return found

    def _even(self, first: int, n: int) -> Array:
        """Return the numbers of whole replicates."""
        shape = (len(self.inputs), n // self.replicate, self.replicate)
        order, within = (self._streams(part, first, n).reshape(shape) for part in ("", "|within"))
        if self.method == "sobol":
            found = scrambled_sobol(self.dimensions, order, within)
        else:
            found = latin_hypercube(order, within)
        return found.reshape(len(self.inputs), n)

    def _streams(self, part: str, first: int, n: int) -> Array:
        return uniforms(self.seed, [f"{item.name}{part}" for item in self.inputs], first, n)


def build_sampler(scenario: Scenario) -> Sampler:
    """Return what draws a scenario's samples.

    Raises
    ------
    InputError
        If the scenario names inputs that it does not have, or correlations that cannot be.
    """
    inputs = uncertain_inputs(scenario)
    found, problems = _sampler(scenario, inputs)
    if problems:
        raise InputError([Problem(dotted(p[0]), p[1], p[2], p[3]) for p in problems])
    return found


def refuse_what_cannot_be_sampled(loaded: LoadedScenario) -> None:
    """Raise InputError, with the lines of the config, where `build_sampler` would."""
    _, problems = _sampler(loaded.scenario, uncertain_inputs(loaded.scenario))
    if problems:
        tell = loaded.document.problem
        raise InputError(
            [
                tell(where, message, allowed=allowed, remedy=remedy)
                for where, message, allowed, remedy in problems
            ]
        )


def _sampler(
    scenario: Scenario, inputs: tuple[Input, ...]
) -> tuple[Sampler, list[tuple[Location, str, str, str]]]:
    dependence = dependence_of(scenario.correlations, inputs)
    names = [item.name for item in inputs]
    leading = scenario.sampling.leading
    problems = list(dependence.problems)
    for k, name in enumerate(leading):
        if name not in names:
            here = ("sampling", "leading", k)
            remedy = did_you_mean(name, names, "look at the names with `planner inputs`")
            problems.append((here, f"no uncertain input is named `{name}`", NAMES, remedy))
    order = list(dict.fromkeys([name for name in leading if name in names] + names))
    method = scenario.sampling.method
    sampler = Sampler(
        inputs=inputs,
        seed=scenario.seed,
        method=method,
        replicate=1 if method == "random" else replicate_size(scenario.samples),
        dimensions=tuple(order.index(name) for name in names),
        dependence=dependence,
    )
    return sampler, problems


def median_draws(inputs: Sequence[Input]) -> Draws:
    """Return one sample with every uncertain input at its median.

    An event happens there only if that is likelier than not, also one of a group.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return Draws({item.name: _median(item) for item in inputs}, 1)


def _median(item: Input) -> Array:
    if isinstance(item.belief, WhichOne):
        return np.array([item.belief.likely()])
    return _drawn(item, _MIDDLE)


def _drawn(item: Input, u: Array) -> Array:
    try:
        values = quantile(item.belief, u)
    except OverflowError:
        values = np.array([np.inf])
    # A sum that is finite has finite parts only, and is the cheaper thing to look at.
    if not np.isfinite(values.sum()) and not np.isfinite(values).all():
        raise InputError(
            [
                Problem(
                    item.name,
                    "this belief gives values that are too large to compute with",
                    allowed="values below about 1e300",
                    remedy="narrow it, or change its unit",
                )
            ]
        )
    return values
