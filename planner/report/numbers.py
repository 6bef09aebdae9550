"""Numbers as a reader sees them: with units, and with no more digits than their error supports."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from planner.analysis.results_estimates import Estimate

NOT_KNOWN = "not known"
_DIGITS = 3
_DIGITS_WITH_ERROR = 4
_SMALLEST_PLACE = -2


@dataclass(frozen=True)
class Scale:
    """A unit that a whole table is shown in: divide by `divisor`."""

    divisor: float
    name: str


def error_of(estimate: Estimate) -> float | None:
    """Return the standard error where it is known: one sample says nothing about its error."""
    error = estimate.standard_error
    return error if estimate.n >= 2 and error is not None and math.isfinite(error) else None


def beyond_noise(estimate: Estimate) -> bool:
    """Return whether an estimate differs from zero by more than two of its standard errors."""
    error = error_of(estimate)
    return error is not None and abs(estimate.value) > 2 * error


def usd(value: float, error: float | None = None, *, digits: int = _DIGITS) -> str:
    """Return dollars such as ``$412 M``, ``$1.23 B`` or ``$18,400``.

    Parameters
    ----------
    value : float
        Dollars.
    error : float, optional
        Standard error in dollars. With it, the last digit shown is at most one beyond the error's
        leading digit; without it (or when it is 0) `digits` significant digits are shown.
    """
    if not math.isfinite(value):
        return NOT_KNOWN
    return _usd_to(value, _last_place(value, error, digits))


def usd_error(estimate: Estimate) -> str:
    """Return a standard error in dollars with two digits, or that it is not known.

    A tenth of a million or more beside millions stays in millions: ``$0.89 M``, not ``$890,000``.
    """
    error = error_of(estimate)
    if error is None:
        return NOT_KNOWN
    if 1e5 <= error < 1e6 <= abs(estimate.value) < 1e9:
        return f"${_decimal(error / 1e6, _last_place(error / 1e6, None, 2))} M"
    return usd(error, digits=2)


def error_words(estimate: Estimate) -> str:
    """Return a standard error in brackets, after a space; nothing where it is not known."""
    return "" if error_of(estimate) is None else f" (standard error {usd_error(estimate)})"


def usd_of(estimate: Estimate) -> str:
    """Return an estimate in dollars with the digits that its standard error supports."""
    return usd(estimate.value, error_of(estimate))


def usd_pm(estimate: Estimate) -> str:
    """Return ``$412.3 M ± $3.2 M``; only the value where there is no standard error."""
    if error_of(estimate) is None:
        return usd(estimate.value)
    return f"{usd_of(estimate)} ± {usd_error(estimate)}"


def usd_range(low: float, high: float) -> str:
    """Return ``$406 M to $419 M``, with digits enough to tell the ends apart."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return NOT_KNOWN
    place = _range_place(low, high)
    return f"{_usd_to(low, place)} to {_usd_to(high, place)}"


def usd_interval(estimate: Estimate) -> str:
    """Return the 95 % interval of an estimate in dollars, or the bound that is known."""
    low, high = estimate.low, estimate.high
    if low is not None and high is not None:
        return usd_range(low, high)
    if low is not None:
        return f"{usd(low)} or more"
    return NOT_KNOWN if high is None else f"{usd(high)} or less"


def usd_scale(values: Iterable[float]) -> Scale:
    """Return the unit in which a table of dollars is best read."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest >= 1e10:
        return Scale(1e9, "USD billion")
    return Scale(1e6, "USD million") if largest >= 1e6 else Scale(1.0, "USD")


def unit_scale(values: Iterable[float], unit: str) -> Scale:
    """Return the multiple of `unit` in which a table or chart of amounts is best read."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest >= 1e9:
        return Scale(1e9, f"billion {unit}")
    return Scale(1e6, f"million {unit}") if largest >= 1e6 else Scale(1.0, unit)


def number(value: float, error: float | None = None, *, digits: int = _DIGITS) -> str:
    """Return a number with thousands separators and `digits` significant digits.

    Where there is an error its digits decide, as in `usd`. Below 1e-4 the exponent is written.
    """
    if not math.isfinite(value):
        return NOT_KNOWN
    if 0 < abs(value) < 1e-4:
        return f"{value:.{digits - 1}e}"
    return _decimal(value, _last_place(value, error, digits))


def compact(value: float, error: float | None = None) -> str:
    """Return a number for a crowded table: as `number`, but nothing finer than a hundredth."""
    if not math.isfinite(value):
        return NOT_KNOWN
    text = _decimal(value, max(_last_place(value, error, _DIGITS), _SMALLEST_PLACE))
    if float(text.replace(",", "")) == 0:
        return "<0.01" if 0 < value < 0.01 else "0"
    return text


