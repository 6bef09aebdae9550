"""The scenario: one planning question, as a user writes it in YAML."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from planner.config.base import Name, Strict
from planner.config.commitment import Commitment
from planner.config.demands import Workload
from planner.config.events import Event
from planner.config.fleet import FLEET_MODELS, Contracted, Ordered, Owned
from planner.config.limits import Bargaining, Limits, Pool
from planner.config.offers import (
    OFFER_MODELS,
    QUARTER_PATTERN,
    Buy,
    Option,
    Programme,
    Rent,
    Reserve,
    Spot,
)
from planner.config.places import POWER_MODELS, PowerBuild, PowerLease, Site
from planner.config.platforms import Platform
from planner.config.sampling import Correlations, Sampling

NAMED_SECTIONS = (
    *("sites", "workloads", "platforms", "offers", "existing", "power", "pools"),
    "events",
)
"""Keys of a scenario whose entries the user names."""

MODE_MODELS: dict[str, dict[str, type[Strict]]] = {
    "offers": dict(OFFER_MODELS),
    "existing": dict(FLEET_MODELS),
    "power": dict(POWER_MODELS),
}
"""By section and tag; pydantic puts a tag into the location of an error, it is no YAML key."""


def quarters_from(start: str, count: int) -> tuple[str, ...]:
    """Return the names of quarters, such as ``2026Q1``.

    Raises
    ------
    ValueError
        If `start` is no quarter.
    """
    if re.fullmatch(QUARTER_PATTERN, start) is None:
        raise ValueError(start)
    first = 4 * int(start[:4]) + int(start[5]) - 1
    return tuple(f"{n // 4:04d}Q{n % 4 + 1}" for n in range(first, first + count))


def _mode_of(value: Any) -> str:
    mode = value.get("mode") if isinstance(value, dict) else getattr(value, "mode", None)
    return f"mode:{mode}" if isinstance(mode, str) else "mode:unknown"


Offer = Annotated[
    Annotated[Buy, Tag("mode:buy")]
    | Annotated[Reserve, Tag("mode:reserve")]
    | Annotated[Rent, Tag("mode:rent")]
    | Annotated[Spot, Tag("mode:spot")]
    | Annotated[Option, Tag("mode:option")]
    | Annotated[Programme, Tag("mode:programme")],
    Discriminator(_mode_of),
]
Existing = Annotated[
    Annotated[Owned, Tag("mode:owned")]
    | Annotated[Contracted, Tag("mode:contracted")]
    | Annotated[Ordered, Tag("mode:ordered")],
    Discriminator(_mode_of),
]
PowerContract = Annotated[
    Annotated[PowerLease, Tag("mode:lease")] | Annotated[PowerBuild, Tag("mode:build")],
    Discriminator(_mode_of),
]


class Scenario(Strict):
    """One planning question, ready to be sampled and solved."""

    scenario: Name = Field(description="Name of the scenario; part of the run folder's name.")
    question: Annotated[str, StringConstraints(min_length=1, max_length=2000)] = Field(
        description="What is to be decided, in a sentence; stands on top of the report."
    )
    start: Annotated[str, StringConstraints(pattern=QUARTER_PATTERN)] = Field(
        description="First quarter of the plan, such as 2026Q1."
    )
    quarters: Annotated[int, Field(ge=1, le=20)] = Field(
        description="Length of the plan in quarters, its horizon."
    )
    discount_rate_per_year: Annotated[float, Field(ge=0, lt=1)] = Field(
        description="What money costs in a year: 0.08 is 8 %."
    )
    samples: Annotated[int, Field(ge=1, le=100_000_000)] = Field(
        description="Futures to draw and to solve."
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = Field(
        description="Start of the random numbers; the same seed gives the same results."
    )
    commitment: Commitment = Field(
        default=Commitment(), description="How the committed plan is found and proven."
    )
    sampling: Sampling = Field(
        default=Sampling(), description="How the draws are spread; at random unless given."
    )
    correlations: Correlations = Field(
        default=Correlations(), description="Inputs that move together; none unless given."
    )
    catalog: str | None = Field(
        default=None,
        description="A catalogue file beside the config that overlays the shipped one.",
    )
    bets: Literal["whole", "relaxed"] = Field(
        default="whole",
        description="`relaxed` lets yes/no and whole-unit decisions take any share: a lower bound "
        "of cost, and faster.",
    )
    bet_gap: Annotated[float, Field(ge=0, le=0.1)] = Field(
        default=1e-4,
        description="Largest relative gap between a plan with whole bets and its proven bound.",
    )
    sites: dict[Name, Site] = Field(
        min_length=1, description="Places that accelerators stand at, by name."
    )
    power: dict[Name, PowerContract] = Field(
        default={}, description="Power that can be leased or built at sites, by name."
    )
    workloads: dict[Name, Workload] = Field(
        min_length=1, description="Demands for compute, by name."
    )
    platforms: dict[Name, Platform] = Field(
        min_length=1, description="Accelerator models, by name in the catalogue or a new name."
    )
    offers: dict[Name, Offer] = Field(
        min_length=1, description="Ways to get the platforms, by a name of your choice."
    )
    existing: dict[Name, Existing] = Field(
        default={}, description="What is already owned, under contract or ordered, by name."
    )
    pools: dict[Name, Pool] = Field(
        default={}, description="Parts that vendors compete for, by name; none unless given."
    )
    limits: Limits = Field(default=Limits(), description="Limits across offers; none unless given.")
    bargaining: Bargaining = Field(
        default=Bargaining(), description="How vendors answer; not at all unless given."
    )
    events: dict[Name, Event] = Field(
        default={}, description="What may happen and change figures, by a name of your choice."
    )

    def quarter_names(self) -> tuple[str, ...]:
        """Return the quarters of the horizon by name, ``2026Q1`` first."""
        return quarters_from(self.start, self.quarters)
