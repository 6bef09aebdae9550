"""The kinds of recourse by quarter, as a section and a chart tell of them."""

from __future__ import annotations

from dataclasses import dataclass

from planner.analysis.results import Results
from planner.analysis.results_committed import Committed
from planner.analysis.results_estimates import Spread
from planner.report import plan_reading

ACCELERATORS = "accelerators"


@dataclass(frozen=True)
class Use:
    """One kind of recourse by quarter, in its unit."""

    name: str
    unit: str
    spreads: list[Spread]

    @property
    def is_used(self) -> bool:
        """Whether it is used in some sample."""
        return any(abs(spread.mean.value) > plan_reading.LEAST for spread in self.spreads)


def uses(results: Results, plan: Committed) -> list[Use]:
    """Return every kind of recourse; what is rented most comes first."""
    quarters = plan.recourse_use
    if not quarters:
        return []
    rented = [
        Use(f"{offer}, rented", ACCELERATORS, [item.rented[offer] for item in quarters])
        for offer in quarters[0].rented
    ]
    rented.sort(key=lambda use: -sum(spread.mean.value for spread in use.spreads))
    return [
        *rented,
        *(
            Use(
                f"{name}, unserved",
                results.units.get(name, ""),
                [item.unserved[name] for item in quarters],
            )
            for name in quarters[0].unserved
        ),
        Use("Cancelled", ACCELERATORS, [item.cancelled for item in quarters]),
        Use("Without work", ACCELERATORS, [item.undeployed for item in quarters]),
    ]
