"""A plan without yes or no: every price part, term, lease and limit, and all bets relaxed."""

from __future__ import annotations

from written import Written, lognormal, near, one_of, times, trend, triangular, uniform

SITES: Written = {
    "hall": {
        "power_mw": times([0.1, 0.1, 0.09, 0.09, 0.1, 0.06], uniform(0.7, 1.1)),
        "pue": uniform(1.1, 1.4),
        "energy_usd_per_kwh": trend(uniform(0.05, 0.12), uniform(-0.05, 0.1)),
        "hosting_usd_per_kw_month": uniform(60, 120),
        "liquid_cooling_mw": times([0.08, 0.08, 0.08, 0.1, 0.1, 0.1], uniform(0.6, 1.2)),
        "region": "north",
    },
    "cloud": {
        "power_mw": "unlimited",
        "pue": 1.0,
        "energy_usd_per_kwh": 0.0,
        "hosting_usd_per_kw_month": 0.0,
        "region": "south",
    },
    "annex": {
        "power_mw": uniform(0.02, 0.06),
        "pue": 1.5,
        "energy_usd_per_kwh": 0.15,
        "hosting_usd_per_kw_month": 100.0,
    },
}

POWER: Written = {
    "grid": {
        "mode": "lease",
        "site": "hall",
        "supply_mw": uniform(0.005, 0.05),
        "lead_time_quarters": 1,
        "slip_quarters": one_of(0.0, 0.4, 1.5, 6.0),
        "price_usd_per_kw_month": trend(uniform(40, 160), uniform(-0.2, 0.3)),
        "term_quarters": 2,
        "take_or_pay_share": uniform(0.3, 0.9),
    },
    "engines": {
        "mode": "build",
        "site": "hall",
        "supply_mw": times([0.0, 0.02, 0.02, 0.02, 0.02, 0.02], uniform(0.5, 1.0)),
        "lead_time_quarters": 1,
        "slip_quarters": one_of(0.0, 1.0, 2.0),
        "capex_usd_per_kw": lognormal(800, 2400),
        "life_quarters": 20,
        "residual_share": uniform(0.2, 0.8),
        "payments": [
            {"share": 0.4, "quarters_before_delivery": 1},
            {"share": 0.2, "quarters_before_delivery": -2},
        ],
    },
}

WORKLOADS: Written = {
    "train": {
        "demand": times([60, 80, 100, 140, 120, 160], triangular(0.6, 1.0, 1.6)),
        "shortfall_usd_per_unit_hour": 12.0,
        "service_target": {"share": 0.8, "shortfall_usd_per_unit_hour": 40.0},
        "scaling": {
            "jobs": 2,
            "reference_accelerators": 40,
            "exponent": uniform(0.7, 0.95),
            "largest_accelerators": 160,
            "segments": 3,
        },
    },
    "serve": {
        "unit": "tokens/s",
        "demand": trend(uniform(30000, 60000), uniform(0.3, 1.5)),
        "shortfall_usd_per_unit_hour": 0.02,
        "memory_gb": 600,
        "memory_traffic_gb_per_unit": uniform(2.0, 4.0),
        "denied_sites": ["annex"],
    },
    "sweep": {
        "campaign": {
            "total_flop": near(4e23, 1e23),
            "from_quarter": "2026Q3",
            "until_quarter": "2027Q1",
        },
        "shortfall_usd_per_unit_hour": 15.0,
        "service_target": {"share": 0.5, "shortfall_usd_per_unit_hour": 60.0},
        "denied_platforms": ["alpha"],
    },
}

PLATFORMS: Written = {
    "alpha": {
        "vendor": "A",
        "unit": "GPU",
        "peak_pflops": uniform(0.9, 1.1),
        "accelerator_kw": uniform(1.0, 1.4),
        "idle_power_share": uniform(0.2, 0.5),
        "liquid_cooled": True,
        "memory_gb": 80.0,
        "accelerators_per_domain": 8,
        "memory_bandwidth_tbps": uniform(3.0, 3.6),
        "realised_share": uniform(0.85, 1.05),
        "availability": uniform(0.9, 0.99),
        "utilisation": {"train": uniform(0.35, 0.5)},
        "bandwidth_utilisation": {"serve": uniform(0.4, 0.6)},
        "denied_regions": ["south"],
    },
    "beta": {
        "vendor": "B",
        "unit": "chip",
        "peak_pflops": 0.6,
        "accelerator_kw": 0.7,
        "memory_gb": 192.0,
        "accelerators_per_domain": 4,
        "availability": 0.95,
        "utilisation": {"train": uniform(0.3, 0.5), "sweep": uniform(0.3, 0.5)},
        "yield_per_accelerator": {"serve": uniform(250, 600)},
    },
    "gamma": {
        "vendor": "C",
        "unit": "chip",
        "peak_pflops": 2.0,
        "accelerator_kw": 1.6,
        "liquid_cooled": True,
        "memory_gb": 288.0,
        "accelerators_per_domain": 2,
        "availability": 0.9,
        "utilisation": {"train": 0.35, "sweep": uniform(0.25, 0.45)},
        "allowed_regions": ["north", "south"],
    },
}

