"""The plan's quarters and years: that lists and named quarters fit it, and that supply can come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from planner.config.document import Location
from planner.config.offers import QUARTER_PATTERN
from planner.config.raw import Raw, extremes, mapping
from planner.config.schema import quarters_from
from planner.config.slots import places
from planner.config.wording import show
from planner.errors import Problem

_SHOWN_QUARTERS = 6
_LISTS = ("by_quarter", "volume_by_quarter")
"""Keys of a figure that have a value for each quarter."""


def _lengths(raw: Raw) -> Iterator[Problem]:
    """Lists over the quarters with too few or too many values."""
    if raw.count is None:
        return
    for location, slot, found in places(raw.document.data):
        if "kind:by_quarter" not in slot.tags:
            continue
        at, value = location, found
        key = next((key for key in _LISTS if isinstance(value, dict) and key in value), None)
        if key is not None:
            at, value = (*at, key), value[key]
        if isinstance(value, list) and value and len(value) != raw.count:
            yield _wrong_length(raw, at, value, raw.count)


def _wrong_length(raw: Raw, location: Location, values: list[Any], count: int) -> Problem:
    given, quarters = len(values), raw.quarters
    message = f"{_counted(given, 'value')} for {count} quarters"
    if quarters is not None and given < count:
        missing = quarters[given:]
        verb = "has" if len(missing) == 1 else "have"
        message += f": {_named(missing)} {verb} no value"
    elif quarters is not None:
        message += f": the plan ends with {quarters[-1]}, the list does not"
    remedy = "add the missing values" if given < count else "remove the last ones"
    return raw.document.problem(
        location,
        message,
        allowed=f"a list of {count} numbers, one for each of `quarters`",
        remedy=f"{remedy}, or change `quarters`",
        value=show(values),
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _named(quarters: Sequence[str]) -> str:
    if len(quarters) > _SHOWN_QUARTERS:
        return f"{quarters[0]} to {quarters[-1]}"
    *most, last = quarters
    return f"{', '.join(most)} and {last}" if most else last


def _years(raw: Raw) -> Iterator[Problem]:
    """Budgets for too few or too many years."""
    budgets = mapping(raw.section("limits").get("budgets"))
    if raw.count is None:
        return
    years = -(-raw.count // 4)
    for key in ("capex_usd_by_year", "opex_usd_by_year"):
        values = budgets.get(key)
        if isinstance(values, list) and values and len(values) != years:
            yield raw.document.problem(
                ("limits", "budgets", key),
                f"{_counted(len(values), 'value')} for a plan of {_counted(raw.count, 'quarter')}, "
                f"which begins {_counted(years, 'year')}",
                allowed=f"a list of {_counted(years, 'number')}, one for each year of the plan",
                remedy="give one for each four quarters, the last of which may be fewer",
                value=show(values),
            )


def _outside(raw: Raw) -> Iterator[Problem]:
    """Quarters that are named and are not in the plan."""
    quarters = raw.quarters
    if quarters is None:
        return
    for location, slot, found in places(raw.document.data):
        named = slot.pattern == QUARTER_PATTERN and location != ("start",)
        if named and isinstance(found, str) and _is_quarter(found) and found not in quarters:
            yield raw.document.problem(
                location,
                f"this quarter is not in the plan of {_counted(len(quarters), 'quarter')}",
                allowed=f"{quarters[0]} to {quarters[-1]}",
                remedy="name a quarter of the plan, or change `start` or `quarters`",
                value=show(found),
            )


def _is_quarter(text: str) -> bool:
    try:
        return bool(quarters_from(text, 1))
    except ValueError:
        return False


def _windows(raw: Raw) -> Iterator[Problem]:
    """Campaigns that end before they begin."""
    for name, workload in raw.entries("workloads").items():
        campaign = mapping(workload.get("campaign"))
        first, last = campaign.get("from_quarter"), campaign.get("until_quarter")
        if not isinstance(first, str) or not isinstance(last, str):
            continue
        if _is_quarter(first) and _is_quarter(last) and first > last:
            yield raw.document.problem(
                ("workloads", name, "campaign", "until_quarter"),
                f"the work would end before it begins in {first}",
                allowed=f"{first} or later",
                remedy="correct the quarters, or swap them",
                value=show(last),
            )


def _deliveries(raw: Raw) -> Iterator[Problem]:
    """Orders that are due after the plan."""
    for name, order in raw.entries("existing").items():
        due = order.get("delivery_in_quarters")
        if isinstance(due, bool) or not isinstance(due, int) or raw.count is None:
            continue
        if due >= raw.count:
            yield raw.document.problem(
                ("existing", name, "delivery_in_quarters"),
                f"this delivery is due after the plan of {_counted(raw.count, 'quarter')}",
                allowed=f"a whole number from 0 to {raw.count - 1}",
                remedy="remove the order, or make the plan longer",
                value=show(due),
            )


_NO_SUPPLY = (
    ("offers", "supply_accelerators", "this offer has no supply", "remove the offer"),
    ("offers", "ramp_accelerators", "this programme has no supply", "remove the programme"),
    ("power", "supply_mw", "this contract gives no power", "remove the contract"),
)


def _no_supply(raw: Raw) -> Iterator[Problem]:
    """Offers and contracts that can never deliver anything."""
    for section, key, what, remedy in _NO_SUPPLY:
        for name, body in raw.entries(section).items():
            supply = body.get(key)
            span = extremes(supply)
            if span is not None and span[1] == 0:
                yield raw.document.problem(
                    (section, name, key),
                    f"{what} in any quarter",
                    allowed="a number above 0 in at least one quarter",
                    remedy=f"{remedy}, or say what it can deliver",
                    value=show(supply),
                )


def _too_large_orders(raw: Raw) -> Iterator[Problem]:
    """Orders that must be larger than anything that can be supplied."""
    for name, offer in raw.entries("offers").items():
        span = extremes(offer.get("supply_accelerators"))
        for key in ("minimum_order_accelerators", "whole_units_of"):
            least = offer.get(key)
            if span is None or isinstance(least, bool) or not isinstance(least, int | float):
                continue
            if 0 < span[1] < least:
                yield raw.document.problem(
                    ("offers", name, key),
                    "no quarter's supply is as large as the smallest order: nothing can be ordered",
                    allowed=f"up to {span[1]:g}, the largest supply of a quarter",
                    remedy="lower it, or correct `supply_accelerators`",
                    value=show(least),
                )


PLAN_CHECKS = (_lengths, _years, _outside, _windows, _deliveries, _no_supply, _too_large_orders)
