"""What a report picks out of the results: orders, selections and comparisons, no new estimates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, is_dataclass
from typing import TypeVar

from planner.analysis.results import Appearance, LimitValue, Results, ShortfallRepeat
from planner.analysis.results_estimates import (
    CostPart,
    Driver,
    Estimate,
    MixCell,
    ServedShare,
    Spread,
)
from planner.report.numbers import Scale, beyond_noise

Item = TypeVar("Item")

MIX_CHANGE = 0.01
"""A platform's share of service has moved when it moves by more than this (one point)."""

ACCELERATORS = Scale(1.0, "accelerators")


@dataclass(frozen=True)
class Shift:
    """A platform's share of a unit's service at another price of shortfall, same samples."""

    unit: str
    platform: str
    after: Estimate
    change: Estimate

    @property
    def before(self) -> float:
        """Share of service at the stated price, on the samples of the repeat."""
        return self.after.value - self.change.value

    @property
    def told(self) -> bool:
        """Whether the change can be told from sampling noise."""
        return beyond_noise(self.change)


def is_certain(results: Results) -> bool:
    """Return whether nothing is uncertain, so that all samples are the same."""
    return results.size.uncertain_inputs == 0


def is_one_future(results: Results) -> bool:
    """Return whether only one future was looked at, so that nothing is an average."""
    return is_certain(results) or results.samples_done == 1


def is_binned(results: Results) -> bool:
    """Return whether percentiles are read off bins, as there are more samples than are kept."""
    return results.solves.optimal > results.samples_in_full


def largest_percentile_error(results: Results) -> float:
    """Return the largest error of percentiles, relative to mean or percentile of the quantity.

    The largest of the four; infinite if that is zero and the error is not.
    """
    return max(_percentile_errors(results))


def _percentile_errors(found: object) -> Iterator[float]:
    """Yield the relative error of every spread in results or in a part of them."""
    if isinstance(found, Spread):
        largest = max(abs(item.value) for item in (found.mean, found.p10, found.p50, found.p90))
        error = found.percentile_error
        yield error / largest if largest > 0 else math.inf if error > 0 else 0.0
    elif is_dataclass(found):
        yield from _percentile_errors(list(vars(found).values()))
    elif isinstance(found, dict):
        yield from _percentile_errors(list(found.values()))
    elif isinstance(found, list):
        for item in found:
            yield from _percentile_errors(item)


def units(results: Results) -> list[str]:
    """Return what the workloads are counted in, each unit once; usually there is one."""
    return list(dict.fromkeys(results.units.values()))


def service_of(results: Results, unit: str) -> str:
    """Return what shares of a unit's service are shares of: its name where there are several."""
    return "service" if len(units(results)) == 1 else unit


def used(results: Results) -> list[Appearance]:
    """Return the platforms in some optimum, the largest share of any unit's service first."""
    found = [item for item in results.appearances if item.share_of_samples.value > 0]
    return sorted(found, key=lambda item: -max(s.value for s in item.share_of_service.values()))


def serving(results: Results, unit: str) -> list[Appearance]:
    """Return the platforms that put out some of a unit, the largest share first."""
    found = [item for item in used(results) if item.share_of_service[unit].value > 0]
    return sorted(found, key=lambda item: -item.share_of_service[unit].value)


def idle(results: Results) -> list[Appearance]:
    """Return the platforms that are in service in some sample, but have work in none."""
    working = {item.platform for unit in units(results) for item in serving(results, unit)}
    return [item for item in used(results) if item.platform not in working]


def unused(results: Results) -> list[Appearance]:
    """Return the platforms that are in no optimum, in the order of the config."""
    return [item for item in results.appearances if not item.share_of_samples.value > 0]


def mix_cells(results: Results) -> dict[tuple[str, str], MixCell]:
    """Return the mix by platform and quarter."""
    return {(cell.platform, cell.quarter): cell for cell in results.mix}


def chunks(items: Sequence[Item], size: int = 8) -> Iterator[Sequence[Item]]:
    """Yield as few runs of at most `size` items (quarters, columns) as will do, of even length."""
    tables = math.ceil(len(items) / size)
    for part in range(tables):
        yield items[part * len(items) // tables : (part + 1) * len(items) // tables]


def never_full(results: Results) -> list[ServedShare]:
    """Return the workloads whose whole demand is served in no sample."""
    return [item for item in results.served if item.fully_served.value <= 0]


def has_whole(results: Results) -> bool:
    """Return whether some decisions had to be whole, so that costs are proven to a gap."""
    return results.solves.integer_columns > 0


def shortfall_part(results: Results) -> CostPart | None:
    """Return the part of the cost that is the price of unserved demand."""
    return next((part for part in results.cost_parts if "shortfall" in part.name.lower()), None)


def telling_drivers(results: Results) -> list[Driver]:
    """Return the inputs whose swing can be told from noise, the largest swing first."""
    return [item for item in all_drivers(results) if item.distinguishable]


def silent_drivers(results: Results) -> list[Driver]:
    """Return the inputs whose swing cannot be told from noise."""
    return [item for item in all_drivers(results) if not item.distinguishable]


def all_drivers(results: Results) -> list[Driver]:
    """Return every input, the largest swing first."""
    return sorted(results.drivers, key=lambda item: -abs(item.swing_usd.value))


def binding_limits(results: Results) -> list[LimitValue]:
    """Return the limits that matter in some sample, the most valuable unit first."""
    found = [item for item in results.limits if _matters(item)]
    return sorted(found, key=lambda item: item.one_more_usd.value)


def slack_limits(results: Results) -> list[LimitValue]:
    """Return the limits that never bind and whose units are worth nothing."""
    return [item for item in results.limits if not _matters(item)]


def top_limits(results: Results) -> list[LimitValue]:
    """Return, of each kind, the limit whose extra unit saves most, if that can be told from zero.

    Units of different kinds do not compare, so no kind is called the tightest.
    """
    best: dict[str, LimitValue] = {}
    for item in binding_limits(results):
        if item.one_more_usd.value < 0 and is_told(results, item):
            best.setdefault(item.family, item)
    return list(best.values())


def is_told(results: Results, limit: LimitValue) -> bool:
    """Return whether the value of one more unit can be told from zero; it can if all is certain."""
    return is_certain(results) or beyond_noise(limit.one_more_usd)


def shifts(repeat: ShortfallRepeat) -> list[Shift]:
    """Return each platform's change in share of each unit's service, the largest first."""
    found = [
        Shift(unit, name, after, repeat.service_change_by_platform[unit][name])
        for unit, by_platform in repeat.service_by_platform.items()
        for name, after in by_platform.items()
    ]
    return sorted(found, key=lambda shift: -abs(shift.change.value))


def repeats(results: Results) -> list[ShortfallRepeat]:
    """Return the answers by price of shortfall, the stated one among them, the lowest first."""
    return sorted(results.shortfall_repeats, key=lambda item: item.factor)


def other_prices(results: Results) -> list[ShortfallRepeat]:
    """Return the repeats at other prices than the stated one, the lowest price first."""
    return [item for item in repeats(results) if item.factor != 1]


def factor_words(factor: float) -> str:
    """Return ``half the stated price``, ``double the stated price`` or ``3 x the stated price``."""
    words = {0.5: "half", 2.0: "double"}
    return f"{words.get(factor, f'{factor:g} x')} the stated price"


def _matters(limit: LimitValue) -> bool:
    values = (limit.binding_share, limit.one_more_usd, limit.one_less_usd)
    return any(item.value != 0 for item in values)
