"""Offers, existing entries and power contracts with their names resolved to positions."""

from __future__ import annotations

import math
from dataclasses import dataclass

from planner.config.event_figures import span_of
from planner.config.fleet import Contracted, Ordered, Owned
from planner.config.offers import Buy, Option, Programme, Reserve
from planner.config.places import PowerLease
from planner.config.quantities import Quantity
from planner.config.schema import Scenario
from planner.model.eligibility import MayStand

OWNED_MODES = ("buy", "option", "programme")
"""Modes by which newly made accelerators become one's own."""

HELD_MODES = ("rent", "spot")
"""Modes that hold accelerators for one quarter and commit to nothing."""


@dataclass(frozen=True)
class Contract:
    """One way in which accelerators (or kW) come into service.

    Attributes
    ----------
    name, mode, path : str
        `path` is the dotted YAML path.
    platform : int
        -1 for power.
    sites : tuple of int
    starts : tuple of int
        The quarters in which it can start, as planned.
    lead_quarters : int
        From signing to the planned start.
    service_quarters : int
        For which one accelerator serves once it has started.
    least_slip, most_slip : int
        Quarters by which it can be late.
    divisible : bool
        Whether a part of a right or of a programme can be had.
    """

    name: str
    mode: str
    path: str
    platform: int
    sites: tuple[int, ...]
    starts: tuple[int, ...]
    lead_quarters: int
    service_quarters: int
    least_slip: int = 0
    most_slip: int = 0
    divisible: bool = False

    @property
    def commits(self) -> bool:
        """Whether it is a commitment rather than recourse."""
        return self.mode not in HELD_MODES

    @property
    def owned(self) -> bool:
        """Whether its accelerators are newly made and become one's own."""
        return self.mode in OWNED_MODES

    def reach(self, start: int, quarters: int) -> range:
        """Return the quarters of the plan in which what starts then can serve in some sample."""
        end = start + self.most_slip + self.service_quarters
        return range(min(start + self.least_slip, quarters), min(end, quarters))


def contracts_of(
    scenario: Scenario, may_stand: MayStand
) -> tuple[tuple[Contract, ...], tuple[Contract, ...]]:
    """Return the offers and the existing entries of a scenario."""
    sites, platforms = tuple(scenario.sites), tuple(scenario.platforms)
    offers = []
    for name, offer in scenario.offers.items():
        platform = platforms.index(offer.platform)
        least, most = _slips(scenario, f"offers.{name}", _slip_of(offer))
        lead, service = _lead_and_service(offer)
        offers.append(
            Contract(
                name=name,
                mode=offer.mode,
                path=f"offers.{name}",
                platform=platform,
                sites=tuple(i for i in map(sites.index, offer.sites) if may_stand(platform, i)),
                starts=_starts(offer, scenario),
                lead_quarters=lead,
                service_quarters=service,
                least_slip=least,
                most_slip=most,
                divisible=isinstance(offer, Option | Programme) and offer.divisible,
            )
        )
    return tuple(offers), tuple(_existing(scenario))


def power_contracts_of(scenario: Scenario) -> tuple[Contract, ...]:
    """Return the power contracts of a scenario."""
    sites = tuple(scenario.sites)
    found = []
    for name, item in scenario.power.items():
        least, most = _slips(scenario, f"power.{name}", item.slip_quarters)
        service = item.term_quarters if isinstance(item, PowerLease) else item.life_quarters
        found.append(
            Contract(
                name=name,
                mode=item.mode,
                path=f"power.{name}",
                platform=-1,
                sites=(sites.index(item.site),),
                starts=tuple(range(item.lead_time_quarters, scenario.quarters)),
                lead_quarters=item.lead_time_quarters,
                service_quarters=service,
                least_slip=least,
                most_slip=most,
            )
        )
    return tuple(found)


def ordered_before(offer: Contract, scenario: Scenario) -> int:
    """Return how many quarters before its start an order is placed.

    Nothing says when an own chip is ordered, but it is before anything is paid for it.
    """
    config = scenario.offers[offer.name] if offer.mode == "programme" else None
    if not isinstance(config, Programme):
        return offer.lead_quarters
    return max((0, *(part.quarters_before_delivery for part in config.payments)))


def first_silicon(offer: Programme, scenario: Scenario) -> int:
    """Return the planned quarter of first silicon."""
    return funding(offer, scenario) + offer.quarters_to_first_silicon


def funding(offer: Programme, scenario: Scenario) -> int:
    """Return the quarter in which a programme is funded."""
    if offer.funding_quarter is None:
        return 0
    return scenario.quarter_names().index(offer.funding_quarter)


def _existing(scenario: Scenario) -> list[Contract]:
    sites, platforms = tuple(scenario.sites), tuple(scenario.platforms)
    found = []
    for name, item in scenario.existing.items():
        start, least, most = 0, 0, 0
        match item:
            case Owned():
                service = item.life_left_quarters
            case Contracted():
                service = item.term_left_quarters
            case Ordered():
                service, start = item.life_quarters, item.delivery_in_quarters
                least, most = _slips(scenario, f"existing.{name}", item.slip_quarters)
        found.append(
            Contract(
                name=name,
                mode=item.mode,
                path=f"existing.{name}",
                platform=platforms.index(item.platform),
                sites=(sites.index(item.site),),
                starts=(start,),
                lead_quarters=start,
                service_quarters=service,
                least_slip=least,
                most_slip=most,
            )
        )
    return found


def _starts(offer: object, scenario: Scenario) -> tuple[int, ...]:
    last = scenario.quarters
    match offer:
        case Option():
            until = scenario.quarter_names().index(offer.exercise_until)
            last = min(last, until + offer.lead_time_quarters + 1)
            first = offer.lead_time_quarters
        case Programme():
            first = first_silicon(offer, scenario)
        case Buy() | Reserve():
            first = offer.lead_time_quarters
        case _:
            first = 0
    return tuple(range(first, last))


def _lead_and_service(offer: object) -> tuple[int, int]:
    match offer:
        case Reserve():
            return offer.lead_time_quarters, offer.term_quarters
        case Buy() | Option():
            return offer.lead_time_quarters, offer.life_quarters
        case Programme():
            return 0, offer.life_quarters
        case _:
            return 0, 1


def _slip_of(offer: object) -> Quantity | None:
    # A programme's slip moves its supply, not the service of what is ordered.
    return offer.slip_quarters if isinstance(offer, Buy | Reserve | Option) else None


def _slips(scenario: Scenario, path: str, slip: Quantity | None) -> tuple[int, int]:
    """Return the least and the largest slip, events included; none where nothing slips.

    Beyond the plan's length all are alike.
    """
    if slip is None:
        return 0, 0
    low, high = span_of(scenario, f"{path}.slip_quarters", slip)
    quarters = scenario.quarters
    return whole_quarters(min(low, quarters)), whole_quarters(min(high, quarters))


def whole_quarters(slip: float) -> int:
    """Return a drawn slip as whole quarters, halves up."""
    return math.floor(slip + 0.5)
