"""Which demand no mix can meet, how much is missing, what is in the way, and what that is worth."""

from __future__ import annotations

from typing import Any

import pytest
from small import (
    buy,
    campaign,
    option,
    plan,
    platform,
    rent,
    scenario,
    site,
    uniform,
    workload,
)

from planner.analysis.diagnosis import UnmetDemand, unmet_demands


def unmet(*args: Any, **changes: Any) -> list[UnmetDemand]:
    return unmet_demands(scenario(plan(*args, **changes)))


def test_what_can_be_met_is_not_mentioned() -> None:
    assert unmet(2, 100, {"chip": platform()}, {"rent": rent("chip", 2)}) == []


def test_a_price_that_nobody_would_pay_is_no_limit() -> None:
    """Shortfall is cheaper than serving, and yet the demand can be met."""
    assert unmet(1, 100, {"chip": platform()}, {"rent": rent("chip", 1e6)}) == []


def test_power_and_what_a_megawatt_is_worth() -> None:
    """2 MW at 1.25 x 1.3 kW and a yield of 0.4 serve 492.3 of 800; one more MW half of that more.

    246.2 x 1,000 USD per unit-hour x 2,190 hours = 539.1 million USD.
    """
    hall = site(power_mw=2, pue=1.25)
    chip = platform(accelerator_kw=1.3, utilisation={"work": 0.4})
    (found,) = unmet(1, 800, {"chip": chip}, {"rent": rent("chip", 2)}, sites={"hall": hall})
    assert (found.workload, found.quarter, found.demand) == ("work", "2026Q1", 800)
    assert found.missing == pytest.approx(800 - 2000 / 1.625 * 0.4)
    assert found.reasons == (
        "power at hall: lifting it alone is enough; one more MW in every quarter that has any "
        "serves 246.2 more, worth 539.1 million USD of shortfall",
    )
    first, *_ = found.render().splitlines()
    assert first == "workloads.work.demand in 2026Q1: no mix can meet all of it"
    assert "at most  492.3" in found.render()


def test_the_last_unit_counts_only_for_what_is_still_missing() -> None:
    """492.3 of 500 are served: one more MW serves the 7.7 that are missing, worth 16.8 million."""
    hall = site(power_mw=2, pue=1.25)
    chip = platform(accelerator_kw=1.3, utilisation={"work": 0.4})
    (found,) = unmet(1, 500, {"chip": chip}, {"rent": rent("chip", 2)}, sites={"hall": hall})
    assert "serves 7.692 more, worth 16.85 million USD" in found.reasons[0]


def test_supplies_are_named_by_how_much_they_help() -> None:
    offers = {
        "weak": rent("weak", 2, supply_accelerators=30),
        "strong": rent("strong", 2, supply_accelerators=10),
    }
    platforms = {"weak": platform(peak_pflops=0.1), "strong": platform()}
    (found,) = unmet(1, 100, platforms, offers)
    assert found.missing == pytest.approx(100 - 10 - 3)
    assert [reason.split(";")[0] for reason in found.reasons] == [
        "supply of strong: lifting it alone is enough",
        "supply of weak: lifting it alone is enough",
    ]
    assert "serves 1 more" in found.reasons[0]
    assert "serves 0.1 more" in found.reasons[1]


def test_what_helps_more_stands_first() -> None:
    """Weak chips beyond their 30 find power for 100 in all; the strong ones need no more."""
    offers = {
        "weak": rent("weak", 2, supply_accelerators=30),
        "strong": rent("strong", 2, supply_accelerators=10),
    }
    platforms = {"weak": platform(peak_pflops=0.5), "strong": platform()}
    hall = site(power_mw=0.1)
    (found,) = unmet(1, 100, platforms, offers, sites={"hall": hall})
    assert found.missing == pytest.approx(75)
    assert [reason.split(";")[0] for reason in found.reasons] == [
        "supply of strong: lifting it alone is enough",
        "supply of weak: lifting it alone leaves 45 short",
    ]


def test_lead_times() -> None:
    offers = {"own": buy("chip", 9000, 8, lead_time_quarters=2)}
    found = unmet(3, 50, {"chip": platform()}, offers)
    assert [item.quarter for item in found] == ["2026Q1", "2026Q2"]
    for item in found:
        assert item.missing == pytest.approx(50)
        assert item.reasons == ("lead time of own (2 quarters): lifting it alone is enough",)


