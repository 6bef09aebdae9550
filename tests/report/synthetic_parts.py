"""The lists inside made-up results: plan lines, limits, drivers and assumptions."""

from __future__ import annotations

from planner.analysis.results import Assumption, LimitValue, PlanLine
from planner.analysis.results_estimates import Driver, Estimate

PLATFORMS = (
    "nvidia-h100-sxm",
    "nvidia-h200-sxm",
    "nvidia-b200",
    "google-tpu-v5p",
    "google-tpu-v6e",
    "aws-trainium2",
    "amd-mi300x",
    "in-house-gen1",
)


def estimate(value: float, error: float | None, n: int = 1024) -> Estimate:
    if error is None:
        return Estimate(value, None, None, None, n)
    return Estimate(value, error, value - 1.96 * error, value + 1.96 * error, n)


def lines(names: list[str], platforms: tuple[str, ...]) -> list[PlanLine]:
    lines = []
    for t, quarter in enumerate(names):
        rent = PlanLine(
            "first-rent",
            "rent",
            platforms[0],
            "cloud",
            quarter,
            quarter,
            1,
            310.4 + t,
            "accelerators",
            3.1,
            "USD per hour",
            2.1e6,
        )
        lines.append(rent)
        if t % 3 == 0:
            lines.append(
                PlanLine(
                    "first-buy",
                    "buy",
                    platforms[0],
                    "own",
                    names[max(t - 2, 0)],
                    quarter,
                    16,
                    2048.0 + 512 * t,
                    "accelerators",
                    31_400.0 - 400 * t,
                    "USD",
                    6.4e7,
                )
            )
    return lines


def limits(known_error: bool, samples: int, unit: str) -> list[LimitValue]:
    n = min(256, samples)

    def found(value: float, error: float) -> Estimate:
        return estimate(value, error if known_error else None, n)

    binds = estimate(0.82, 0.012 if known_error else None, samples)
    never = Estimate(0.0, 0.0, 0.0, 0.004, samples)
    return [
        LimitValue(
            "power at own", "power", "MW in every quarter", binds, found(-1.2e6, 6e4),
            found(1.31e6, 6e4),
        ),
        LimitValue(
            "supply of h200-reserve", "supply", "accelerator in every quarter", binds,
            found(-2140.0, 130.0), found(2160.0, 131.0),
        ),
        LimitValue(
            "largest share of nvidia", "vendor_share", "percentage point", binds,
            found(-3e5, 2.2e5), found(3.2e5, 2.3e5),
        ),
        LimitValue(
            "demand of pretraining", "demand", f"{unit} in every quarter", binds,
            found(52_000.0, 700.0), found(-51_000.0, 700.0),
        ),
        LimitValue(
            "supply of tpu-v6e-rent", "supply", "accelerator in every quarter", never,
            found(0.0, 0.0), found(0.0, 0.0),
        ),
    ]  # fmt: skip


def drivers(inputs: int, samples: int) -> list[Driver]:
    drivers = []
    for k in range(inputs):
        swing, error = 4.1e8 * (-0.72) ** k, 1.7e7
        each = estimate(1.84e9 - swing / 2, 1.2e7, samples // 5)
        drivers.append(
            Driver(
                f"platforms.{PLATFORMS[k % 8]}.utilisation.job{k}" if k else "offers.a.price_usd",
                0.31,
                0.47,
                each,
                estimate(1.84e9 + swing / 2, 1.2e7, samples // 5),
                estimate(swing, error, 2 * (samples // 5)),
                abs(swing) > 2 * error,
            )
        )
    return drivers


def assumptions(platforms: tuple[str, ...], inputs: int) -> list[Assumption]:
    uncertain = [
        Assumption(
            f"platforms.{platforms[k % len(platforms)]}.utilisation.job{k}",
            "lognormal, p10 0.31 and p90 0.47",
            True,
            0.31,
            0.382,
            0.47,
            "Vendor data sheet, 2025-03, https://example.org/sheet?id=1&v=2" if k % 3 else "",
            k % 3 == 0,
        )
        for k in range(inputs)
    ]
    known = Assumption(
        "offers.h100-buy.price_usd", "31400", False, 31400.0, 31400.0, 31400.0, "", True
    )
    return [*uncertain, known]
