"""A plan of yes and no: a chip of one's own, rights, ports, minimum orders and bargaining."""

from __future__ import annotations

from written import Written, lognormal, near, one_of, quantiles, times, trend, triangular, uniform

SITES: Written = {
    "hall": {
        "power_mw": times([0.1, 0.1, 0.12, 0.14, 0.15], uniform(0.7, 1.2)),
        "pue": uniform(1.15, 1.35),
        "energy_usd_per_kwh": uniform(0.06, 0.1),
        "hosting_usd_per_kw_month": trend(uniform(80, 120), 0.05),
    },
    "cloud": {
        "power_mw": "unlimited",
        "pue": 1.0,
        "energy_usd_per_kwh": 0.0,
        "hosting_usd_per_kw_month": 0.0,
    },
}

WORKLOADS: Written = {
    "train": {
        "demand": times([20, 60, 100, 140, 180], quantiles(0.5, 1.0, 1.8)),
        "shortfall_usd_per_unit_hour": 30.0,
    },
    "serve": {
        "unit": "requests/s",
        "demand": trend(triangular(100, 200, 400), uniform(0.5, 2.0)),
        "shortfall_usd_per_unit_hour": 4.0,
        "service_target": {"share": 0.9, "shortfall_usd_per_unit_hour": 9.0},
    },
}

PLATFORMS: Written = {
    "giant": {
        "vendor": "G",
        "unit": "GPU",
        "peak_pflops": 1.0,
        "accelerator_kw": 1.2,
        "realised_share": near(0.95, 0.05),
        "availability": 0.95,
        "utilisation": {"train": uniform(0.35, 0.5)},
        "yield_per_accelerator": {"serve": uniform(2.0, 4.0)},
    },
    "rival": {
        "vendor": "R",
        "unit": "GPU",
        "peak_pflops": 1.3,
        "accelerator_kw": 1.3,
        "idle_power_share": 0.3,
        "availability": 0.92,
        "utilisation": {"train": uniform(0.25, 0.45)},
        "yield_per_accelerator": {"serve": uniform(2.0, 5.0)},
        "porting": {
            "train": {"cost_usd": lognormal(2e5, 9e5), "delay_quarters": 1},
            "serve": {
                "cost_usd": uniform(1e5, 5e5),
                "delay_quarters": 0,
                "from_quarter": "2026Q4",
            },
        },
    },
    "own": {
        "vendor": "self",
        "unit": "chip",
        "peak_pflops": uniform(0.8, 1.2),
        "accelerator_kw": 0.8,
        "availability": 0.9,
        "utilisation": {"train": uniform(0.3, 0.5)},
        "yield_per_accelerator": {"serve": 3.0},
    },
}

GIANT: Written = {
    "giant-buy": {
        "mode": "buy",
        "platform": "giant",
        "sites": ["hall"],
        "supply_accelerators": times([60, 80, 120, 120, 120], uniform(0.6, 1.3)),
        "price_usd": trend(uniform(24000, 36000), uniform(-0.25, 0.05)),
        "server_share_usd": 3000.0,
        "installation_usd": 800.0,
        "lead_time_quarters": 1,
        "life_quarters": 14,
        "residual_share": uniform(0.2, 0.6),
        "payments": [
            {"share": 0.3, "quarters_before_delivery": 1},
            {"share": 0.2, "quarters_before_delivery": -2},
        ],
        "volume_prices": [
            {"above_accelerators": 25, "price_times": 0.92},
            {"above_accelerators": 45, "price_times": 0.8},
        ],
        "cancellation_share": uniform(0.0, 0.15),
    },
    "giant-term": {
        "mode": "reserve",
        "platform": "giant",
        "sites": ["cloud"],
        "supply_accelerators": uniform(30, 90),
        "price_usd_per_hour": uniform(1.8, 3.5),
        "lead_time_quarters": 0,
        "term_quarters": 3,
        "upfront_share": 0.25,
    },
    "giant-right": {
        "mode": "option",
        "platform": "giant",
        "sites": ["hall"],
        "supply_accelerators": trend(uniform(30, 60), 0.2),
        "fee_usd": uniform(2e4, 3e5),
        "up_to_accelerators": uniform(40, 120),
        "exercise_until": "2027Q2",
        "price_usd": uniform(20000, 30000),
        "server_share_usd": uniform(2500, 3500),
        "network_share_usd": uniform(500, 1000),
        "installation_usd": trend(700.0, uniform(0.0, 0.1)),
        "maintenance_usd_per_year": uniform(500, 900),
        "lead_time_quarters": 1,
        "slip_quarters": one_of(0.0, 0.5, 2.0),
        "delivered_share": uniform(0.9, 1.0),
        "life_quarters": 14,
        "residual_share": uniform(0.2, 0.5),
        "payments": [{"share": 0.2, "quarters_before_delivery": 1}],
    },
    "giant-rent": {
        "mode": "rent",
        "platform": "giant",
        "sites": ["cloud"],
        "supply_accelerators": 60.0,
        "price_usd_per_hour": trend(uniform(2.5, 4.5), -0.1),
    },
}