def test_a_vendor_share() -> None:
    """10 of B allow 15 of A at 60 %: 25 of 100 are served; one more of B brings 1.5 of A along."""
    platforms = {"a": platform(vendor="A"), "b": platform(vendor="B")}
    offers = {"a": buy("a", 9000, 8), "b": buy("b", 9000, 8, supply_accelerators=10)}
    limits = {"largest_vendor_share": {"A": 0.6}}
    (found,) = unmet(1, 100, platforms, offers, limits=limits)
    assert found.missing == pytest.approx(75)
    assert found.reasons == (
        "supply of b: lifting it alone is enough; one more accelerator in every quarter that has "
        "any serves 2.5 more, worth 5.475 million USD of shortfall",
        "largest share of A: lifting it alone is enough",
    )


def test_growth_and_rights_are_limits_too() -> None:
    """Neither is a lack of yield: 30 begin in a quarter, and the right is to 20."""
    growth = {"growth": {"accelerators_per_quarter": 30}}
    (found,) = unmet(1, 50, {"chip": platform()}, {"own": buy("chip", 9, 8)}, limits=growth)
    assert found.missing == pytest.approx(20)
    assert found.reasons[0].startswith("growth per quarter: lifting it alone is enough; one more")
    offers = {"right": option("chip", 9, 8, up_to_accelerators=20)}
    (found,) = unmet(1, 50, {"chip": platform()}, offers)
    assert found.missing == pytest.approx(30)
    assert found.reasons == ("right of right: lifting it alone is enough",)


def test_porting_and_lists() -> None:
    chip = platform(porting={"work": {"cost_usd": 1, "delay_quarters": 1}})
    (found,) = unmet(2, 50, {"chip": chip}, {"rent": rent("chip", 2)})
    assert found.quarter == "2026Q1"
    assert found.reasons == ("porting of work to chip: lifting it alone is enough",)
    works = {"work": workload(50, allowed_platforms=["chip"])}
    offers = {"few": rent("chip", 2, supply_accelerators=10), "many": rent("other", 2)}
    (found,) = unmet(1, works, {"chip": platform(), "other": platform()}, offers)
    assert "allowed_platforms of work: lifting it alone is enough" in found.reasons


def test_a_campaign_is_missing_units_times_quarters() -> None:
    """10 at work in each of two quarters do 20 of 50; one more serves one more in each quarter."""
    works = {"work": campaign(50, "2026Q2")}
    offers = {"rent": rent("chip", 2, supply_accelerators=10)}
    (found,) = unmet(3, works, {"chip": platform()}, offers)
    assert (found.quarter, found.unit) == ("2026Q2", "effective PFLOP/s x quarters by then")
    assert found.missing == pytest.approx(30)
    assert "serves 2 more, worth 4.38 million USD" in found.reasons[0]


def test_each_demand_has_the_whole_fleet_and_inputs_are_at_their_medians() -> None:
    """60 and 70 together exceed the 100 there are, but each alone can be met; the median of the
    third is 120.
    """
    works = {"a": workload(60), "b": workload(70), "c": workload(uniform(90, 150))}
    offers = {"rent": rent("chip", 2, supply_accelerators=100)}
    (found,) = unmet(1, works, {"chip": platform("a", "b", "c")}, offers)
    assert (found.workload, found.demand) == ("c", 120)
    assert found.missing == pytest.approx(20)


def test_limits_that_must_be_lifted_together_are_named() -> None:
    hall = site(power_mw=0.05)
    offers = {"rent": rent("chip", 2, supply_accelerators=50)}
    (found,) = unmet(1, 100, {"chip": platform()}, offers, sites={"hall": hall})
    assert found.reasons == (
        "no single limit: several must be lifted together: supply of rent and power at hall",
    )


def test_what_no_limit_explains_is_told() -> None:
    (found,) = unmet(1, 9, {"chip": platform(realised_share=0)}, {"rent": rent("chip", 2)})
    assert found.missing == pytest.approx(9)
    assert "no platform here yields anything" in found.reasons[0]
    (found,) = unmet(1, 9, {"chip": platform()}, {"own": buy("chip", 9, 4, slip_quarters=1)})
    assert found.reasons[0].startswith("no limit that could be lifted: deliveries slip too far")
