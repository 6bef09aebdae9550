"""Limits that cannot hold together: told before sampling, as a smallest set, and no false alarm."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from small import (
    build,
    buy,
    campaign,
    lease,
    middling,
    option,
    owned,
    plan,
    platform,
    programme,
    rent,
    reserve,
    scenario,
    site,
    uniform,
    workload,
)

from planner import cli
from planner.analysis.contradictions import Contradiction, contradictions
from planner.catalog.resolve import load_scenario

Raw = dict[str, Any]

CONFIGS = Path(__file__).parents[2] / "configs"


def found(raw: Raw) -> list[Contradiction]:
    return contradictions(scenario(raw))


def places(item: Contradiction) -> set[str]:
    return {".".join(map(str, at)) for limit in item.limits for at in limit}


def only(raw: Raw) -> set[str]:
    """Return the limits of the one contradiction that there is."""
    (item,) = found(raw)
    assert item.smallest
    return places(item)


# --- as a user meets them -------------------------------------------------------------------------


@pytest.fixture
def refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Return what `run` and `check` tell of a scenario that both refuse, writing nothing."""

    def told(raw: Raw, *sets: str) -> str:
        (tmp_path / "plan.yaml").write_text(yaml.safe_dump(raw, sort_keys=False))
        monkeypatch.chdir(tmp_path)
        errors = []
        for command in ("check", "run"):
            words = [word for assignment in sets for word in ("--set", assignment)]
            monkeypatch.setattr("sys.argv", ["planner", command, "plan.yaml", *words])
            with pytest.raises(SystemExit) as ended:
                cli.main()
            assert ended.value.code == 2
            shown = capsys.readouterr()
            assert shown.out == ""
            errors.append(shown.err)
        assert [path.name for path in tmp_path.iterdir()] == ["plan.yaml"]
        assert errors[0] == errors[1]
        return errors[0]

    return told


def line(raw: Raw, key: str, nth: int = 0) -> int:
    """Return the line of the nth key that is written so."""
    text = yaml.safe_dump(raw, sort_keys=False).splitlines()
    return [n for n, words in enumerate(text, start=1) if words.split(":")[0].strip() == key][nth]


def test_smallest_shares_above_one(refused: Callable[..., str]) -> None:
    vendors = ("A", "B", "C")
    chips = {v.lower(): platform(vendor=v) for v in vendors}
    offers = {name: buy(name, 9, 4) for name in chips}
    raw = plan(
        1, 9, chips, offers, limits={"smallest_vendor_share": {"A": 0.6, "B": 0.1, "C": 0.5}}
    )
    told = refused(raw)
    at = "limits.smallest_vendor_share"
    assert (
        f"these limits cannot hold together: `{at}.A` (line {line(raw, 'A')}) and `{at}.C` "
        f"(line {line(raw, 'C')}) sum to at least 1.1, above 1"
    ) in told
    assert f"`{at}.B`" not in told


def late_campaign() -> Raw:
    offers = {
        "own": buy("chip", 9, 8, lead_time_quarters=3),
        "term": reserve("chip", 2, 4, lead_time_quarters=2),
    }
    return plan(6, {"work": campaign(50, "2026Q2")}, {"chip": platform()}, offers)


def test_a_campaign_due_before_any_lead_time(refused: Callable[..., str]) -> None:
    raw = late_campaign()
    own, term = (line(raw, "lead_time_quarters", nth) for nth in (0, 1))
    assert refused(raw) == (
        "error: 1 problem found\n\n"
        f"plan.yaml:{line(raw, 'until_quarter')}: workloads.work.campaign.until_quarter\n"
        "  problem  nothing of this campaign can be done by the end of 2026Q2, whatever is bought "
        f"or rented. Forbidden by `offers.own.lead_time_quarters` = 3 (line {own}) and "
        f"`offers.term.lead_time_quarters` = 2 (line {term}) together; by no fewer\n"
        '  found    "2026Q2"\n'
        "  remedy   widen any one of these limits, or change what is asked for\n"
    )


def test_an_override_is_named_where_it_stands(refused: Callable[..., str]) -> None:
    told = refused(late_campaign(), "offers.own.lead_time_quarters=5")
    assert "`offers.own.lead_time_quarters` = 5 (--set)" in told


