"""What a scenario may say, but its reader must be told: terms, lives, lead times and bets."""

from __future__ import annotations

from collections.abc import Iterator

from planner.config.fleet import Contracted, Ordered, Owned
from planner.config.notes_decisions import decisions
from planner.config.offers import Option, Programme, Rent, Reserve, Spot
from planner.config.places import PowerLease
from planner.config.platforms import closing_rule
from planner.config.quantities import support_of
from planner.config.schema import Scenario


def notes(scenario: Scenario) -> list[str]:
    """Return what a reader must be told, in the order of offers; what is of all comes last."""
    found = [note for name in scenario.offers for note in _offer(name, scenario)]
    found += [note for name in scenario.existing for note in _existing(name, scenario)]
    found += [note for name in scenario.power for note in _power(name, scenario)]
    found += [note for name in scenario.workloads for note in _workload(name, scenario)]
    found += _ports(scenario)
    return [*found, *_vendor_shares(scenario), *_sunk(scenario), *decisions(scenario)]


def _offer(name: str, scenario: Scenario) -> Iterator[str]:
    offer = scenario.offers[name]
    yield from _closed_sites(name, scenario)
    if isinstance(offer, Rent | Spot):
        return
    label = f"Offer {name}"
    if isinstance(offer, Programme):
        earliest = _funded(offer, scenario) + offer.quarters_to_first_silicon
        if earliest >= scenario.quarters:
            yield (
                f"{label} can never deliver within the plan: first silicon comes "
                f"{_quarters(earliest)} after the plan begins, which has "
                f"{_quarters(scenario.quarters)}."
            )
        yield from _development(label, offer, scenario)
    else:
        earliest = offer.lead_time_quarters
        if earliest >= scenario.quarters:
            yield _never(f"{label} can never deliver", earliest, scenario)
    if earliest >= scenario.quarters:
        return
    if isinstance(offer, Reserve):
        for note in _term(label, earliest, offer.term_quarters, scenario):
            prepaid = support_of(offer.upfront_share)[1] > 0
            yield note + " What is prepaid for quarters after it is taken off." * prepaid
    else:
        yield from _life(label, earliest, offer.life_quarters, scenario)
    if isinstance(offer, Option):
        yield from _late_orders(label, offer, scenario)


def _existing(name: str, scenario: Scenario) -> Iterator[str]:
    entry = scenario.existing[name]
    if isinstance(entry, Contracted) and entry.term_left_quarters > scenario.quarters:
        yield (
            f"Existing {name}: its term has {_quarters(entry.term_left_quarters)} left and "
            f"outlasts the plan. {_counted_until(scenario)}"
        )


def _power(name: str, scenario: Scenario) -> Iterator[str]:
    contract, label = scenario.power[name], f"Power contract {name}"
    if contract.lead_time_quarters >= scenario.quarters:
        yield _never(f"{label} can never begin", contract.lead_time_quarters, scenario)
    elif isinstance(contract, PowerLease):
        yield from _term(label, contract.lead_time_quarters, contract.term_quarters, scenario)


def _workload(name: str, scenario: Scenario) -> Iterator[str]:
    workload = scenario.workloads[name]
    need = workload.memory_gb
    small = [
        platform
        for platform, body in scenario.platforms.items()
        if name in body.workloads() and need is not None and body.memory_gb is not None
        if support_of(body.memory_gb)[1] * body.accelerators_per_domain < need
    ]
    if small:
        yield (
            f"Workload {name} does not fit {', '.join(small)}: it needs {need:g} GB in one "
            "scale-up domain."
        )
    if workload.scaling is not None:
        curve = workload.scaling
        yield (
            f"Workload {name}: a job loses output beyond {curve.reference_accelerators:,g} "
            f"accelerators and gains none beyond {curve.largest_accelerators:,g}; the curve is "
            f"drawn from below in {curve.segments + 1} straight pieces."
        )


def _ports(scenario: Scenario) -> Iterator[str]:
    for name, platform in scenario.platforms.items():
        for workload, port in platform.porting.items():
            begins = _position(port.from_quarter, scenario)
            if begins + port.delay_quarters >= scenario.quarters:
                yield (
                    f"Platform {name} can never run {workload} within the plan: porting takes "
                    f"{_quarters(port.delay_quarters)} from {scenario.quarter_names()[begins]} on."
                )


