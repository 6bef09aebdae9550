"""What the answer rests on: every figure assumed, and how the numbers were computed."""

from __future__ import annotations

from planner.analysis.precision import samples_needed
from planner.analysis.results import Assumption, Results
from planner.report import reading
from planner.report.facts import RunFacts
from planner.report.numbers import exact, figure, percent_at_most
from planner.report.text import code, escape, fenced, listed, plural, source_or_not, table


def assumptions_section(results: Results) -> str:
    """Return every figure assumed, with who says so, and what else a reader must know."""
    uncertain = [item for item in results.assumptions if item.uncertain]
    known = [item for item in results.assumptions if not item.uncertain]
    blocks = ["## What was assumed", _source_sentence(results.assumptions)]
    if uncertain:
        headers = ["Uncertain input", "P10", "P50", "P90", "Belief", "Source"]
        rows = [
            (
                code(item.path),
                *(figure(value) for value in (item.p10, item.p50, item.p90)),
                escape(item.description),
                escape(source_or_not(item.source)),
            )
            for item in uncertain
        ]
        blocks += [
            "**Uncertain inputs.** Percentiles are of the belief itself, not of the draws; for "
            "figures by quarter, of the last quarter; for a trend, of the first. The unit is in "
            "the name.",
            table(headers, rows, left=-2),
        ]
    if known:
        headers = ["Fixed figure", "Value", "As given", "Source"]
        fixed = [
            (
                code(item.path),
                exact(item.p50),
                escape(item.description),
                escape(source_or_not(item.source)),
            )
            for item in known
        ]
        blocks += [
            "**Fixed figures.** Taken as exactly known; of figures by quarter, the last quarter.",
            table(headers, fixed, left=-2),
        ]
    blocks.append("**Notes on this scenario.**")
    notes = [f"- {escape(note)}" for note in results.notes]
    blocks.append("\n".join(notes) if notes else "None.")
    return "\n\n".join(blocks)


def _source_sentence(assumptions: list[Assumption]) -> str:
    if not assumptions:
        return "The results list no assumption."
    bare = sum(1 for item in assumptions if not item.source.strip())
    guessed = sum(1 for item in assumptions if item.is_assumption) - bare
    spread = sum(1 for item in assumptions if item.uncertain)
    head = f"{plural(len(assumptions), 'figure')}, {spread:,} of them uncertain. "
    return (
        f"{head}{len(assumptions) - bare - guessed:,} rest on a source that measures, lists or "
        f"estimates them, {guessed:,} on one that calls them an assumption, and {bare:,} on the "
        "scenario's author alone. (A trend is one figure here and two uncertain inputs: its first "
        "value and its change.)"
    )


def computation_section(results: Results, facts: RunFacts) -> str:
    """Return how the numbers came about and how to make them again."""
    blocks = [
        "## How it was computed",
        table(["", ""], _computation_rows(results, facts), left=2),
        f"{_method(results)} Standard errors and 95 % intervals are of the sampling alone: "
        "of a mean by Student's t (for many samples 1.96 standard errors either side), of a "
        "percentile from the order of the samples (binomial), of a share of samples Wilson's. Each "
        "interval is for "
        "itself: of the many in this report about one in twenty misses. "
        "“$412.3 M ± $3.2 M” is a mean and its standard error, not an interval.",
        *_bins(results),
        *_again(facts),
    ]
    return "\n\n".join(blocks)


def _computation_rows(results: Results, facts: RunFacts) -> list[tuple[str, str]]:
    solves, size = results.solves, results.size
    asked = f"{results.samples_done:,} of {results.samples_asked:,} asked for"
    if results.samples_done > results.samples_asked:
        asked = f"{results.samples_done:,}, of which {results.samples_asked:,} were asked for"
    return [
        ("Run", code(facts.run_id)),
        ("Begun", escape(facts.created)),
        ("Samples", asked + ("" if results.complete else " (stopped early)")),
        ("Seed; samples per block", f"{results.seed}; {results.block_size:,}"),
        ("Config (SHA-256)", code(results.config_sha256)),
        (
            "Program per sample" if reading.has_whole(results) else "Linear program per sample",
            f"{size.rows:,} rows, {size.columns:,} columns, {size.nonzeros:,} non-zeros",
        ),
        ("Uncertain inputs", f"{size.uncertain_inputs:,}"),
        ("Draws", _drawn(results)),
        ("Standard error of the mean cost", _error(results)),
        ("Draw check", _draw_check(results)),
        ("Engine", _engine(results)),
        ("Solved to proven optimality", _solved(results)),
        ("Audit", _audit(results)),
        *_whole_rows(results),
        ("Simplex iterations", f"{solves.simplex_iterations:,}"),
        (
            "Largest relative residuals",
            f"primal {solves.largest_primal_residual:.1e}, "
            f"dual {solves.largest_dual_residual:.1e}, "
            f"duality gap {solves.largest_relative_gap:.1e}",
        ),
        ("Samples with more than one optimal mix", f"{solves.ties_broken:,}"),
        ("Ties broken by", escape(results.tie_break)),
        ("Workers", f"{facts.workers:,}"),
        ("Time", _times(facts)),
        ("Planner", _versions(results, facts)),
        (
            "Packages",
            listed([f"{escape(name)} {escape(v)}" for name, v in facts.packages.items()])
            or "not recorded",
        ),
    ]


