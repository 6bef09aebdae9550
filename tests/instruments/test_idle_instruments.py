"""Idle accelerators: deployed they draw idle power and are hosted; undeployed only cost capital.

One chip draws 2 kW, a quarter of it idle. At a PUE of 1.5 and 0.1 USD/kWh a quarter's energy of one
is 3 kW x 2190 h x 0.1 = 657 at work and 164.25 idle; hosting at 50 a month is 2 kW x 150 = 300.
"""

from __future__ import annotations

from typing import Any

from builders import RATE, Outcome, exactly, hourly, one_chip, outcome, paid
from small import buy, owned, platform, rent, reserve, site, spot

HALL = {"hall": site(pue=1.5, energy_usd_per_kwh=0.1, hosting_usd_per_kw_month=50.0)}
WORK, IDLE, HOST = 657.0, 164.25, 300.0


def run(demand: list[float], offers: Any, idle: float | None = 0.25, **changes: Any) -> Outcome:
    chip = platform(accelerator_kw=2.0, idle_power_share=idle)
    return outcome(one_chip(len(demand), demand, offers, chip=chip, sites=HALL, **changes))


EARLY = {"supply_accelerators": [10, 0, 0, 0]}


def test_deployed_ones_draw_idle_power_and_are_hosted_and_undeployed_ones_only_cost_capital() -> (
    None
):
    """10 bought in quarter 0 only, wanted 0, 10, 4, 0.

    Quarter 0: nothing but the price. 1: 10 work. 2: 4 work, 6 idle. 3: 10 idle.
    """
    found = run([0, 10, 4, 0], {"buy": buy("chip", 1000.0, 9, **EARLY)}, rate=RATE)
    assert found.cash == {
        "purchases": exactly([10_000, 0, 0, 0]),
        "energy": exactly([0, 10 * WORK, 4 * WORK + 6 * IDLE, 10 * IDLE]),
        "hosting": exactly([0, 10 * HOST, 10 * HOST, 10 * HOST]),
    }
    flows = [10_000, 10 * (WORK + HOST), 4 * WORK + 6 * IDLE + 10 * HOST, 10 * (IDLE + HOST)]
    assert found.cost == exactly(sum(usd * paid(t) for t, usd in enumerate(flows)))
    assert found.measures.power_mw[0, 0] == exactly([0, 0.03, 0.0165, 0.0075])
    assert found.measures.accelerators[0, 0] == exactly([10, 10, 10, 10])


def test_without_idle_power_they_are_switched_off_when_they_have_no_work() -> None:
    """0, 10, 4, 0 again: energy and hosting of 10 and of 4."""
    found = run([0, 10, 4, 0], {"buy": buy("chip", 1000.0, 9, **EARLY)}, idle=None)
    assert found.cash["energy"] == exactly([0, 10 * WORK, 4 * WORK, 0])
    assert found.cash["hosting"] == exactly([0, 10 * HOST, 4 * HOST, 0])


def test_idle_power_of_nothing_still_is_hosted() -> None:
    found = run([10, 4], {"buy": buy("chip", 1000.0, 9)}, idle=0.0)
    assert found.cash["energy"] == exactly([10 * WORK, 4 * WORK])
    assert found.cash["hosting"] == exactly([10 * HOST, 10 * HOST])


def test_idle_costs_end_with_a_life_and_with_a_term() -> None:
    """A life, or a term, of 2: 10 at work, 10 idle, and then nothing."""
    for offer in (
        buy("chip", 1000.0, 2, supply_accelerators=[10, 0, 0]),
        reserve("chip", hourly(100), 2, supply_accelerators=[10, 0, 0]),
    ):
        found = run([10, 0, 0], {"offer": offer})
        assert found.cash["energy"] == exactly([10 * WORK, 10 * IDLE, 0])
        assert found.cash["hosting"] == exactly([10 * HOST, 10 * HOST, 0])


def test_what_is_rented_goes_and_idles_no_more() -> None:
    """Wanted 10 and then 4, rented: 10 and then 4 at work, none idle."""
    for offer in (rent("chip", hourly(100)), spot("chip", hourly(100))):
        found = run([10, 4], {"offer": offer})
        assert found.cash["energy"] == exactly([10 * WORK, 4 * WORK])
        assert found.cash["hosting"] == exactly([10 * HOST, 4 * HOST])


def test_what_was_owned_before_stands_undeployed_until_there_is_work() -> None:
    """8 owned, wanted 0, 5, 0: 5 are deployed in quarter 1 and idle in quarter 2."""
    found = run([0, 5, 0], {"rent": rent("chip", 9.0)}, existing={"old": owned("chip", 8, 3)})
    assert found.cash["energy"] == exactly([0, 5 * WORK, 5 * IDLE])
    assert found.cash["hosting"] == exactly([0, 5 * HOST, 5 * HOST])


def test_what_is_rented_cannot_leave_in_the_place_of_what_is_owned() -> None:
    """10 owned ones wanted for two quarters of eight; renting costs 700 a quarter.

    Owned: 20 at work and 60 idle, 20 (657 + 300) + 60 (164.25 + 300) = 46,995. Rented for both
    quarters: 20 (700 + 657 + 300) = 33,140. To own in both, rent 10 more in the second, leave them
    undeployed and let those leave would cost 26,140, with 10 too few standing from then on.
    """
    offers = {"rent": rent("chip", hourly(700.0))}
    old = {"old": owned("chip", 10, 20)}
    found = run([10, 10, 0, 0, 0, 0, 0, 0], offers, existing=old)
    assert found.cost == exactly(33_140)
