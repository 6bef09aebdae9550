"""A block's optima as arrays over the index sets, unpacked from the columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planner.model.columns import allocation, offer_columns, shortfall
from planner.model.sets import Sets
from planner.model.template import Array, Indices, Label, Template


@dataclass(frozen=True)
class Decisions:
    """What is done in each sample.

    Attributes
    ----------
    take : ndarray, (sample, offer, site, quarter)
        Accelerators that start (buy, reserve) or are rented in the quarter.
    allocate : ndarray, (sample, platform, site, workload, quarter)
        Accelerators at work.
    shortfall : ndarray, (sample, workload, quarter)
        Effective PFLOP/s not served.
    """

    take: Array
    allocate: Array
    shortfall: Array


@dataclass(frozen=True)
class Unpacker:
    """Where each column goes in the arrays of `Decisions`."""

    shapes: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
    columns: tuple[Indices, Indices, Indices]
    places: tuple[Indices, Indices, Indices]

    def unpack(self, x: Array) -> Decisions:
        """Return the decisions of solutions `x`, (sample, column)."""
        unpacked = []
        for shape, columns, places in zip(self.shapes, self.columns, self.places, strict=True):
            flat = np.zeros((x.shape[0], int(np.prod(shape))))
            # A solver may return -1e-12 for 0; no plan has a negative count.
            flat[:, places] = np.maximum(x[:, columns], 0.0)
            unpacked.append(flat.reshape(-1, *shape))
        return Decisions(*unpacked)


def build_unpacker(sets: Sets, template: Template) -> Unpacker:
    """Return the unpacker of a template's columns."""
    at = {label: j for j, label in enumerate(template.columns)}
    quarters, sites, works = len(sets.quarters), len(sets.sites), len(sets.workloads)
    shapes = (
        (len(sets.offers), sites, quarters),
        (len(sets.platforms), sites, works, quarters),
        (works, quarters),
    )
    site_at = {name: i for i, name in enumerate(sets.sites)}
    takes = {
        label: (o, site_at[label.key[1]], t)
        for o, offer in enumerate(sets.offers)
        for label, t in offer_columns(sets, offer)
    }
    allocations = {
        allocation(sets, p, i, w, t): (p, i, w, t)
        for p, i in sets.platform_sites()
        for w in range(works)
        if (p, w) in sets.eligible
        for t in range(quarters)
    }
    shorts = {shortfall(sets, w, t): (w, t) for w in range(works) for t in range(quarters)}
    take = _positions(at, takes, shapes[0])
    work = _positions(at, allocations, shapes[1])
    short = _positions(at, shorts, shapes[2])
    columns, places = (take[0], work[0], short[0]), (take[1], work[1], short[1])
    return Unpacker(shapes, columns, places)


def _positions(
    at: Mapping[Label, int], found: Mapping[Label, tuple[int, ...]], shape: tuple[int, ...]
) -> tuple[Indices, Indices]:
    columns = np.array([at[label] for label in found], dtype=np.int64)
    places = [np.ravel_multi_index(index, shape) for index in found.values()]
    return columns, np.array(places, dtype=np.int64)