def _whole_rows(results: Results) -> list[tuple[str, str]]:
    """Return how whole numbers were found; no rows when there are none."""
    solves = results.solves
    if not reading.has_whole(results):
        return []
    return [
        ("Whole numbers per sample", f"{solves.integer_columns:,}"),
        ("Nodes searched for them, in all", f"{solves.search_nodes:,}"),
        (
            "Samples that needed the general MILP solver",
            f"{solves.by_milp:,} of {results.samples_done:,}",
        ),
        (
            "Gap to the proven bound",
            f"on average {percent_at_most(solves.mean_integer_gap)} of the cost, at most "
            f"{percent_at_most(solves.largest_integer_gap)}",
        ),
    ]


def _method(results: Results) -> str:
    if not reading.has_whole(results):
        return (
            "One linear program per sample, solved to proven optimality; a solve that stops short "
            "of that is never a result."
        )
    return (
        "One mixed-integer linear program per sample. Its whole numbers (bets, minimum orders, "
        "discounts by volume, whole units) are searched for by branch and bound, and where that "
        "is too much by a general MILP solver, until the cost is proven to be within the gap of "
        "the lowest possible. With them fixed, the linear program that is left is solved to proven "
        "optimality: the residuals, ties and shadow prices are of it. A solve that stops short of "
        "either is never a result."
    )


def _bins(results: Results) -> list[str]:
    """Return how percentiles come about when there are more samples than are kept."""
    if not reading.is_binned(results):
        return []
    largest = percent_at_most(reading.largest_percentile_error(results))
    return [
        f"Only the first {plural(results.samples_in_full, 'sample')} were kept; all were added up, "
        "so that means and shares are exact, and counted into bins that the first suggest. "
        "Percentiles are read off these bins: none is farther from the percentile of all samples "
        f"than {largest} of the quantity's mean or largest percentile, and intervals are wider by "
        "the bins that they end in."
    ]


def _again(facts: RunFacts) -> list[str]:
    if not facts.command.strip():
        return ["This run was not started by a command; its manifest holds the config and seed."]
    return [
        "The same config, seed and versions give the same numbers, whatever the number of "
        "workers. To make this run again:",
        fenced(facts.command),
    ]


def _drawn(results: Results) -> str:
    sampled = results.sampled
    if sampled.replicate == 1:
        return "independent"
    name = {"sobol": "scrambled Sobol’ nets", "latin-hypercube": "Latin hypercubes"}[sampled.method]
    return (
        f"{name} of {sampled.replicate:,} samples; standard errors are those of "
        f"{plural(sampled.replicates, 'independent replicate')}"
    )


def _error(results: Results) -> str:
    """Return the error beside the mean, and how many samples a smaller one would need."""
    mean, precision = results.cost_usd.mean, results.precision
    if mean.standard_error is None or mean.value == 0:
        return "not known"
    wanted = 0.01 * abs(mean.value) if precision is None else precision.error_usd
    needed = samples_needed(mean, wanted)
    told = f"{100 * mean.standard_error / abs(mean.value):.2g} % of it"
    if precision is not None and precision.reached:
        return f"{told}; samples were drawn until {code(precision.text)}"
    goal = "1 %" if precision is None else code(precision.text)
    if needed is None or needed <= mean.n:
        return told
    about = "at most about" if results.sampled.replicate > 1 else "about"
    return f"{told}; {goal} would need {about} {needed:,} samples"


def _draw_check(results: Results) -> str:
    check = results.draw_check
    told = [item for item in check.inputs if item.probability is not None]
    pairs = check.correlations
    if not told and not pairs:
        return "too few samples to tell" if check.inputs else "nothing is drawn"
    miss = max((abs(item.realised - item.asked) for item in pairs), default=0.0)
    worst = [f"largest miss of a correlation {miss:.3f}"] if pairs else []
    verdicts = [*(item.passed for item in check.inputs), *(item.passed for item in pairs)]
    failed = verdicts.count(False)
    return "; ".join(
        [
            f"{plural(len(told), 'input')} and {plural(len(pairs), 'correlation')} of the first "
            f"{plural(check.samples, 'sample')} against the config",
            *worst,
            f"**{failed} failed**" if failed else "none failed",
        ]
    )


def _solved(results: Results) -> str:
    short = results.samples_done - results.solves.optimal
    text = f"{results.solves.optimal:,} of {results.samples_done:,}"
    return text if short <= 0 else f"**{text}: {plural(short, 'sample')} without proof**"


def _engine(results: Results) -> str:
    solves = results.solves
    if solves.engine == "highs":
        return "HiGHS"
    left = f"{solves.left_to_highs:,} of {plural(results.samples_done, 'sample')} left to HiGHS"
    return f"{escape(solves.engine)}; {left}"


def _audit(results: Results) -> str:
    solves = results.solves
    return (
        f"{plural(solves.audited, 'random sample')} solved again by HiGHS from scratch; largest "
        f"difference in cost {solves.largest_audit_difference:.1e} of what is paid"
    )


def _times(facts: RunFacts) -> str:
    parts = [f"{escape(stage)} {seconds:.2f} s" for stage, seconds in facts.seconds.items()]
    total = sum(facts.seconds.values())
    return f"{total:.1f} s ({listed(parts)})" if parts else "not recorded"


def _versions(results: Results, facts: RunFacts) -> str:
    if results.planner_version == facts.planner_version:
        return escape(results.planner_version)
    return (
        f"computed by {escape(results.planner_version)}, "
        f"rendered by {escape(facts.planner_version)}"
    )


def seed_and_samples(results: Results) -> str:
    """Return one line that says what the whole report rests on."""
    uncertain = plural(results.size.uncertain_inputs, "uncertain input")
    state = "nothing is uncertain" if reading.is_certain(results) else uncertain
    return (
        f"{plural(results.samples_done, 'sample')} ({state}), seed {results.seed}, "
        f"{plural(len(results.quarters), 'quarter')} from {escape(results.quarters[0])}, "
        f"{plural(len(results.platforms), 'platform')}."
    )
