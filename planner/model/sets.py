"""The index sets of a scenario: what there is, in the order in which the config names it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from planner.config.schema import Scenario
from planner.model.contracts import Contract, contracts_of, power_contracts_of
from planner.model.eligibility import platform_may_stand, triples
from planner.uncertainty.events import Events, events_of

Indices = tuple[int, ...]


@dataclass(frozen=True)
class Bet:
    """A yes or no (or a share, where it is divisible) that is paid for by itself.

    Attributes
    ----------
    family : str
        Of its column: ``right``, ``fund`` or ``adopt``.
    key : tuple of str
    platform : int
        That it is for.
    integer : bool
    """

    family: str
    key: tuple[str, ...]
    platform: int
    integer: bool


@dataclass(frozen=True)
class Window:
    """A campaign's first and last quarter."""

    first: int
    last: int


@dataclass(frozen=True)
class Sets:
    """Names by position, and which of them go together.

    Attributes
    ----------
    offers, existing, power : tuple of Contract
        Positions of `power` are its own; `contracts` are offers, then existing entries.
    triples : frozenset of (platform, workload, site)
        Where a platform may run a workload.
    windows : mapping of workload to Window
        Of the workloads that are campaigns.
    years : tuple of tuple of int
        The quarters of each year of the plan.
    """

    scenario: Scenario
    quarters: tuple[str, ...]
    sites: tuple[str, ...]
    workloads: tuple[str, ...]
    platforms: tuple[str, ...]
    vendors: tuple[str, ...]
    vendor_of: Indices
    offers: tuple[Contract, ...]
    existing: tuple[Contract, ...]
    power: tuple[Contract, ...]
    pools: tuple[str, ...]
    falls: tuple[str, ...]
    bets: tuple[Bet, ...]
    triples: frozenset[tuple[int, int, int]]
    windows: dict[int, Window]
    years: tuple[Indices, ...]

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """What brings accelerators into service: offers, then existing entries."""
        return self.offers + self.existing

    @cached_property
    def events(self) -> Events:
        """What may happen and change figures."""
        return events_of(self.scenario)

    @cached_property
    def platform_sites(self) -> tuple[tuple[int, int], ...]:
        """The (platform, site) pairs at which a contract can place the platform."""
        pairs = {(item.platform, site) for item in self.contracts for site in item.sites}
        return tuple(sorted(pairs))

    @cached_property
    def runs(self) -> tuple[tuple[int, int], ...]:
        """The (platform, workload) pairs that can run somewhere."""
        pairs = set(self.platform_sites)
        return tuple(sorted({(p, w) for p, w, i in self.triples if (p, i) in pairs}))

    def run_sites(self, platform: int, workload: int) -> Indices:
        """Return the sites at which a platform can run a workload."""
        return tuple(
            i
            for p, i in self.platform_sites
            if p == platform and (platform, workload, i) in self.triples
        )

    def run_workloads(self, platform: int, site: int) -> Indices:
        """Return the workloads that a platform can run at a site."""
        return tuple(w for w in range(len(self.workloads)) if (platform, w, site) in self.triples)

    def run_quarters(self, platform: int, workload: int) -> range:
        """Return the quarters in which a platform can run a workload: campaign and porting."""
        window = self.windows.get(workload, Window(0, len(self.quarters) - 1))
        porting = self.scenario.platforms[self.platforms[platform]].porting
        port = porting.get(self.workloads[workload])
        ready = 0
        if port is not None:
            begin = 0 if port.from_quarter is None else self.quarters.index(port.from_quarter)
            ready = begin + port.delay_quarters
        return range(max(window.first, ready), window.last + 1)

    def demand_quarters(self, workload: int) -> range:
        """Return the quarters that have a demand: all, or a campaign's last."""
        window = self.windows.get(workload)
        return range(len(self.quarters)) if window is None else range(window.last, window.last + 1)

    @cached_property
    def idle_platforms(self) -> Indices:
        """The platforms that draw power without work, and so stay deployed."""
        platforms = self.scenario.platforms.values()
        return tuple(p for p, item in enumerate(platforms) if item.idle_power_share is not None)

    def starts_of(self, vendors: frozenset[int] | None = None) -> tuple[tuple[int, Contract], ...]:
        """Return the offers that commit (all but rent and spot), of some vendors or of all."""
        return tuple(
            (o, item)
            for o, item in enumerate(self.offers)
            if item.commits and (vendors is None or self.vendor_of[item.platform] in vendors)
        )

    def scaled(self, workload: int) -> bool:
        """Return whether a workload's jobs lose efficiency with their size."""
        return self.scenario.workloads[self.workloads[workload]].scaling is not None


def build_sets(scenario: Scenario) -> Sets:
    """Return the index sets of a validated scenario."""
    quarters = scenario.quarter_names()
    sites, platforms = tuple(scenario.sites), tuple(scenario.platforms)
    vendors = tuple(dict.fromkeys(item.vendor for item in scenario.platforms.values()))
    offers, existing = contracts_of(scenario, platform_may_stand(scenario))
    count = scenario.quarters
    return Sets(
        scenario=scenario,
        quarters=quarters,
        sites=sites,
        workloads=tuple(scenario.workloads),
        platforms=platforms,
        vendors=vendors,
        vendor_of=tuple(vendors.index(item.vendor) for item in scenario.platforms.values()),
        offers=offers,
        existing=existing,
        power=power_contracts_of(scenario),
        pools=tuple(scenario.pools),
        falls=tuple(scenario.bargaining.price_falls),
        bets=_bets(scenario, offers),
        triples=triples(scenario),
        windows=_windows(scenario),
        years=tuple(tuple(range(t, min(t + 4, count))) for t in range(0, count, 4)),
    )


def _bets(scenario: Scenario, offers: tuple[Contract, ...]) -> tuple[Bet, ...]:
    whole = scenario.bets == "whole"
    families = {"option": "right", "programme": "fund"}
    found = [
        Bet(families[item.mode], (item.name,), item.platform, whole and not item.divisible)
        for item in offers
        if item.mode in families
    ]
    workloads = tuple(scenario.workloads)
    for p, (name, platform) in enumerate(scenario.platforms.items()):
        ported = [w for w in workloads if w in platform.porting]
        found += [Bet("adopt", (name, workload), p, whole) for workload in ported]
    return tuple(found)


def _windows(scenario: Scenario) -> dict[int, Window]:
    quarters = scenario.quarter_names()
    found = {}
    for w, item in enumerate(scenario.workloads.values()):
        if item.campaign is not None:
            begin = item.campaign.from_quarter or quarters[0]
            found[w] = Window(quarters.index(begin), quarters.index(item.campaign.until_quarter))
    return found
