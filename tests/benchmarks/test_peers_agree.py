"""Every peer solves the same programs: their optima are those of HiGHS on a plain model."""

from __future__ import annotations

import numpy as np
import pytest
import small

from benchmarks.arrays import as_arrays
from benchmarks.peers import PEERS, missing
from benchmarks.peers.highspy_hot import DUAL, PRIMAL, HighspyHot
from planner.model.template import LinearPrograms

SAMPLES = 6

INSTALLED = [name for name in PEERS if name not in missing()]


@pytest.fixture(scope="module")
def programs() -> LinearPrograms:
    """Return programs with rows of every sense, and some that only bound a column."""
    existing = {"old": small.owned("a-one", small.uniform(5, 40), 3)}
    bench = small.bench(small.middling() | {"existing": existing})
    return bench.model.programs(bench.draw(0, SAMPLES)[1])


@pytest.fixture(scope="module")
def optima(programs: LinearPrograms) -> list[float]:
    return _solved("pulp_highs", programs)


def _solved(name: str, programs: LinearPrograms) -> list[float]:
    peer = PEERS[name](programs)
    return [peer.solve(k) for k in range(programs.n)]


@pytest.mark.parametrize("name", INSTALLED)
def test_peer_finds_the_least_cost_of_every_sample(
    name: str, programs: LinearPrograms, optima: list[float]
) -> None:
    assert _solved(name, programs) == pytest.approx(optima, rel=1e-7)


@pytest.mark.parametrize("strategy", [DUAL, PRIMAL])
@pytest.mark.parametrize("loading", ["in place", "previous basis", "first basis"])
def test_every_way_to_drive_highspy_finds_it_in_any_order(
    loading: str, strategy: int, programs: LinearPrograms, optima: list[float]
) -> None:
    peer = HighspyHot(as_arrays(programs), loading, strategy)
    for k in (3, 0, 5, 5, 1):
        assert peer.solve(k) == pytest.approx(optima[k], rel=1e-9)


def test_samples_differ(optima: list[float]) -> None:
    assert len(set(optima)) == SAMPLES


def test_rows_that_only_bound_a_column_become_its_bound(programs: LinearPrograms) -> None:
    arrays, template = as_arrays(programs), programs.template
    gone = len(template.rows) - arrays.low.shape[1]
    assert gone > 0
    assert np.isfinite(arrays.upper[0]).sum() == np.isfinite(programs.upper[0]).sum() + gone
    assert arrays.row_of.size == template.entries - gone


def test_whole_numbers_are_refused() -> None:
    chips = {"chip": small.platform()}
    offers = {"buy": small.buy("chip", 1000.0, 4, whole_units_of=8)}
    bench = small.bench(small.plan(1, 100.0, chips, offers))
    with pytest.raises(ValueError, match="bets=relaxed"):
        as_arrays(bench.model.programs(bench.draw(0, 1)[1]))
