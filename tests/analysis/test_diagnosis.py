"""Which demand no mix can meet, how much is missing, and what is in the way."""

from __future__ import annotations

from typing import Any

import pytest
from small import buy, plan, platform, rent, scenario, site, uniform, workload

from planner.analysis.diagnosis import UnmetDemand, unmet_demands


def unmet(*args: Any, **changes: Any) -> list[UnmetDemand]:
    return unmet_demands(scenario(plan(*args, **changes)))


def test_what_can_be_met_is_not_mentioned() -> None:
    assert unmet(2, 100, {"chip": platform()}, {"rent": rent("chip", 2)}) == []


def test_a_price_that_nobody_would_pay_is_no_limit() -> None:
    """Shortfall is cheaper than serving, and yet the demand can be met."""
    assert unmet(1, 100, {"chip": platform()}, {"rent": rent("chip", 1e6)}) == []


def test_power() -> None:
    """2 MW at 1.25 x 1.3 kW and a yield of 0.4 serve 492.3 of 800."""
    hall = site(power_mw=2, pue=1.25)
    chip = platform(accelerator_kw=1.3, utilisation={"work": 0.4})
    (found,) = unmet(1, 800, {"chip": chip}, {"rent": rent("chip", 2)}, sites={"hall": hall})
    assert (found.workload, found.quarter, found.demand_pflops) == ("work", "2026Q1", 800)
    assert found.missing_pflops == pytest.approx(800 - 2000 / 1.625 * 0.4)
    assert found.reasons == ("power at hall: lifting it alone is enough",)
    assert "at most  492.3" in found.render()


def test_supplies_are_named_by_how_much_they_help() -> None:
    offers = {
        "weak": rent("weak", 2, supply_accelerators=30),
        "strong": rent("strong", 2, supply_accelerators=10),
    }
    platforms = {"weak": platform(peak_pflops=1e-6), "strong": platform()}
    (found,) = unmet(1, 100, platforms, offers)
    assert found.missing_pflops == pytest.approx(90, rel=1e-4)
    assert found.reasons[0] == "supply of strong: lifting it alone is enough"
    assert found.reasons[1].startswith("supply of weak: lifting it alone leaves")


def test_lead_times() -> None:
    offers = {"own": buy("chip", 9000, 8, lead_time_quarters=2)}
    found = unmet(3, 50, {"chip": platform()}, offers)
    assert [item.quarter for item in found] == ["2026Q1", "2026Q2"]
    for item in found:
        assert item.missing_pflops == pytest.approx(50)
        assert item.reasons == ("lead times: not yet delivered by then are own (lead time 2)",)


def test_a_vendor_share() -> None:
    """10 of B allow 15 of A at 60 %: 25 of 100 are served."""
    platforms = {"a": platform(vendor="A"), "b": platform(vendor="B")}
    offers = {"a": buy("a", 9000, 8), "b": buy("b", 9000, 8, supply_accelerators=10)}
    limits = {"largest_vendor_share": {"A": 0.6}}
    (found,) = unmet(1, 100, platforms, offers, limits=limits)
    assert found.missing_pflops == pytest.approx(75)
    assert set(found.reasons) == {
        "supply of b: lifting it alone is enough",
        "largest share of A: lifting it alone is enough",
    }


def test_each_demand_has_the_whole_fleet_and_inputs_are_at_their_medians() -> None:
    """60 and 70 together exceed the 100 there are, but each alone can be met; the median of the
    third is 120.
    """
    works = {"a": workload(60), "b": workload(70), "c": workload(uniform(90, 150))}
    offers = {"rent": rent("chip", 2, supply_accelerators=100)}
    (found,) = unmet(1, works, {"chip": platform("a", "b", "c")}, offers)
    assert (found.workload, found.demand_pflops) == ("c", 120)
    assert found.missing_pflops == pytest.approx(20)


def test_two_limits_at_once_have_no_single_reason() -> None:
    hall = site(power_mw=0.05)
    offers = {"rent": rent("chip", 2, supply_accelerators=50)}
    (found,) = unmet(1, 100, {"chip": platform()}, offers, sites={"hall": hall})
    assert found.reasons == ("no single limit: several must be lifted together",)