def test_a_power_limit_below_the_existing_fleet(refused: Callable[..., str]) -> None:
    """700 and 300 at 1.25 kW need 1.25 MW of 1 MW; the 50 more are not needed to see it."""
    hall = site(power_mw=1.0, pue=1.25)
    fleet = {name: owned("chip", n, 4) for name, n in (("few", 50), ("many", 300), ("most", 700))}
    offers = {"rent": rent("chip", 2, sites=["cloud"])}
    sites = {"hall": hall, "cloud": site()}
    raw = plan(4, 10, {"chip": platform()}, offers, sites=sites, existing=fleet)
    told = refused(raw)
    assert f"plan.yaml:{line(raw, 'power_mw')}: sites.hall.power_mw\n" in told
    assert (
        "the fleet that stands here cannot all work in the first quarter: it draws 1.25 MW, and "
        f"the power is 1 MW. Forbidden by `sites.hall.power_mw` = 1.0 (line "
        f"{line(raw, 'power_mw')}), `existing.most.accelerators` = 700 (line "
        f"{line(raw, 'accelerators', 2)}) and `existing.many.accelerators` = 300 (line "
        f"{line(raw, 'accelerators', 1)}) together; by no fewer"
    ) in told
    assert "existing.few" not in told


def test_many_limits_are_not_all_named(refused: Callable[..., str]) -> None:
    offers = {f"o{k}": buy("chip", 9, 8, lead_time_quarters=3) for k in range(15)}
    raw = plan(4, {"work": campaign(50, "2026Q2")}, {"chip": platform()}, offers)
    assert "`offers.o11.lead_time_quarters` = 3 (line " in refused(raw)
    assert "and 3 more together" in refused(raw)


# --- what is one ----------------------------------------------------------------------------------


def test_a_smallest_share_of_what_comes_too_late() -> None:
    chips = {"a": platform(vendor="A"), "b": platform(vendor="B")}
    offers = {"a": buy("a", 9, 4), "b": buy("b", 9, 4, lead_time_quarters=2), "rent": rent("a", 9)}
    raw = plan(2, 9, chips, offers, limits={"smallest_vendor_share": {"B": 0.1}})
    (item,) = found(raw)
    assert item.location == ("limits",)
    limits = {"limits.smallest_vendor_share.B", "offers.b.lead_time_quarters"}
    assert places(item) == limits
    assert item.enough
    # To order and to cancel is not to order.
    cancelled = copy.deepcopy(raw)
    cancelled["offers"]["a"]["cancellation_share"] = 0.0
    assert places(found(cancelled)[0]) == limits
    # Without anything to rent, no work can be done for the same reason: it is told once.
    del raw["offers"]["rent"]
    (item,) = found(raw)
    assert (item.location, places(item)) == (("workloads", "work"), limits)


def test_times_of_bets() -> None:
    """A programme that is funded late, an option that is late, and software that is not ready."""
    works = {"work": campaign(5, "2026Q2")}
    offer = programme("chip", 9, 4, quarters_to_first_silicon=1, funding_quarter="2026Q2")
    raw = plan(4, works, {"chip": platform()}, {"own": offer})
    assert only(raw) == {"offers.own.quarters_to_first_silicon", "offers.own.funding_quarter"}
    ported = {"work": {"cost_usd": 1, "delay_quarters": 1, "from_quarter": "2026Q2"}}
    at = "platforms.chip.porting.work"
    raw = plan(4, works, {"chip": platform(porting=ported)}, {"rent": rent("chip", 2)})
    assert only(raw) == {f"{at}.delay_quarters", f"{at}.from_quarter"}
    raw = plan(
        4, works, {"chip": platform()}, {"right": option("chip", 9, 4, lead_time_quarters=2)}
    )
    assert only(raw) == {"offers.right.lead_time_quarters"}


def test_power_that_comes_too_late() -> None:
    """Either power earlier, or the hall has some of its own."""
    works = {"work": campaign(5, "2026Q2")}
    sites = {"hall": site(power_mw=[0, 0, 1, 1])}
    power = {"line": lease(9, 4, lead_time_quarters=2)}
    offers = {"rent": rent("chip", 2)}
    raw = plan(4, works, {"chip": platform()}, offers, sites=sites, power=power)
    assert only(raw) == {"sites.hall.power_mw", "power.line.lead_time_quarters"}


