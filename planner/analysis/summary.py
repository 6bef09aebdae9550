"""From samples that were added up to results: every number that a report states."""

from __future__ import annotations

from dataclasses import dataclass

from planner.analysis.assumptions import assumptions
from planner.analysis.bets import bet_outcomes, power_started, scaling_errors
from planner.analysis.draw_check import draw_check
from planner.analysis.drivers import cost_drivers
from planner.analysis.event_outcomes import event_outcomes
from planner.analysis.follow_up import FollowUps
from planner.analysis.gathered import Gathered
from planner.analysis.limits import limit_values
from planner.analysis.plan_figures import cash_quarters, cost_parts, mix_cells, served_shares
from planner.analysis.precision import Precision
from planner.analysis.quantities import one_unit
from planner.analysis.repeats import RepeatedBlock, service_share, shortfall_repeats, units_of
from planner.analysis.results import Appearance, LimitValue, ModelSize, Results, SolveCounts
from planner.analysis.results_draws import PrecisionReached, Sampled
from planner.analysis.results_estimates import Spread
from planner.analysis.workbench import Workbench
from planner.config.notes import notes
from planner.model.sets import Sets
from planner.solve.tie_break import WORDS
from planner.version import __version__


@dataclass(frozen=True)
class RunIdentity:
    """What a run was asked for."""

    config_sha256: str
    samples_asked: int
    complete: bool
    until: Precision | None = None


def summarise(
    bench: Workbench, found: Gathered, follow_ups: FollowUps, identity: RunIdentity
) -> Results:
    """Return the results of a run."""
    scenario, sets, template = bench.model.scenario, bench.model.sets, bench.model.template
    return Results(
        planner_version=__version__,
        scenario=scenario.scenario,
        question=scenario.question,
        config_sha256=identity.config_sha256,
        quarters=list(sets.quarters),
        platforms={name: item.vendor for name, item in scenario.platforms.items()},
        discount_rate_per_year=scenario.discount_rate_per_year,
        seed=scenario.seed,
        block_size=bench.block_size,
        samples_asked=identity.samples_asked,
        samples_done=found.n + len(found.unproven),
        samples_in_full=found.in_full,
        complete=identity.complete,
        relaxed=scenario.bets == "relaxed",
        size=ModelSize(
            rows=len(template.rows),
            columns=len(template.columns),
            nonzeros=template.entries,
            uncertain_inputs=len(bench.inputs),
        ),
        sampled=Sampled(bench.sampler.method, found.replicate, -(-found.n // found.replicate)),
        draw_check=draw_check(bench.sampler, found.n + len(found.unproven)),
        precision=_precision(found, identity.until),
        solves=_solve_counts(bench, found),
        cost_usd=found.spreads("cost_usd")[0],
        cost_without_shortfall_usd=found.spreads("cost_without_shortfall_usd")[0],
        cost_bound_usd=found.means("bound_usd")[0],
        cost_histogram=found.cost_histogram(),
        cost_parts=cost_parts(found),
        units=units_of(sets),
        usd_per_unit_hour=_unit_cost(sets, found),
        served=served_shares(sets, found),
        mix=mix_cells(sets, found),
        appearances=_appearances(sets, found),
        bets=bet_outcomes(sets, found),
        power=power_started(sets, found),
        events=event_outcomes(scenario, found.shares("event_happened")),
        scaling=scaling_errors(scenario),
        typical=follow_ups.typical,
        cash=cash_quarters(sets, found),
        limits=_limits(bench, found, follow_ups),
        drivers=cost_drivers(bench.inputs, found.tally.drivers),
        shortfall_repeats=shortfall_repeats(sets, follow_ups.repeats, _at_stated_price(found)),
        assumptions=assumptions(scenario),
        tie_break=WORDS,
        notes=notes(scenario),
        committed=None,
    )


def _precision(found: Gathered, until: Precision | None) -> PrecisionReached | None:
    if until is None:
        return None
    mean = found.means("cost_usd")[0]
    return PrecisionReached(until.text, until.error_usd(mean.value), until.is_met(mean))


def _solve_counts(bench: Workbench, found: Gathered) -> SolveCounts:
    sums = found.tally.solves
    return SolveCounts(
        optimal=sums.optimal,
        unproven=list(found.unproven),
        engine=bench.engine.name,
        left_to_highs=sums.left_to_highs,
        audited=sums.audited,
        largest_audit_difference=sums.largest_audit_difference,
        ties_broken=sums.ties_broken,
        largest_primal_residual=sums.largest_primal_residual,
        largest_dual_residual=sums.largest_dual_residual,
        largest_relative_gap=sums.largest_relative_gap,
        simplex_iterations=sums.simplex_iterations,
        integer_columns=int(bench.model.template.integer.sum()),
        search_nodes=sums.search_nodes,
        by_milp=sums.by_milp,
        mean_integer_gap=sums.integer_gap / found.n,
        largest_integer_gap=sums.largest_integer_gap,
    )


def _at_stated_price(found: Gathered) -> RepeatedBlock:
    return RepeatedBlock(
        1.0,
        found.first("cost_usd"),
        found.first("served_share"),
        service_share(found.first("served")),
    )


def _unit_cost(sets: Sets, found: Gathered) -> Spread | None:
    """Return what a unit-hour costs, unless there is none in a sample, or units differ."""
    if not one_unit(sets):
        return None
    (spread,) = found.spreads_where_any("usd_per_unit_hour")
    return spread if spread is not None and spread.mean.n == found.n else None


def _appearances(sets: Sets, found: Gathered) -> list[Appearance]:
    used, amounts = found.shares("used"), found.spreads_where_any("accelerator_quarters_if_used")
    service, count = found.means("service_share"), len(sets.platforms)
    units = dict.fromkeys(units_of(sets).values())
    return [
        Appearance(
            platform=name,
            unit=item.unit,
            share_of_samples=used[p],
            accelerator_quarters_if_used=amounts[p],
            share_of_service={unit: service[u * count + p] for u, unit in enumerate(units)},
        )
        for p, (name, item) in enumerate(sets.scenario.platforms.items())
    ]


def _limits(bench: Workbench, found: Gathered, follow_ups: FollowUps) -> list[LimitValue]:
    if follow_ups.limit_changes is None:
        return []
    binding = found.shares("binds")
    return limit_values(
        tuple(bench.limits[k] for k in follow_ups.limits),
        follow_ups.limit_changes,
        [binding[k] for k in follow_ups.limits],
    )
