"""A plan of odd edges: nothing costs time, quarters without demand, and terms of one quarter."""

from __future__ import annotations

from written import Written, near, one_of, quantiles, times, trend, triangular, uniform

SITES: Written = {
    "hall": {
        "power_mw": times([0.12, 0.12, 0.05, 0.12, 0.12], uniform(0.8, 1.2)),
        "pue": {"value": 1.2, "source": "the meter", "times": uniform(1.0, 1.1)},
        "energy_usd_per_kwh": [0.05, 0.2, 0.1, 0.0, 0.1],
        "hosting_usd_per_kw_month": times([100, 90, 80, 70, 60], near(1.0, 0.1)),
        "liquid_cooling_mw": uniform(0.0, 0.05),
        "region": "here",
    },
    "cloud": {
        "power_mw": "unlimited",
        "pue": 1.0,
        "energy_usd_per_kwh": 0.0,
        "hosting_usd_per_kw_month": 0.0,
    },
}

WORKLOADS: Written = {
    "work": {
        "demand": times([0, 60, 0, 90, 30], uniform(0.5, 1.5)),
        "shortfall_usd_per_unit_hour": 15.0,
        "service_target": {"share": 1.0, "shortfall_usd_per_unit_hour": 20.0},
        "denied_platforms": ["veteran"],
    },
    "fading": {
        "demand": trend(triangular(20, 30, 60), uniform(-0.9, -0.3)),
        "shortfall_usd_per_unit_hour": 25.0,
        "allowed_platforms": ["novice", "veteran", "stranger"],
        "allowed_sites": ["hall"],
    },
    "study": {
        "unit": "molecules/s",
        "campaign": {"total_unit_hours": uniform(4e5, 9e5), "until_quarter": "2027Q3"},
        "shortfall_usd_per_unit_hour": 6.0,
        "scaling": {
            "jobs": 1,
            "reference_accelerators": 10,
            "exponent": one_of(0.0, 0.6, 1.0),
            "largest_accelerators": 80,
        },
    },
}

PLATFORMS: Written = {
    "novice": {
        "vendor": "N",
        "unit": "chip",
        "peak_pflops": triangular(0.8, 1.0, 1.1),
        "accelerator_kw": one_of(0.8, 1.0),
        "idle_power_share": 1.0,
        "availability": 1.0,
        "utilisation": {"work": 0.5, "fading": quantiles(0.3, 0.4, 0.5, upper=1.0)},
        "yield_per_accelerator": {"study": uniform(1.0, 3.0)},
        "porting": {
            "study": {
                "cost_usd": uniform(0, 4e5),
                "delay_quarters": 1,
                "from_quarter": "2026Q4",
            }
        },
        "liquid_cooled": True,
    },
    "veteran": {
        "vendor": "V",
        "unit": "chip",
        "peak_pflops": 0.5,
        "accelerator_kw": 0.6,
        "idle_power_share": uniform(0.0, 0.6),
        "availability": 0.9,
        "utilisation": {"work": 0.9, "fading": 0.6},
        "yield_per_accelerator": {"study": 1.5},
    },
    "stranger": {
        "vendor": "S",
        "unit": "wafer",
        "peak_pflops": 4.0,
        "accelerator_kw": 3.0,
        "availability": 0.8,
        "utilisation": {"work": uniform(0.3, 0.5), "fading": 0.4},
        "allowed_regions": ["here", "elsewhere"],
    },
}