def test_a_list_is_a_limit_too() -> None:
    works = {"work": {**campaign(5, "2026Q2"), "allowed_platforms": ["slow"]}}
    offers = {"slow": buy("slow", 9, 4, lead_time_quarters=2), "fast": rent("fast", 2)}
    raw = plan(4, works, {"slow": platform(), "fast": platform()}, offers)
    assert only(raw) == {"workloads.work.allowed_platforms", "offers.slow.lead_time_quarters"}


def test_supply_that_comes_after_the_deadline() -> None:
    offers = {"rent": rent("chip", 2, supply_accelerators=[0, 0, 9, 9])}
    raw = plan(4, {"work": campaign(5, "2026Q2")}, {"chip": platform()}, offers)
    assert only(raw) == {"offers.rent.supply_accelerators"}


def test_growth_of_nothing() -> None:
    growth = {"growth": {"accelerators_per_quarter": [0, 0, 9], "share_of_fleet": 0.5}}
    works = {"work": campaign(5, "2026Q2")}
    raw = plan(3, works, {"chip": platform()}, {"own": buy("chip", 9, 4)}, limits=growth)
    assert only(raw) == {"limits.growth.accelerators_per_quarter"}


def test_liquid_cooling_below_the_existing_fleet() -> None:
    chips = {"wet": platform(liquid_cooled=True, accelerator_kw=2.0), "dry": platform()}
    fleet = {"wet": owned("wet", 100, 4), "dry": owned("dry", 1000, 4)}
    sites = {"hall": site(liquid_cooling_mw=0.19, pue=1.5)}
    raw = plan(2, 10, chips, {"rent": rent("dry", 2)}, sites=sites, existing=fleet)
    assert only(raw) == {"sites.hall.liquid_cooling_mw", "existing.wet.accelerators"}
    raw["sites"]["hall"]["liquid_cooling_mw"] = 0.2
    assert found(raw) == []


def test_a_smallest_set_is_smaller_than_one_that_none_can_be_left_out_of() -> None:
    """Growth of nothing forbids by itself what twelve lead times forbid together."""
    offers = {f"o{k}": buy("chip", 9, 8, lead_time_quarters=3) for k in range(12)}
    growth = {"growth": {"accelerators_per_quarter": [0, 0, 9, 9]}}
    works = {"work": campaign(5, "2026Q2")}
    raw = plan(4, works, {"chip": platform()}, offers, limits=growth)
    assert only(raw) == {"limits.growth.accelerators_per_quarter"}


# --- what is none ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["quickstart", "buy-or-rent", "every-instrument"])
def test_no_false_alarm_on_what_is_shipped(name: str) -> None:
    assert contradictions(load_scenario(CONFIGS / f"{name}.yaml").scenario) == []


def test_no_false_alarm_on_beliefs_everywhere() -> None:
    assert found(middling()) == []


@pytest.mark.parametrize("probability", [0.4, 0.01, 1e-6])
def test_an_event_is_no_contradiction(probability: float) -> None:
    """However rare: there is a future in which the only server works."""
    offer = programme("chip", 9, 4, success={"probability": probability})
    assert found(plan(2, 9, {"chip": platform()}, {"own": offer})) == []


def test_a_delivery_that_may_be_in_time_is_no_contradiction() -> None:
    slip = {"distribution": "discrete", "values": [0, 5], "probabilities": [0.001, 0.999]}
    offers = {"own": buy("chip", 9, 4, lead_time_quarters=1, slip_quarters=slip)}
    works = {"work": campaign(5, "2026Q2")}
    assert found(plan(4, works, {"chip": platform()}, offers)) == []


def test_an_option_is_delivered_after_it_can_be_ordered() -> None:
    """Ordered until the first quarter, delivered in the third."""
    offers = {"right": option("chip", 9, 4, lead_time_quarters=2)}
    assert found(plan(3, {"work": campaign(5, "2026Q3")}, {"chip": platform()}, offers)) == []