def exact(value: float) -> str:
    """Return a figure as its author wrote it, with thousands separators."""
    return f"{value:,.12g}" if math.isfinite(value) else NOT_KNOWN


def figure(value: float) -> str:
    """Return a derived figure with at most four significant digits, without trailing zeros."""
    return exact(float(f"{value:.4g}"))


def scaled(estimate: Estimate, scale: Scale) -> tuple[str, str]:
    """Return an estimate and its standard error in the unit of a table."""
    error = error_of(estimate)
    if error is None:
        return compact(estimate.value / scale.divisor), NOT_KNOWN
    part = error / scale.divisor
    return compact(estimate.value / scale.divisor, part), compact(part)


def count(value: float) -> str:
    """Return a whole number with thousands separators; one decimal below ten if it has any."""
    if not math.isfinite(value):
        return NOT_KNOWN
    whole = round(value)
    if abs(value) >= 10 or abs(value - whole) < 0.05:
        return "<0.1" if whole == 0 and value > 1e-9 else f"{whole:,}"
    return f"{value:.1f}"


def percent(share: float, error: float | None = None) -> str:
    """Return a share as ``62 %`` or ``99.2 %``; never 0 % or 100 % for what is not quite that."""
    if not math.isfinite(share):
        return NOT_KNOWN
    value = 100 * share
    if value in (0, 100):
        return f"{value:.0f} %"
    scaled = None if error is None else 100 * error
    text = _decimal(value, max(_last_place(value, scaled, _DIGITS), -1))
    shown = float(text.replace(",", ""))
    if shown == 0 and value > 0:
        return "<0.1 %" if value < 0.1 else f"{value:.1f} %"
    if shown == 0:
        return f"{number(value, digits=1)} %"
    if shown >= 100 and value < 100:
        return ">99.9 %" if value > 99.9 else f"{value:.1f} %"
    return f"{text} %"


def percent_of(estimate: Estimate) -> str:
    """Return an estimated share with the digits that its standard error supports."""
    return percent(estimate.value, error_of(estimate))


def percent_error(estimate: Estimate) -> str:
    """Return the standard error of a share in percentage points, or that it is not known."""
    error = error_of(estimate)
    return NOT_KNOWN if error is None else compact(100 * error)


def percent_at_most(share: float) -> str:
    """Return a bound on a share with two significant digits, rounded up so that it still holds."""
    value = 100 * share
    if not math.isfinite(value):
        return NOT_KNOWN
    if value <= 0:
        return "0 %"
    place = _magnitude(value) - 1
    # A hair less, or the rounding of 0.24 itself would make it 0.25.
    steps = math.ceil(value / 10.0**place * (1 - 1e-12))
    return f"{number(steps * 10.0**place, digits=2)} %"


def percent_interval(estimate: Estimate) -> str:
    """Return the 95 % interval of a share, or that it is not known."""
    low, high = estimate.low, estimate.high
    if low is None or high is None or estimate.n < 2:
        return NOT_KNOWN
    return f"{percent(low)} to {percent(high)}"


def _magnitude(value: float) -> int:
    return math.floor(math.log10(abs(value)))


def _last_place(value: float, error: float | None, digits: int) -> int:
    """Return the power of ten of the last digit to show."""
    if error is None or not math.isfinite(error) or error <= 0:
        return _magnitude(value) - digits + 1 if value else 0
    supported = _magnitude(error) - 1
    if not value:
        return supported
    # Two digits are shown even where the error is larger: a value must not print as zero.
    finest, coarsest = _magnitude(value) - _DIGITS_WITH_ERROR + 1, _magnitude(value) - 1
    return min(max(supported, finest), coarsest)


def _range_place(low: float, high: float) -> int:
    largest = max(abs(low), abs(high))
    if largest == 0:
        return 0
    place = _magnitude(largest) - _DIGITS + 1
    if high > low:
        place = max(min(place, _magnitude(high - low) - 1), place - 2)
    return place


def _decimal(value: float, place: int) -> str:
    # Adding 0.0 turns -0.0, which would print a sign, into 0.0.
    return f"{round(value, -place) + 0.0:,.{max(-place, 0)}f}"


def _usd_to(value: float, place: int) -> str:
    shown = round(value, -place)
    power, suffix = next(
        (each for each in ((9, " B"), (6, " M")) if abs(shown) >= 10.0 ** each[0]), (0, "")
    )
    digits = _decimal(abs(shown) / 10.0**power, place - power)
    return f"{'-' if shown < 0 else ''}${digits}{suffix}"
