"""The reference of the config, generated from the schema so that it cannot say anything else.

``python -m planner.config.reference > docs/config-reference.md`` refreshes the page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from pydantic_core import PydanticUndefined

from planner.config.base import Strict
from planner.config.commitment import Commitment, PlannedService
from planner.config.demands import Campaign, Scaling, ServiceTarget, Workload
from planner.config.describing import allowed
from planner.config.events import Begins, Effect, Event
from planner.config.limits import (
    AllocationCut,
    Bargaining,
    Budgets,
    Growth,
    Limits,
    Pool,
    PriceFall,
)
from planner.config.offers import Chance, Payment, PriceTier
from planner.config.places import Site
from planner.config.platforms import FILLED_FROM_CATALOG, FILLED_IF_NEEDED, Platform, Porting
from planner.config.quantities import PROCESS, QUANTITY_MODELS
from planner.config.sampling import (
    CorrelatedGroup,
    CorrelatedPair,
    CorrelationMatrix,
    Correlations,
    Sampling,
)
from planner.config.schema import MODE_MODELS, Scenario
from planner.config.slots import field_slot, keys_of
from planner.config.text_file import MAX_BYTES
from planner.config.yaml_tree import MAX_DEPTH, MAX_NODES

COMMAND = "python -m planner.config.reference > docs/config-reference.md"


def _modes(section: str) -> tuple[tuple[str, type[Strict]], ...]:
    tagged = MODE_MODELS[section].items()
    return tuple(
        (f"`{section}.NAME` with `{tag.replace(':', ': ')}`", model) for tag, model in tagged
    )


SECTIONS: tuple[tuple[str, type[Strict]], ...] = (
    ("The scenario", Scenario),
    ("`commitment`", Commitment),
    ("`commitment.service`", PlannedService),
    ("`sampling`", Sampling),
    ("`correlations`", Correlations),
    ("An item of `correlations.pairs`", CorrelatedPair),
    ("An item of `correlations.groups`", CorrelatedGroup),
    ("An item of `correlations.matrices`", CorrelationMatrix),
    ("`sites.NAME`", Site),
    *_modes("power"),
    ("`workloads.NAME`", Workload),
    ("`workloads.NAME.campaign`", Campaign),
    ("`workloads.NAME.service_target`", ServiceTarget),
    ("`workloads.NAME.scaling`", Scaling),
    ("`platforms.NAME`", Platform),
    ("`platforms.NAME.porting.WORKLOAD`", Porting),
    *_modes("offers"),
    ("An item of `payments`", Payment),
    ("An item of `volume_prices`", PriceTier),
    ("`success` of a programme", Chance),
    *_modes("existing"),
    ("`pools.NAME`", Pool),
    ("`limits`", Limits),
    ("`limits.growth`", Growth),
    ("`limits.budgets`", Budgets),
    ("`bargaining`", Bargaining),
    ("`bargaining.price_falls.NAME`", PriceFall),
    ("`bargaining.allocation_cuts.NAME`", AllocationCut),
    ("`events.NAME`", Event),
    ("`events.NAME.begins`", Begins),
    ("An item of `effects`", Effect),
)
"""Title and model of every mapping of a scenario that is no figure."""

EXAMPLES: dict[str, str] = {
    "kind:number": "0.41",
    "kind:list": "[100, 120, 150, 180]",
    "kind:unlimited": "unlimited",
    "kind:value": '{value: 0.41, source: "vendor data sheet, 2025-11"}',
    "kind:catalog": "{catalog: h100-buy, times: {distribution: lognormal, p10: 0.9, p90: 1.2}}",
    "kind:uniform": "{distribution: uniform, low: 0.8, high: 1.2}",
    "kind:triangular": "{distribution: triangular, low: 1.2, mode: 1.28, high: 1.45}",
    "kind:lognormal": "{distribution: lognormal, p10: 25000, p90: 36000}",
    "kind:discrete": "{distribution: discrete, values: [1, 0.5], probabilities: [0.8, 0.2]}",
    "kind:quantiles": "{distribution: quantiles, p10: 0.3, p50: 0.37, p90: 0.45, upper: 0.7}",
    "kind:pert": "{distribution: pert, low: 1.2, mode: 1.28, high: 1.45}",
    "kind:normal": "{distribution: normal, mean: 1, sd: 0.05}",
    "kind:beta": "{distribution: beta, mean: 0.9, sd: 0.03}",
    "kind:gamma": "{distribution: gamma, mean: 2, sd: 1.5}",
    "kind:student-t": "{distribution: student-t, centre: 1, scale: 0.05, degrees_of_freedom: 4}",
    "kind:bernoulli": "{distribution: bernoulli, probability: 0.2, if_true: 1.25, if_false: 1}",
    "kind:elicited": (
        "{distribution: elicited, points: [[0.05, 2.1], [0.25, 2.6], [0.5, 3], [0.9, 4.2]], "
        "lower: 0}"
    ),
    "kind:empirical": "{distribution: empirical, file: spot-prices.csv, column: usd_per_hour}",
    "kind:truncated": (
        "{distribution: truncated, of: {distribution: normal, mean: 3, sd: 1}, low: 0.5}"
    ),
    "kind:mixture": (
        "{distribution: mixture, parts: [{weight: 0.8, of: {distribution: normal, p10: 2.2, "
        "p90: 2.8}}, {weight: 0.2, of: 4}]}"
    ),
    "kind:claim": (
        "{claim: 0.667, evidence: vendor-claim, said_by: AWS, date: 2024-12-03, "
        'source: "launch of Trainium2"}'
    ),
    "kind:claimed_ratio": (
        "{claimed_ratio: 1.4, against: nvidia-h100-sxm, evidence: vendor-claim, said_by: Intel, "
        "date: 2024-04-09, share: {distribution: pert, low: 0, mode: 0.7, high: 1.1}}"
    ),
    "kind:claimed_price_performance": (
        "{claimed_price_performance: 1.4, moves: price, claim_id: trn-40, against: other chips, "
        "baseline: 3.2, evidence: vendor-claim, said_by: AWS, date: 2024-12-03}"
    ),
    "kind:claims": (
        "{claims: [{claim: 0.6, evidence: vendor-claim, said_by: a vendor, date: 2025-02-11}, "
        "{claim: 0.4, evidence: third-party-estimate, said_by: an analyst, date: 2025-03-01}], "
        "weights: [0.4, 0.6], measured: {value: 0.45, relative_error: 0.1}}"
    ),
    "kind:by_quarter": (
        "{by_quarter: [100, 120, 150, 180], times: {distribution: lognormal, p10: 0.8, p90: 1.3}}"
    ),
    "kind:first": (
        "{first: {distribution: lognormal, mean: 2.5, sd: 0.4}, "
        "change_per_year: {distribution: uniform, low: -0.3, high: 0}}"
    ),
    "kind:process:random-walk": (
        "{process: random-walk, first: 2.5, drift_per_year: -0.1, volatility_per_year: 0.3}"
    ),
    "kind:process:mean-reverting": (
        "{process: mean-reverting, first: 0.11, level: 0.07, half_life_quarters: 2, "
        "volatility_per_year: 0.4}"
    ),
    "kind:process:steps": (
        "{process: steps, first: 30000, probability_per_quarter: 0.2, "
        "change: {distribution: triangular, low: -0.3, mode: -0.1, high: 0.1}}"
    ),
    "kind:process:learning-curve": (
        "{process: learning-curve, first: 9000, learning_rate: "
        "{distribution: uniform, low: 0.1, high: 0.2}, "
        "volume_by_quarter: [100, 200, 400, 800], volume_before: 1000}"
    ),
}
"""One value of every kind of figure, by tag."""

_PLAIN_KINDS = {
    "kind:number": "A number. Write `1e6` or `1000000`, without separators, signs or units.",
    "kind:list": "One number for each quarter of the plan, in their order.",
    "kind:unlimited": "No limit; for `power_mw` and `liquid_cooling_mw` of a site only.",
}

_UNITS: tuple[tuple[str, str], ...] = (
    ("usd_per_unit_hour", "USD per unit and hour"),
    ("usd_per_kw_month", "USD per kW and month"),
    ("usd_per_kwh", "USD per kWh"),
    ("usd_per_kw", "USD per kW"),
    ("usd_per_hour", "USD per hour"),
    ("usd_per_quarter", "USD per quarter"),
    ("usd_per_year", "USD per year"),
    ("usd_per_usd", "USD per USD"),
    ("usd_by_year", "USD"),
    ("_usd", "USD"),
    ("rate_per_year", "share per year"),
    ("change_per_year", "share per year"),
    ("drift_per_year", "log per year"),
    ("volatility_per_year", "log per root year"),
    ("error_sd", "log"),
    ("learning_rate", "share per doubling"),
    ("probability_per_quarter", "share per quarter"),
    ("volume_by_quarter", "units"),
    ("volume_before", "units"),
    ("_gb_per_unit", "GB per unit"),
    ("_tbps", "TB/s"),
    ("_gb", "GB"),
    ("_flop", "FLOP"),
    ("_unit_hours", "units x hours"),
    ("_pflops", "PFLOP/s"),
    ("_kw", "kW"),
    ("_mw", "MW"),
    ("accelerators_per_quarter", "accelerators per quarter"),
    ("accelerators_per_domain", "accelerators"),
    ("per_accelerator", "units per accelerator"),
    ("quarters_before_delivery", "quarters"),
    ("quarters_to_first_silicon", "quarters"),
    ("quarters", "quarters"),
    ("accelerators", "accelerators"),
    ("whole_units_of", "accelerators"),
    ("demand", "`unit`"),
    ("supply", "`unit`"),
    ("share_of_fleet", "share"),
    ("share", "share"),
    ("utilisation", "share"),
    ("availability", "share"),
    ("probability", "share"),
    ("gap", "share"),
    ("cvar_weight", "share"),
    ("cvar_level", "share"),
    ("_times", "factor"),
    ("relative_error", "log"),
    ("claimed_ratio", "ratio"),
    ("claimed_price_performance", "ratio"),
    ("exponent", "power"),
    ("pue", "ratio"),
)
"""Ending of a key and its unit; the first that fits."""

_INTRODUCTION = f"""# Config reference