def _closed_sites(name: str, scenario: Scenario) -> Iterator[str]:
    """Yield a note when rules of export close some of an offer's sites to its platform."""
    offer = scenario.offers[name]
    platform = scenario.platforms[offer.platform]
    for rule in ("allowed_regions", "denied_regions"):
        closed = [
            site
            for site in offer.sites
            if rule
            == closing_rule(
                scenario.sites[site].region, platform.allowed_regions, platform.denied_regions
            )
        ]
        if closed:
            yield (
                f"Offer {name}: `{rule}` of {offer.platform} keeps it out of {', '.join(closed)}; "
                "it can stand at its other sites only."
            )


def _vendor_shares(scenario: Scenario) -> Iterator[str]:
    """Yield a note when shares of vendors forbid every order."""
    limits = scenario.limits
    ordered = {
        scenario.platforms[offer.platform].vendor
        for offer in scenario.offers.values()
        if not isinstance(offer, Rent | Spot)
    }
    forbids = "together they forbid every purchase and reservation."
    for vendor, share in limits.smallest_vendor_share.items():
        if ordered and vendor not in ordered and support_of(share)[0] > 0:
            yield (
                f"{vendor} must have a share of all orders, but only rents out here: limit and "
                f"offers do not fit, and {forbids}"
            )
    if not ordered or not ordered <= limits.largest_vendor_share.keys():
        return
    most = sum(support_of(limits.largest_vendor_share[vendor])[1] for vendor in ordered)
    if most < 1:
        named = ", ".join(sorted(ordered))
        yield (
            f"The largest shares of all vendors that sell or reserve here ({named}) sum to "
            f"{most:g}, which is below 1: {forbids}"
        )


def _sunk(scenario: Scenario) -> Iterator[str]:
    paid = [
        name
        for name, entry in scenario.existing.items()
        if isinstance(entry, Owned)
        or (isinstance(entry, Ordered) and support_of(entry.paid_share)[1] > 0)
    ]
    if paid:
        yield (
            f"What was paid before the plan ({', '.join(paid)}) is spent whatever is decided: it "
            "is in no plan's cost, and neither is what owned accelerators may fetch later."
        )


def _term(label: str, earliest: int, term: int, scenario: Scenario) -> Iterator[str]:
    quarters = scenario.quarter_names()
    last_whole = scenario.quarters - term
    if last_whole >= scenario.quarters - 1:
        return
    if last_whole < earliest:
        yield (
            f"{label}: every term of {_quarters(term)} outlasts the plan of "
            f"{_quarters(scenario.quarters)}, as none begins before {quarters[earliest]}. "
            f"{_counted_until(scenario)}"
        )
    else:
        yield (
            f"{label}: a term of {_quarters(term)} that begins after {quarters[last_whole]} "
            f"outlasts the plan. {_counted_until(scenario)}"
        )


def _counted_until(scenario: Scenario) -> str:
    return (
        f"Only the payments up to {scenario.quarter_names()[-1]} are counted as cost; those due "
        "after it are shown as contract liability."
    )


def _life(label: str, earliest: int, life: int, scenario: Scenario) -> Iterator[str]:
    end = earliest + life
    if end < scenario.quarters:
        quarters = scenario.quarter_names()
        yield (
            f"{label}: accelerators delivered in {quarters[earliest]} are out of use from "
            f"{quarters[end]} on (life {_quarters(life)}); the plan must replace them."
        )


def _late_orders(label: str, option: Option, scenario: Scenario) -> Iterator[str]:
    quarters = scenario.quarter_names()
    last = scenario.quarters - 1 - option.lead_time_quarters
    if quarters.index(option.exercise_until) > last:
        yield (
            f"{label}: what is ordered after {quarters[last]} arrives after the plan and is left "
            f"out, though the right lasts until {option.exercise_until}."
        )


def _development(label: str, programme: Programme, scenario: Scenario) -> Iterator[str]:
    quarters, begins = scenario.quarter_names(), _funded(programme, scenario)
    if begins + programme.nre_quarters > scenario.quarters:
        yield (
            f"{label}: development is paid for {_quarters(programme.nre_quarters)} from "
            f"{quarters[begins]} on; only what is paid up to {quarters[-1]} is counted as cost."
        )


def _never(what: str, lead: int, scenario: Scenario) -> str:
    return (
        f"{what} within the plan: its lead time is {_quarters(lead)} and the plan has "
        f"{_quarters(scenario.quarters)}."
    )


def _funded(programme: Programme, scenario: Scenario) -> int:
    return _position(programme.funding_quarter, scenario)


def _position(quarter: str | None, scenario: Scenario) -> int:
    return 0 if quarter is None else scenario.quarter_names().index(quarter)


def _quarters(count: int) -> str:
    return f"{count} quarter{'' if count == 1 else 's'}"
