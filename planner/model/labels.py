"""The columns by name: one function for each family, from positions to the label."""

from __future__ import annotations

from planner.model.contracts import Contract
from planner.model.sets import Bet, Sets
from planner.model.template import Label


def take(sets: Sets, offer: Contract, site: int, quarter: int) -> Label:
    """Return the column that starts or rents accelerators of an offer."""
    family = "start" if offer.commits else "rent"
    return Label(family, (offer.name, sets.sites[site], sets.quarters[quarter]))


def existing(entry: Contract) -> Label:
    """Return the column that keeps an existing entry's accelerators."""
    return Label("existing", (entry.name,))


def void(entry: Contract) -> Label:
    """Return the column that cancels an existing order."""
    return Label("void", (entry.name,))


def cancel(sets: Sets, offer: Contract, site: int, quarter: int) -> Label:
    """Return the column that cancels accelerators on order."""
    return Label("cancel", (offer.name, sets.sites[site], sets.quarters[quarter]))


def lots(sets: Sets, offer: Contract, site: int, quarter: int) -> Label:
    """Return the column that counts whole servers or pods."""
    return Label("lots", (offer.name, sets.sites[site], sets.quarters[quarter]))


def bet(item: Bet) -> Label:
    """Return the column of a bet: ``right``, ``fund`` or ``adopt``."""
    return Label(item.family, item.key)


def order(sets: Sets, offer: Contract, quarter: int) -> Label:
    """Return the column that says whether an offer with a minimum order is used in a quarter."""
    return Label("order", (offer.name, sets.quarters[quarter]))


def tier(sets: Sets, offer: Contract, quarter: int, position: int) -> Label:
    """Return the column of what is ordered in a price tier."""
    return Label("tier", (offer.name, sets.quarters[quarter], str(position)))


def full(sets: Sets, offer: Contract, quarter: int, position: int) -> Label:
    """Return the column that says whether all tiers before a cheaper one are full."""
    return Label("full", (offer.name, sets.quarters[quarter], str(position)))


def fall(sets: Sets, position: int) -> Label:
    """Return the column that says whether a vendor's price falls."""
    return Label("fall", (sets.falls[position],))


def rebate(sets: Sets, position: int, offer: Contract, quarter: int) -> Label:
    """Return the column of what is ordered at the fallen price."""
    return Label("rebate", (sets.falls[position], offer.name, sets.quarters[quarter]))


def power(sets: Sets, item: Contract, quarter: int) -> Label:
    """Return the column of the kW of a power contract that begin."""
    return Label("power", (item.name, sets.quarters[quarter]))


def draw(sets: Sets, item: Contract, quarter: int) -> Label:
    """Return the column of the kW that are drawn under a lease."""
    return Label("draw", (item.name, sets.quarters[quarter]))


def deploy(sets: Sets, platform: int, site: int, quarter: int) -> Label:
    """Return the column of a platform's accelerators that stand powered."""
    return Label("deploy", (sets.platforms[platform], sets.sites[site], sets.quarters[quarter]))


def allocate(sets: Sets, platform: int, site: int, workload: int, quarter: int) -> Label:
    """Return the column of a platform's accelerators at work on a workload."""
    key = (sets.platforms[platform], sets.sites[site], sets.workloads[workload])
    return Label("allocate", (*key, sets.quarters[quarter]))


def segment(sets: Sets, platform: int, workload: int, quarter: int, position: int) -> Label:
    """Return the column of accelerators in a segment of the jobs' size."""
    key = (sets.platforms[platform], sets.workloads[workload], sets.quarters[quarter])
    return Label("segment", (*key, str(position)))


def shortfall(sets: Sets, workload: int, quarter: int) -> Label:
    """Return the column that leaves demand unserved."""
    return Label("shortfall", (sets.workloads[workload], sets.quarters[quarter]))


def below_target(sets: Sets, workload: int, quarter: int) -> Label:
    """Return the column of the shortfall below the service target."""
    return Label("below_target", (sets.workloads[workload], sets.quarters[quarter]))


def overrun(kind: str, year: int) -> Label:
    """Return the column of what a year's cash is over its budget."""
    return Label("overrun", (kind, f"year-{year + 1}"))