Generated from the schema by `{COMMAND}`; a test keeps it in step.

A scenario is one YAML file in UTF-8: at most {MAX_BYTES // 1_000_000} MB, {MAX_NODES:,} keys and
values, and {MAX_DEPTH} levels. Words are read as YAML 1.2 reads them: `1e6` is a number, `no` and
`30_000` are text. Aliases (`&name`, `*name`) may stand for whole values; tags, merge keys (`<<`)
and several documents in a file are refused. Names have up to 64 letters, digits, `-` and `_`.
Unknown keys are errors. `planner check CONFIG` finds every problem at once, and
`--set dotted.key=value` changes one value for one command, such as
`--set workloads.training.demand.0=500`; the items of a list count from 0.

Money is in US dollars, compute in dense BF16 PFLOP/s unless a workload has another `unit`; a share
of 0.08 is 8 %."""

_FIGURES = """## Figures

Where a figure is wanted, all of these may stand, unless the table says otherwise. A belief is
drawn once for each sample. Lists, `by_quarter`, trends and processes may stand only where the table
allows a list, trend or process over the quarters. A process, and a trend's error, also draw anew in
each quarter after the first."""


def reference_markdown() -> str:
    """Return the page as markdown, with a newline at the end."""
    parts = [_INTRODUCTION]
    for title, model in SECTIONS:
        parts += [f"## {title}", _sentence(model), _table(model)]
    parts.append(_FIGURES)
    for tag, example in EXAMPLES.items():
        parts.extend(_kind(tag, example))
    return "\n\n".join(parts) + "\n"


def _kind(tag: str, example: str) -> Iterator[str]:
    kind = tag.removeprefix("kind:")
    model = QUANTITY_MODELS.get(tag)
    is_belief = model is not None and "distribution" in model.model_fields
    written = f"distribution: {kind}" if is_belief else kind.replace(PROCESS, "process: ")
    yield f"### `{written}`"
    yield _PLAIN_KINDS[tag] if model is None else _sentence(model)
    yield f"```yaml\n{example}\n```"
    if model is not None:
        yield _table(model)
        for key in keys_of(model):
            slot = field_slot(model, key)
            for part, title in ((slot.item.model, f"An item of `{key}`:"), (slot.model, "")):
                if part is not None:
                    yield title or f"`{key}`:"
                    yield _table(part)


def _sentence(model: type[Strict]) -> str:
    return (model.__doc__ or "").splitlines()[0].replace("``", "`")


def _table(model: type[Strict]) -> str:
    rows = ["| key | allowed | unit | default | meaning |", "| --- | --- | --- | --- | --- |"]
    for key in keys_of(model):
        slot = field_slot(model, key)
        cells = (f"`{key}`", allowed(slot), _unit(key), _default(model, key), slot.description)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def _unit(key: str) -> str:
    return next((unit for ending, unit in _UNITS if key.endswith(ending)), "")


def _default(model: type[Strict], key: str) -> str:
    if model is Platform and key in FILLED_FROM_CATALOG:
        return "the catalogue's"
    if model is Platform and key in FILLED_IF_NEEDED:
        return "the catalogue's, if needed"
    field = model.model_fields[key]
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True)
    if default is None or default is PydanticUndefined or isinstance(default, Strict):
        return "none"
    return "none" if default in ({}, [], ()) else f"`{json.dumps(default)}`"


if __name__ == "__main__":
    sys.stdout.write(reference_markdown())
