"""Which of equally cheap plans is taken: what the report says of it must be so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small import buy, decisions, plan, platform, rent, reserve, site, solved, uniform

EXACT = {"rtol": 1e-9, "atol": 1e-9}


def taken(raw: dict[str, Any], n: int = 1) -> Any:
    """Return what is taken of each offer in the first quarter, (sample, offer)."""
    return decisions(raw, n).take.sum(axis=2)[:, :, 0]


@pytest.mark.parametrize("names", [["a", "b", "c"], ["c", "b", "a"]])
@pytest.mark.parametrize("mode", ["rent", "reserve", "buy"])
def test_of_two_identical_offers_always_the_first_in_the_config(
    mode: str, names: list[str]
) -> None:
    made = {"rent": rent("chip", 2.0), "reserve": reserve("chip", 2.0, 3)}
    made["buy"] = buy("chip", 9000.0, 5, residual_share=0.5)
    offers = {name: dict(made[mode]) for name in names}
    raw = plan(2, uniform(50, 150), {"chip": platform()}, offers)
    found = taken(raw, 20)
    assert (found[:, 0] > 49).all()
    assert (np.abs(found[:, 1:]) < 1e-9).all()
    assert solved(raw, 20).tied.all()


def test_what_the_first_cannot_deliver_comes_from_the_second() -> None:
    offers = {name: rent("chip", 2.0, supply_accelerators=30) for name in ("a", "b", "c", "d")}
    found = taken(plan(1, 70, {"chip": platform()}, offers))
    np.testing.assert_allclose(found[0], [30, 30, 10, 0], **EXACT)


@pytest.mark.parametrize("more", [2e-4, 1e-3, 0.5])
def test_of_equal_cost_the_fewest_accelerators_even_if_later_in_the_config(more: float) -> None:
    """The later platform yields more and costs as much more: same cost, fewer accelerators."""
    platforms = {"small": platform(), "large": platform(peak_pflops=1 + more)}
    offers = {"small": rent("small", 2.0), "large": rent("large", 2.0 * (1 + more))}
    found = taken(plan(1, 100, platforms, offers))
    np.testing.assert_allclose(found[0], [0, 100 / (1 + more)], **EXACT)


def test_of_equal_cost_the_fewest_quarters_in_service() -> None:
    """Bought for one quarter's rent and useless after it: the rental serves fewer quarters."""
    offers = {"own": buy("chip", 2.0 * 2190, 2), "rent": rent("chip", 2.0)}
    found = decisions(plan(2, [10, 0], {"chip": platform()}, offers)).take[0, :, 0]
    np.testing.assert_allclose(found, [[0, 0], [10, 0]], **EXACT)


def test_fewer_in_service_count_before_fewer_at_work() -> None:
    """Ten rented for one quarter, or 5.6 of a larger chip for two at the same cost: fewer are at
    work then, but 11.1 accelerator-quarters are in service.
    """
    platforms = {"large": platform(peak_pflops=1.8), "small": platform()}
    offers = {"term": reserve("large", 1.8, 2), "rent": rent("small", 2.0)}
    found = decisions(plan(2, [10, 0], platforms, offers)).take[0, :, 0]
    np.testing.assert_allclose(found, [[0, 0], [10, 0]], **EXACT)


@pytest.mark.parametrize("names", [["a", "b"], ["b", "a"]])
def test_a_tie_is_broken_at_a_binding_limit_too(names: list[str]) -> None:
    """Power binds and a demand stays short; that may not change while the tie is broken."""
    hall = site(power_mw=0.04, pue=1.0)
    offers = {name: rent("chip", 2.0, supply_accelerators=30) for name in names}
    raw = plan(2, [100, 20], {"chip": platform()}, offers, sites={"hall": hall})
    found = decisions(raw)
    np.testing.assert_allclose(found.take[0, :, 0], [[30, 20], [10, 0]], **EXACT)
    np.testing.assert_allclose(found["shortfall"][0, 0], [60, 0], **EXACT)


def test_no_more_are_at_work_than_are_needed() -> None:
    """Ten are held in both quarters and cost nothing to use; in the second four are needed."""
    raw = plan(2, [10, 4], {"chip": platform()}, {"term": reserve("chip", 2.0, 2)})
    np.testing.assert_allclose(decisions(raw)["allocate"][0, 0, 0, 0], [10, 4], **EXACT)


def test_of_two_identical_sites_the_first() -> None:
    sites = {"left": site(), "right": site()}
    offers = {"a": rent("chip", 2.0, sites=["left", "right"])}
    found = decisions(plan(1, 10, {"chip": platform()}, offers, sites=sites)).take[0, 0, :, 0]
    np.testing.assert_allclose(found, [10, 0], **EXACT)


def test_a_single_optimum_is_not_counted_as_a_tie() -> None:
    offers = {"a": rent("chip", 2.0), "b": rent("chip", 2.1)}
    block = solved(plan(1, 10, {"chip": platform()}, offers))
    assert not block.tied.any()
    assert solved(plan(1, 10, {"chip": platform()}, {**offers, "c": rent("chip", 2.0)})).tied.all()


def test_a_tie_break_never_costs() -> None:
    """A difference of a ten-millionth is a difference: no tie, whatever the order says."""
    platforms = {"first": platform(), "second": platform()}
    offers = {"first": rent("first", 2.0 * (1 + 1e-7)), "second": rent("second", 2.0)}
    block = solved(plan(1, 100, platforms, offers))
    assert block.cost_usd[0] == pytest.approx(100 * 2 * 2190, rel=1e-12)
