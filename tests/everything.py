"""A plan of six quarters with every instrument, every family of columns and rows, and beliefs."""

from __future__ import annotations

from typing import Any

from small import (
    Parts,
    build,
    buy,
    campaign,
    contracted,
    lease,
    option,
    ordered,
    owned,
    plan,
    platform,
    programme,
    rent,
    reserve,
    site,
    spot,
    uniform,
    workload,
)

Raw = dict[str, Any]


def late(*quarters: float) -> dict[str, Any]:
    """Return a slip of any of some quarters, all as likely."""
    share = [1 / len(quarters)] * len(quarters)
    return {"distribution": "discrete", "values": list(quarters), "probabilities": share}


def growing(first: Any, change: Any) -> dict[str, Any]:
    return {"first": first, "change_per_year": change}


def everything(**changes: Any) -> Raw:
    """Return the scenario, its bets relaxed so that it solves at once; its keys can be changed."""
    return plan(
        6,
        _workloads(),
        _platforms(),
        {**_bought(), **_held()},
        sites=_sites(),
        rate=0.1,
        **{
            "bets": "relaxed",
            "power": _power(),
            "existing": _existing(),
            "pools": {
                "memory": {
                    "unit": "GB",
                    "supply": growing(uniform(9000, 14000), 0.3),
                    "use_per_accelerator": {"a": uniform(80, 100), "own": 64},
                }
            },
            "limits": _limits(),
            "bargaining": {
                "price_falls": {
                    "rivalry": {
                        "vendor": "A",
                        "others": ["b", "own"],
                        "passes_share": 0.4,
                        "discount_share": uniform(0.02, 0.15),
                    }
                },
                "allocation_cuts": {
                    "envy": {"vendor": "A", "programme": "ours", "cut_share": uniform(0.1, 0.5)}
                },
            },
            **changes,
        },
    )


def _sites() -> Parts:
    hall = site(
        power_mw={"by_quarter": [0.06, 0.06, 0.06, 0.07, 0.08, 0.08], "times": uniform(0.8, 1.1)},
        pue=uniform(1.1, 1.3),
        energy_usd_per_kwh=uniform(0.05, 0.1),
        hosting_usd_per_kw_month=growing(uniform(60, 120), 0.05),
        liquid_cooling_mw=uniform(0.05, 0.1),
        region="north",
    )
    return {"hall": hall, "cloud": site(region="south")}


def _workloads() -> Parts:
    scaling = {
        "jobs": 2,
        "reference_accelerators": 20,
        "exponent": uniform(0.7, 0.95),
        "largest_accelerators": 120,
        "segments": 2,
    }
    target = {"share": 0.8, "shortfall_usd_per_unit_hour": 40.0}
    return {
        "train": workload(
            {"by_quarter": [30, 40, 60, 80, 80, 100], "times": uniform(0.6, 1.4)},
            shortfall_usd_per_unit_hour=20.0,
            service_target=target,
            scaling=scaling,
        ),
        "serve": workload(
            growing(uniform(100, 200), uniform(0.3, 1.2)),
            unit="requests/s",
            shortfall_usd_per_unit_hour=6.0,
        ),
        "study": {
            **campaign(60, "2027Q1", from_quarter="2026Q2", total_unit_hours=uniform(1e5, 2e5)),
            "shortfall_usd_per_unit_hour": 15.0,
        },
    }


def _platforms() -> Parts:
    return {
        "a": platform(
            vendor="A",
            accelerator_kw=uniform(1.0, 1.4),
            idle_power_share=uniform(0.2, 0.4),
            liquid_cooled=True,
            availability=uniform(0.9, 1),
            utilisation={"train": uniform(0.35, 0.5), "study": 0.4},
            yield_per_accelerator={"serve": uniform(2, 4)},
        ),
        "b": platform(
            vendor="B",
            accelerator_kw=0.8,
            realised_share=uniform(0.7, 1.1),
            utilisation={"train": uniform(0.3, 0.4), "study": uniform(0.3, 0.4)},
            yield_per_accelerator={"serve": uniform(2, 3)},
            porting={
                "serve": {"cost_usd": uniform(1e5, 4e5), "delay_quarters": 1},
                "study": {
                    "cost_usd": 2e5,
                    "delay_quarters": 1,
                    "from_quarter": "2026Q2",
                },
            },
            denied_regions=["east"],
        ),
        "own": platform(
            vendor="self",
            accelerator_kw=0.7,
            utilisation={"train": uniform(0.3, 0.5)},
            yield_per_accelerator={"serve": 3.0},
            liquid_cooled=True,
        ),
    }


