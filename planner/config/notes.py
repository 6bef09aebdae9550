"""What a scenario may say, but its reader must be told: terms, lives and lead times."""

from __future__ import annotations

from planner.config.quantities import support_of
from planner.config.schema import Buy, Reserve, Scenario


def notes(scenario: Scenario) -> list[str]:
    """Return what a reader must be told, in the order of the offers; limits come last."""
    found: list[str] = []
    for name, offer in scenario.offers.items():
        if isinstance(offer, Buy | Reserve) and offer.lead_time_quarters >= scenario.quarters:
            found.append(
                f"Offer {name} can never deliver within the plan: its lead time is "
                f"{_quarters(offer.lead_time_quarters)} and the plan has "
                f"{_quarters(scenario.quarters)}."
            )
        elif isinstance(offer, Reserve):
            found.extend(_term(name, offer, scenario))
        elif isinstance(offer, Buy):
            found.extend(_life(name, offer, scenario))
    return [*found, *_vendor_shares(scenario)]


def _vendor_shares(scenario: Scenario) -> list[str]:
    """Return a note when the vendors' largest shares leave part of every order to nobody."""
    shares = scenario.limits.largest_vendor_share
    committed = {
        scenario.platforms[offer.platform].vendor
        for offer in scenario.offers.values()
        if isinstance(offer, Buy | Reserve)
    }
    if not committed or not committed <= shares.keys():
        return []
    most = sum(support_of(shares[vendor])[1] for vendor in committed)
    if most >= 1:
        return []
    named = ", ".join(sorted(committed))
    return [
        f"The largest shares of all vendors that sell or reserve here ({named}) sum to {most:g}, "
        "which is below 1: together they forbid every purchase and reservation."
    ]


def _term(name: str, offer: Reserve, scenario: Scenario) -> list[str]:
    quarters = scenario.quarter_names()
    last_whole = scenario.quarters - offer.term_quarters
    if last_whole >= scenario.quarters - 1:
        return []
    consequence = (
        f"Only the payments up to {quarters[-1]} are counted as cost; those due after it are "
        "shown as contract liability."
    )
    if last_whole < offer.lead_time_quarters:
        return [
            f"Offer {name}: every term of {_quarters(offer.term_quarters)} outlasts the plan of "
            f"{_quarters(scenario.quarters)}, as none begins before "
            f"{quarters[offer.lead_time_quarters]}. {consequence}"
        ]
    return [
        f"Offer {name}: a term of {_quarters(offer.term_quarters)} that begins after "
        f"{quarters[last_whole]} outlasts the plan. {consequence}"
    ]


def _life(name: str, offer: Buy, scenario: Scenario) -> list[str]:
    earliest = offer.lead_time_quarters
    end = earliest + offer.life_quarters
    if end >= scenario.quarters:
        return []
    quarters = scenario.quarter_names()
    return [
        f"Offer {name}: accelerators delivered in {quarters[earliest]} are out of use from "
        f"{quarters[end]} on (life {_quarters(offer.life_quarters)}); the plan must replace them."
    ]


def _quarters(count: int) -> str:
    return f"{count} quarter{'' if count == 1 else 's'}"