OFFERS: Written = {
    "novice-pods": {
        "mode": "buy",
        "platform": "novice",
        "sites": ["hall", "cloud"],
        "supply_accelerators": uniform(20, 80),
        "price_usd": times([30000, 28000, 24000, 20000, 20000], near(1.0, 0.15)),
        "lead_time_quarters": 1,
        "slip_quarters": one_of(0.0, 0.0, 1.0, 9.0),
        "life_quarters": 1,
        "residual_share": 1.0,
        "payments": [{"share": 1.0, "quarters_before_delivery": -2}],
        "whole_units_of": 8,
    },
    "veteran-late": {
        "mode": "buy",
        "platform": "veteran",
        "sites": ["hall"],
        "supply_accelerators": [0, 0, 0, 50, 90],
        "price_usd": uniform(4000, 9000),
        "lead_time_quarters": 3,
        "life_quarters": 8,
        "residual_share": 0.0,
        "payments": [{"share": 1.0, "quarters_before_delivery": 3}],
        "volume_prices": [
            {"above_accelerators": 8, "price_times": 1.1},
            {"above_accelerators": 12, "price_times": 0.7},
            {"above_accelerators": 40, "price_times": 0.9},
        ],
    },
    "veteran-never": {
        "mode": "buy",
        "platform": "veteran",
        "sites": ["hall"],
        "supply_accelerators": 50.0,
        "price_usd": 1.0,
        "lead_time_quarters": 5,
        "life_quarters": 8,
        "residual_share": 0.0,
    },
    "novice-quarter": {
        "mode": "reserve",
        "platform": "novice",
        "sites": ["cloud"],
        "supply_accelerators": uniform(10, 50),
        "price_usd_per_hour": uniform(1.5, 4.0),
        "lead_time_quarters": 0,
        "term_quarters": 1,
        "upfront_share": uniform(0.0, 1.0),
        "minimum_order_accelerators": 15,
    },
    "stranger-term": {
        "mode": "reserve",
        "platform": "stranger",
        "sites": ["cloud", "hall"],
        "supply_accelerators": 9.0,
        "price_usd_per_hour": uniform(5.0, 14.0),
        "lead_time_quarters": 1,
        "slip_quarters": uniform(0.0, 1.0),
        "term_quarters": 9,
        "upfront_share": 1.0,
        "whole_units_of": 3,
    },
    "novice-rent": {
        "mode": "rent",
        "platform": "novice",
        "sites": ["cloud"],
        "supply_accelerators": [40, 40, 0, 40, 40],
        "price_usd_per_hour": uniform(3.0, 6.0),
        "whole_units_of": 4,
    },
    "veteran-spot": {
        "mode": "spot",
        "platform": "veteran",
        "sites": ["cloud", "hall"],
        "supply_accelerators": uniform(0, 60),
        "price_usd_per_hour": 0.9,
        "interruption_share": uniform(0.0, 0.9),
        "whole_units_of": 20,
    },
    "veteran-right": {
        "mode": "option",
        "platform": "veteran",
        "sites": ["hall"],
        "supply_accelerators": 30.0,
        "fee_usd": 30000.0,
        "up_to_accelerators": 45.0,
        "exercise_until": "2026Q4",
        "price_usd": 5000.0,
        "lead_time_quarters": 1,
        "slip_quarters": one_of(0.0, 3.0, 4.0),
        "life_quarters": 3,
        "residual_share": 0.6,
        "payments": [
            {"share": 0.5, "quarters_before_delivery": 1},
            {"share": 0.5, "quarters_before_delivery": -4},
        ],
        "whole_units_of": 5,
    },
}

EXISTING: Written = {
    "last-novices": {
        "mode": "owned",
        "platform": "novice",
        "site": "hall",
        "accelerators": 30.0,
        "life_left_quarters": 1,
    },
    "lent-veterans": {
        "mode": "contracted",
        "platform": "veteran",
        "site": "hall",
        "accelerators": uniform(20, 40),
        "term_left_quarters": 9,
        "price_usd_per_hour": 0.5,
    },
    "banned-strangers": {
        "mode": "owned",
        "platform": "stranger",
        "site": "cloud",
        "accelerators": 10.0,
        "life_left_quarters": 9,
        "maintenance_usd_per_year": 1000.0,
    },
    "novices-past-the-end": {
        "mode": "ordered",
        "platform": "novice",
        "site": "hall",
        "accelerators": 4.0,
        "delivery_in_quarters": 4,
        "price_usd": 20000.0,
        "paid_share": 0.3,
        "life_quarters": 4,
        "residual_share": uniform(0.4, 0.6),
        "cancellation_share": 0.4,
    },
    "veterans-today": {
        "mode": "ordered",
        "platform": "veteran",
        "site": "hall",
        "accelerators": 10.0,
        "delivery_in_quarters": 0,
        "slip_quarters": 0.5,
        "price_usd": 6000.0,
        "paid_share": 0.5,
        "life_quarters": 2,
        "residual_share": 1.0,
        "cancellation_share": uniform(0.2, 0.6),
    },
}

EDGES: Written = {
    "scenario": "edges",
    "question": "What happens at the edges?",
    "start": "2026Q3",
    "quarters": 5,
    "discount_rate_per_year": 0.0,
    "samples": 50,
    "seed": 13,
    "bet_gap": 0.0,
    "sites": SITES,
    "power": {
        "spare": {
            "mode": "lease",
            "site": "hall",
            "supply_mw": 0.02,
            "lead_time_quarters": 0,
            "price_usd_per_kw_month": [90, 300, 90, 300, 90],
            "term_quarters": 1,
        }
    },
    "workloads": WORKLOADS,
    "platforms": PLATFORMS,
    "offers": OFFERS,
    "existing": EXISTING,
    "pools": {
        "wafers": {
            "unit": "wafers",
            "supply": [0, 30, 30, 60, 60],
            "use_per_accelerator": {"veteran": 1.0, "novice": 0.7},
        }
    },
    "limits": {
        "largest_vendor_share": {"N": uniform(0.5, 1.0)},
        "growth": {"accelerators_per_quarter": [0, 40, 30, 60, 60], "share_of_fleet": 0.5},
        "budgets": {"opex_usd_by_year": [1e6, 0.0], "overrun_usd_per_usd": 0.05},
    },
}
"""Five quarters, without discounting."""