def test_a_ramp_that_ends_is_delivered_when_it_comes() -> None:
    offer = programme("chip", 9, 4, quarters_to_first_silicon=2, ramp_accelerators=[50, 0])
    assert (
        found(plan(3, {"work": campaign(5, "2026Q3")}, {"chip": platform()}, {"own": offer})) == []
    )


def test_no_demand_and_nothing_but_rent_under_a_share() -> None:
    chips = {"chip": platform(vendor="A")}
    limits = {"limits": {"largest_vendor_share": {"A": 0.2}}}
    assert found(plan(1, 0, chips, {"rent": rent("chip", 2)}, **limits)) == []
    assert found(plan(1, 9, chips, {"rent": rent("chip", 2)}, **limits)) == []


def test_always_short_is_no_contradiction() -> None:
    assert (
        found(plan(1, 1e6, {"chip": platform()}, {"one": rent("chip", 2, supply_accelerators=1)}))
        == []
    )


def test_power_that_can_be_leased_at_once_serves_the_fleet() -> None:
    fleet = {"old": owned("chip", 100, 4)}
    raw = plan(
        2, 9, {"chip": platform()}, {"rent": rent("chip", 2)}, existing=fleet,
        sites={"hall": site(power_mw=0.05)}, power={"line": lease(9, 4)},
    )  # fmt: skip
    assert found(raw) == []
    raw["power"]["line"]["lead_time_quarters"] = 1
    assert "sites.hall.power_mw" in places(found(raw)[0])


def test_a_fleet_that_may_fit_its_power_is_no_contradiction() -> None:
    """Its beliefs decide: 100 to 120 at 0.9 to 1.1 kW fit 0.091 MW now and then, 0.08 never."""
    chip = {"chip": platform(accelerator_kw=uniform(0.9, 1.1))}
    fleet = {"old": owned("chip", uniform(100, 120), 4)}
    raw = plan(1, 9, chip, {"rent": rent("chip", 2)}, existing=fleet)
    for power_mw, count in ((0.091, 0), (0.08, 1)):
        raw["sites"]["hall"]["power_mw"] = power_mw
        assert len(found(raw)) == count


# --- speed ----------------------------------------------------------------------------------------


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def test_the_quickstart_takes_no_time() -> None:
    loaded = load_scenario(CONFIGS / "quickstart.yaml")
    assert seconds(lambda: contradictions(loaded.scenario)) < 1


def big() -> Raw:
    """Eight quarters of twelve platforms, with 36 offers that all come too late for a campaign.

    On four platforms it cannot run in time either: one limit in the place of three lead times.
    """
    works = {
        "train": workload(uniform(50, 100)),
        "serve": workload([10.0] * 8),
        "due": campaign(50, "2026Q2"),
    }
    chips, offers = {}, {}
    for k in range(12):
        name = f"c{k}"
        chips[name] = platform(
            *works,
            vendor=f"V{k % 4}",
            porting={"due": {"cost_usd": 1, "delay_quarters": k % 3}},
            idle_power_share=0.3 if k % 2 else None,
        )
        few = uniform(5, 10)
        both = ["hall", "mill"]
        offers |= {
            f"b{k}": buy(name, few, 8, lead_time_quarters=2 + k % 3, supply_accelerators=few),
            f"r{k}": reserve(
                name, few, 4, lead_time_quarters=3, sites=both, supply_accelerators=few
            ),
            f"o{k}": option(name, 10, 4, lead_time_quarters=2, sites=["mill"]),
        }
    sites = {
        "hall": site(power_mw=1.0, liquid_cooling_mw=1.0),
        "mill": site(power_mw=uniform(1, 2)),
    }
    limits = {
        "largest_vendor_share": {"V0": 0.4},
        "smallest_vendor_share": {"V1": 0.1},
        "growth": {"accelerators_per_quarter": 50.0},
    }
    return plan(8, works, chips, offers, sites=sites, limits=limits, power={"mast": build(9, 9)})


def test_a_big_plan_takes_little_time() -> None:
    made = scenario(big())
    told: list[Contradiction] = []
    assert seconds(lambda: told.extend(contradictions(made))) < 4
    (item,) = told
    assert item.smallest
    assert len(item.limits) == 8 * 3 + 4
