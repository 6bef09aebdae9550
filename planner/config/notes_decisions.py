"""What a reader must be told of the decisions: yes or no, whole units, switched off or not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from planner.config.offers import Buy, Option, Programme, Reserve
from planner.config.schema import Scenario


def decisions(scenario: Scenario) -> Iterator[str]:
    """Yield what holds for the decisions of every plan of a scenario."""
    yield from _bets(scenario)
    yield from _switched_off(scenario)


def _bets(scenario: Scenario) -> Iterator[str]:
    kinds = {kind: names for kind, names in _yes_or_no(scenario).items() if names}
    if not kinds:
        return
    named = "; ".join(f"{kind} ({', '.join(names)})" for kind, names in kinds.items())
    if scenario.bets == "relaxed":
        yield (
            f"`bets: relaxed` lets a plan take a part of what is a yes or no, or comes whole: "
            f"{named}. Costs are therefore a lower bound, and a plan as shown may not be for sale."
        )
    else:
        yield (
            f"Decided by yes or no, or in whole units: {named}. The cost of every plan is proven "
            f"to be within {100 * scenario.bet_gap:g} % of the lowest."
        )


def _yes_or_no(scenario: Scenario) -> dict[str, list[str]]:
    """Return the names of what is decided by yes or no, by its kind."""
    offers = scenario.offers.items()
    return {
        "minimum orders": [
            name
            for name, offer in offers
            if isinstance(offer, Buy | Reserve) and offer.minimum_order_accelerators is not None
        ],
        "discounts by volume": [
            name for name, offer in offers if isinstance(offer, Buy) and _discounts(offer)
        ],
        "options": [n for n, offer in offers if isinstance(offer, Option) and not offer.divisible],
        "programmes": [
            name for name, offer in offers if isinstance(offer, Programme) and not offer.divisible
        ],
        "porting": [name for name, platform in scenario.platforms.items() if platform.porting],
        "price falls": list(scenario.bargaining.price_falls),
        "whole units": [name for name, offer in offers if offer.whole_units_of is not None],
    }


def _discounts(offer: Buy) -> bool:
    """Return whether a tier lowers the price; one that raises it needs no yes or no."""
    prices = [1.0, *(tier.price_times for tier in offer.volume_prices)]
    return any(later < first for first, later in pairwise(prices))


def _switched_off(scenario: Scenario) -> Iterator[str]:
    """Yield a note on platforms without idle power, where power is scarce."""
    stands = [(offer.platform, site) for offer in scenario.offers.values() for site in offer.sites]
    stands += [(entry.platform, entry.site) for entry in scenario.existing.values()]
    at_limited = {
        platform for platform, site in stands if scenario.sites[site].power_mw != "unlimited"
    }
    named = [
        name
        for name, platform in scenario.platforms.items()
        if platform.idle_power_share is None and name in at_limited
    ]
    if named:
        yield (
            f"Platforms without `idle_power_share` ({', '.join(named)}) count as switched off "
            "while they have no work: they then draw no power and cost neither energy nor hosting."
        )
