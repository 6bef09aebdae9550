"""What serves in a quarter, and what leaves service: terms of rows, by platform and site."""

from __future__ import annotations

from collections.abc import Iterator

from planner.model import labels
from planner.model.columns import cancellable
from planner.model.contracts import Contract
from planner.model.sets import Sets
from planner.model.template import Label, Ref

Term = tuple[Label, Ref]


def in_service(
    sets: Sets, platform: int, site: int, quarter: int, factor: float = 1.0
) -> list[Term]:
    """Return the accelerators in service: started, kept and rented, less what is cancelled."""
    return list(_each(sets, platform, site, quarter, "serves", factor))


def leaving(sets: Sets, platform: int, site: int, quarter: int, factor: float = 1.0) -> list[Term]:
    """Return the accelerators that served the quarter before, and no longer do."""
    before = list(_each(sets, platform, site, quarter - 1, "serves", factor))
    return [(label, Ref("leaves", (*ref.index[:2], quarter), ref.factor)) for label, ref in before]


def rented(sets: Sets, platform: int, site: int, quarter: int, factor: float = 1.0) -> list[Term]:
    """Return the accelerators that are held for the quarter alone."""
    return [
        (labels.take(sets, item, site, quarter), Ref("serves", (c, quarter, quarter), factor))
        for c, item in enumerate(sets.offers)
        if not item.commits and item.platform == platform and site in item.sites
    ]


def committed(sets: Sets, quarter: int, factor_source: str) -> Iterator[Term]:
    """Yield what commitments have in service in a quarter, at all sites."""
    for c, item in enumerate(sets.contracts):
        if item.commits:
            for site in item.sites:
                for start in item.starts:
                    if quarter in item.reach(start, len(sets.quarters)):
                        label = _column(sets, c, item, site, start)
                        yield label, Ref(factor_source, (c, start, quarter))


def _each(
    sets: Sets, platform: int, site: int, quarter: int, source: str, factor: float
) -> Iterator[Term]:
    for c, item in enumerate(sets.contracts):
        if item.platform != platform or site not in item.sites:
            continue
        can_be_cancelled = c < len(sets.offers) and cancellable(sets, item)
        for start in item.starts:
            if quarter not in item.reach(start, len(sets.quarters)):
                continue
            index = (c, start, quarter)
            yield _column(sets, c, item, site, start), Ref(source, index, factor)
            if can_be_cancelled:
                yield labels.cancel(sets, item, site, start), Ref(source, index, -factor)


def _column(sets: Sets, position: int, item: Contract, site: int, start: int) -> Label:
    if position >= len(sets.offers):
        return labels.existing(item)
    return labels.take(sets, item, site, start)