def _bought() -> Parts:
    early_and_late = [
        {"share": 0.3, "quarters_before_delivery": 1},
        {"share": 0.2, "quarters_before_delivery": -1},
    ]
    return {
        "a-buy": buy(
            "a", growing(uniform(20000, 32000), uniform(-0.2, 0)), 12, lead_time_quarters=1,
            server_share_usd=uniform(2000, 4000), network_share_usd=1000, installation_usd=800,
            maintenance_usd_per_year=uniform(500, 1500), residual_share=uniform(0.2, 0.6),
            slip_quarters=late(0, 0, 1, 7), delivered_share=uniform(0.9, 1),
            supply_accelerators=uniform(40, 120), payments=early_and_late,
            cancellation_share=uniform(0.05, 0.5), minimum_order_accelerators=10,
            volume_prices=[
                {"above_accelerators": 20, "price_times": 0.95},
                {"above_accelerators": 40, "price_times": 1.1},
                {"above_accelerators": 60, "price_times": 0.9},
            ],
        ),
        "a-right": option(
            "a", uniform(10000, 20000), 3, fee_usd=uniform(2e3, 2e4), lead_time_quarters=1,
            up_to_accelerators=uniform(40, 80), exercise_until="2026Q4", supply_accelerators=30,
            residual_share=0.3,
        ),
        "b-buy": buy(
            "b", uniform(8000, 16000), 3, sites=["hall", "cloud"], residual_share=0.4,
            supply_accelerators=uniform(40, 90), whole_units_of=8,
            cancellation_share=uniform(0, 0.2),
        ),
        "ours": programme(
            "own", growing(uniform(4000, 8000), -0.1), 8, nre_usd_per_quarter=uniform(2e4, 6e4),
            nre_quarters=7, success={"probability": 0.7}, quarters_to_first_silicon=2,
            slip_quarters=late(0, 1, 2.4), ramp_accelerators=[40, 80], ramp_times=uniform(0.6, 1.4),
            payments=[{"share": 0.3, "quarters_before_delivery": 2}], residual_share=0.2,
        ),
    }  # fmt: skip


def _held() -> Parts:
    return {
        "a-term": reserve(
            "a", growing(uniform(1.5, 3), -0.2), 3, sites=["cloud"], lead_time_quarters=1,
            slip_quarters=late(0, 1), upfront_share=uniform(0.2, 0.5), supply_accelerators=60,
            delivered_share=uniform(0.95, 1), minimum_order_accelerators=12,
        ),
        "b-rent": rent("b", uniform(1.2, 2.5), sites=["cloud"], supply_accelerators=uniform(20, 64),
                       whole_units_of=4),
        "b-spot": spot("b", uniform(0.6, 1.6), sites=["cloud"], supply_accelerators=uniform(0, 50),
                       interruption_share=uniform(0.05, 0.5)),
    }  # fmt: skip


def _power() -> Parts:
    return {
        "grid": lease(
            uniform(30, 120), 2, supply_mw=uniform(0.01, 0.04), lead_time_quarters=1,
            slip_quarters=late(0, 1), take_or_pay_share=uniform(0.4, 0.9),
        ),
        "engines": build(
            uniform(300, 900), 20, supply_mw=0.03, lead_time_quarters=2, residual_share=0.5,
            slip_quarters=late(0, 1), payments=[{"share": 0.4, "quarters_before_delivery": 2}],
        ),
    }  # fmt: skip


def _existing() -> Parts:
    return {
        "old": owned("a", uniform(20, 40), 3, maintenance_usd_per_year=uniform(800, 1600)),
        "held": contracted("b", uniform(10, 20), uniform(0.8, 1.6), 2),
        "due": ordered(
            "a", uniform(10, 30), uniform(20000, 40000), 8, delivery_in_quarters=2,
            slip_quarters=late(0, 1, 5), paid_share=uniform(0.1, 0.4), residual_share=0.4,
            maintenance_usd_per_year=600, cancellation_share=uniform(0.05, 0.6),
        ),
        "fixed": ordered("b", 10, 9000, 2, delivery_in_quarters=1),
    }  # fmt: skip


def _limits() -> Parts:
    return {
        "largest_vendor_share": {"B": uniform(0.5, 0.8)},
        "smallest_vendor_share": {"A": uniform(0.1, 0.3)},
        "growth": {
            "accelerators_per_quarter": growing(uniform(30, 80), 0.4),
            "share_of_fleet": uniform(0.1, 0.4),
        },
        "budgets": {
            "capex_usd_by_year": [2e6, 1e6],
            "opex_usd_by_year": [2e6, 1.5e6],
            "overrun_usd_per_usd": 0.2,
        },
    }