OTHERS: Written = {
    "rival-buy": {
        "mode": "buy",
        "platform": "rival",
        "sites": ["hall", "cloud"],
        "supply_accelerators": uniform(60, 140),
        "price_usd": uniform(14000, 26000),
        "lead_time_quarters": 0,
        "slip_quarters": one_of(0.0, 1.0),
        "life_quarters": 12,
        "residual_share": 0.3,
        "minimum_order_accelerators": 20,
        "volume_prices": [{"above_accelerators": 40, "price_times": 0.9}],
        "cancellation_share": uniform(0.0, 0.1),
    },
    "rival-right": {
        "mode": "option",
        "platform": "rival",
        "sites": ["cloud"],
        "supply_accelerators": 50.0,
        "fee_usd": 1.5e5,
        "up_to_accelerators": 60.0,
        "exercise_until": "2026Q4",
        "price_usd": uniform(12000, 20000),
        "lead_time_quarters": 2,
        "life_quarters": 10,
        "residual_share": 0.25,
        "divisible": True,
    },
    "chip": {
        "mode": "programme",
        "platform": "own",
        "sites": ["hall", "cloud"],
        "funding_quarter": "2026Q3",
        "nre_usd_per_quarter": trend(uniform(1e5, 3e5), uniform(-0.3, 0.3)),
        "nre_quarters": 3,
        "success": {"probability": 0.9},
        "quarters_to_first_silicon": 2,
        "slip_quarters": one_of(0.0, 0.0, 1.0, 2.4),
        "ramp_accelerators": [60, 120],
        "ramp_times": uniform(0.6, 1.4),
        "price_usd": trend(uniform(5000, 9000), -0.1),
        "server_share_usd": trend(1500.0, uniform(-0.1, 0.1)),
        "network_share_usd": uniform(600, 1000),
        "installation_usd": uniform(200, 600),
        "maintenance_usd_per_year": uniform(300, 700),
        "delivered_share": uniform(0.8, 1.0),
        "life_quarters": 12,
        "residual_share": uniform(0.0, 0.4),
        "payments": [
            {"share": 0.3, "quarters_before_delivery": 2},
            {"share": 0.1, "quarters_before_delivery": -1},
        ],
    },
    "chip-shared": {
        "mode": "programme",
        "platform": "own",
        "sites": ["cloud"],
        "nre_usd_per_quarter": times([3e5, 2e5, 1e5, 1e5, 0], uniform(0.5, 2.0)),
        "nre_quarters": 6,
        "success": {"probability": 0.5},
        "quarters_to_first_silicon": 2,
        "ramp_accelerators": [40, 20, 90],
        "price_usd": 8000.0,
        "life_quarters": 4,
        "residual_share": 0.2,
        "divisible": True,
        "whole_units_of": 10,
    },
}

BETS: Written = {
    "scenario": "bets",
    "question": "Which bets pay?",
    "start": "2026Q2",
    "quarters": 5,
    "discount_rate_per_year": 0.12,
    "samples": 50,
    "seed": 12,
    "bet_gap": 0.0,
    "sites": SITES,
    "workloads": WORKLOADS,
    "platforms": PLATFORMS,
    "offers": {**GIANT, **OTHERS},
    "limits": {
        "smallest_vendor_share": {"R": uniform(0.0, 0.5)},
        "budgets": {"capex_usd_by_year": [4e6, 1.5e6], "overrun_usd_per_usd": 0.2},
    },
    "bargaining": {
        "price_falls": {
            "rivalry": {
                "vendor": "G",
                "others": ["rival", "own"],
                "passes_share": 0.7,
                "discount_share": uniform(0.02, 0.2),
            }
        },
        "allocation_cuts": {
            "jealousy": {"vendor": "G", "programme": "chip", "cut_share": uniform(0.1, 0.7)}
        },
    },
}
"""From the second quarter of a year: years of the plan are not those of the calendar."""