BUYS: Written = {
    "alpha-buy": {
        "mode": "buy",
        "platform": "alpha",
        "sites": ["hall", "cloud", "annex"],
        "supply_accelerators": times([80, 80, 100, 100, 100, 100], uniform(0.4, 1.2)),
        "price_usd": trend(uniform(22000, 32000), uniform(-0.3, 0.0)),
        "server_share_usd": uniform(2000, 4000),
        "network_share_usd": trend(2500.0, uniform(-0.2, 0.1)),
        "installation_usd": uniform(500, 1500),
        "maintenance_usd_per_year": trend(uniform(800, 1600), 0.05),
        "lead_time_quarters": 2,
        "slip_quarters": uniform(0.0, 3.0),
        "delivered_share": uniform(0.85, 1.0),
        "life_quarters": 16,
        "residual_share": uniform(0.2, 0.7),
        "payments": [
            {"share": 0.25, "quarters_before_delivery": 2},
            {"share": 0.15, "quarters_before_delivery": 1},
            {"share": 0.1, "quarters_before_delivery": 0},
            {"share": 0.3, "quarters_before_delivery": -1},
        ],
        "volume_prices": [
            {"above_accelerators": 20, "price_times": 1.05},
            {"above_accelerators": 45, "price_times": 1.2},
        ],
    },
    "beta-buy": {
        "mode": "buy",
        "platform": "beta",
        "sites": ["hall", "annex"],
        "supply_accelerators": 60.0,
        "price_usd": uniform(7000, 14000),
        "lead_time_quarters": 0,
        "life_quarters": 3,
        "residual_share": 0.5,
        "maintenance_usd_per_year": 400.0,
    },
}

HOLDS: Written = {
    "gamma-term": {
        "mode": "reserve",
        "platform": "gamma",
        "sites": ["hall", "cloud"],
        "supply_accelerators": uniform(10, 60),
        "price_usd_per_hour": trend(uniform(2.5, 4.5), uniform(-0.4, 0.0)),
        "lead_time_quarters": 1,
        "slip_quarters": one_of(0.0, 1.0, 2.0),
        "delivered_share": uniform(0.9, 1.0),
        "term_quarters": 4,
        "upfront_share": uniform(0.1, 0.6),
    },
    "beta-term": {
        "mode": "reserve",
        "platform": "beta",
        "sites": ["cloud"],
        "supply_accelerators": 80.0,
        "price_usd_per_hour": uniform(0.8, 1.4),
        "lead_time_quarters": 0,
        "term_quarters": 2,
        "upfront_share": 1.0,
    },
    "beta-rent": {
        "mode": "rent",
        "platform": "beta",
        "sites": ["cloud", "annex"],
        "supply_accelerators": trend(uniform(40, 100), 0.5),
        "price_usd_per_hour": trend(uniform(1.2, 2.5), uniform(-0.3, 0.1)),
    },
    "gamma-spot": {
        "mode": "spot",
        "platform": "gamma",
        "sites": ["cloud"],
        "supply_accelerators": uniform(0, 80),
        "price_usd_per_hour": times([2.0, 2.5, 2.0, 3.5, 2.0, 3.0], lognormal(0.7, 1.4)),
        "interruption_share": uniform(0.05, 0.3),
    },
}

EXISTING: Written = {
    "old-alpha": {
        "mode": "owned",
        "platform": "alpha",
        "site": "hall",
        "accelerators": uniform(40, 70),
        "life_left_quarters": 3,
        "maintenance_usd_per_year": trend(uniform(1000, 2000), 0.1),
    },
    "old-beta": {
        "mode": "contracted",
        "platform": "beta",
        "site": "cloud",
        "accelerators": uniform(10, 30),
        "term_left_quarters": 2,
        "price_usd_per_hour": uniform(1.0, 2.0),
    },
    "coming-gamma": {
        "mode": "ordered",
        "platform": "gamma",
        "site": "hall",
        "accelerators": uniform(5, 25),
        "delivery_in_quarters": 2,
        "slip_quarters": one_of(0.0, 1.0, 5.0),
        "price_usd": uniform(35000, 60000),
        "paid_share": uniform(0.1, 0.5),
        "life_quarters": 12,
        "residual_share": uniform(0.1, 0.6),
        "maintenance_usd_per_year": uniform(500, 1500),
        "cancellation_share": uniform(0.05, 0.6),
    },
    "coming-beta": {
        "mode": "ordered",
        "platform": "beta",
        "site": "annex",
        "accelerators": 20.0,
        "delivery_in_quarters": 1,
        "price_usd": 9000.0,
        "life_quarters": 2,
        "residual_share": 0.3,
    },
}

FLEET: Written = {
    "scenario": "fleet",
    "question": "Which fleet, when nothing is a yes or no?",
    "start": "2026Q1",
    "quarters": 6,
    "discount_rate_per_year": 0.09,
    "samples": 50,
    "seed": 11,
    "bets": "relaxed",
    "sites": SITES,
    "power": POWER,
    "workloads": WORKLOADS,
    "platforms": PLATFORMS,
    "offers": {**BUYS, **HOLDS},
    "existing": EXISTING,
    "pools": {
        "memory": {
            "unit": "GB",
            "supply": times([4000, 6000, 6000, 8000, 8000, 8000], uniform(0.5, 1.2)),
            "use_per_accelerator": {"alpha": uniform(70, 100), "beta": 192.0},
        }
    },
    "bargaining": {
        "price_falls": {
            "rivalry": {
                "vendor": "B",
                "others": ["alpha", "gamma"],
                "passes_share": 0.5,
                "discount_share": uniform(0.05, 0.3),
            }
        }
    },
    "limits": {
        "largest_vendor_share": {"B": uniform(0.4, 0.8)},
        "smallest_vendor_share": {"A": uniform(0.1, 0.3), "C": uniform(0.05, 0.3)},
        "growth": {
            "accelerators_per_quarter": trend(uniform(25, 70), 0.3),
            "share_of_fleet": uniform(0.0, 0.4),
        },
        "budgets": {
            "capex_usd_by_year": [2.5e6, 1.2e6],
            "opex_usd_by_year": [3e6, 2e6],
            "overrun_usd_per_usd": 0.15,
        },
    },
}
"""Six quarters, so that the second year is short."""
