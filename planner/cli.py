"""The door: commands, options and exit codes; everything else is imported where it is used."""

from __future__ import annotations

import os
import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from planner.errors import EXIT_FAILED, EXIT_INTERRUPTED, PlannerError
from planner.version import __version__

app = typer.Typer(
    name="planner",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Which AI accelerators to buy, reserve, rent or build: sampled futures, least cost.",
)
catalog_app = typer.Typer(
    no_args_is_help=True, help="What is known of platforms and prices, and what is claimed."
)
app.add_typer(catalog_app, name="catalog")

Config = Annotated[Path, typer.Argument(metavar="CONFIG", help="The scenario, a YAML file.")]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a figure; any number of times."),
]

Overlay = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Your own catalogue file, over the shipped one."),
]
Evidence = Annotated[
    str | None, typer.Option(metavar="KIND", help="Only what rests on it, such as vendor-claim.")
]


class Keep(StrEnum):
    """What samples.parquet holds."""

    all = "all"
    summary = "summary"


class Mode(StrEnum):
    """What a run looks for."""

    both = "both"
    commit = "commit"
    wait_and_see = "wait-and-see"


class FitAs(StrEnum):
    """What is fitted to observed values."""

    distribution = "distribution"
    process = "process"


class Format(StrEnum):
    """A file format of linear programs."""

    mps = "mps"
    lp = "lp"


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"planner {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Which AI accelerators to buy, reserve, rent or build: sampled futures, least cost."""


@app.command()
def run(
    config: Config,
    samples: Annotated[int | None, typer.Option(help="Number of samples.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the draws.")] = None,
    sets: Sets = None,
    out: Annotated[Path, typer.Option(help="Where the run folder is made.")] = Path("reports"),
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; results do not depend on it.")
    ] = None,
    keep: Annotated[Keep, typer.Option(help="What samples.parquet holds.")] = Keep.all,
    engine: Annotated[
        str | None,
        typer.Option(help="kernel, highs or pulp:NAME; the fastest one unless given."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(help='Draw more samples until, such as "se(mean cost) < 0.5%".'),
    ] = None,
    mode: Annotated[
        Mode,
        typer.Option(help="The plan to sign for, each future's own optimum, or both."),
    ] = Mode.both,
    bracket: Annotated[
        bool,
        typer.Option("--bracket", help="Also let what is signed later be decided later."),
    ] = False,
    time_limit: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS", min=0, help="How long the plan is sought; the best so far counts."
        ),
    ] = None,
    iterations: Annotated[
        int | None, typer.Option(min=1, help="In how many iterations the plan is sought, at most.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only print the folder.")] = False,
) -> None:
    """Sample the futures, find the plan to sign for, and write a report."""
    from planner.progress import Progress
    from planner.run import run as run_scenario

    overrides = _overrides(samples, seed, sets)
    try:
        outcome = run_scenario(
            config,
            overrides,
            out=out,
            workers=workers,
            keep=keep.value,
            engine=engine,
            until=until,
            mode=mode.value,
            bracket=bracket,
            time_limit_s=time_limit,
            iterations=iterations,
            progress=Progress(quiet=quiet),
            command=shlex.join(
                [
                    *("planner", "run", str(config), *_as_sets(overrides)),
                    *_option("--until", until),
                    *_option("--mode", None if mode is Mode.both else mode.value),
                    *(["--bracket"] if bracket else []),
                    *_option("--time-limit", time_limit),
                    *_option("--iterations", iterations),
                ]
            ),
        )
    except KeyboardInterrupt:
        print("\nabandoned; nothing was written", file=sys.stderr, flush=True)
        # Without the farewell of worker pools, which may wait for an answer cut in half.
        os._exit(EXIT_INTERRUPTED)
    if not quiet:
        from planner.report.summary import print_summary

        print_summary(outcome.results)
    typer.echo(outcome.folder)
    if not outcome.results.complete:
        raise typer.Exit(EXIT_INTERRUPTED)
    if outcome.results.solves.unproven:
        raise typer.Exit(EXIT_FAILED)


@app.command()
def breakeven(
    config: Config,
    name: Annotated[
        str, typer.Option("--input", metavar="NAME", help="An uncertain input, or a plain number.")
    ],
    platform: Annotated[
        str | None, typer.Option(help="Only what becomes of this platform or bet.")
    ] = None,
    low: Annotated[
        float | None, typer.Option("--from", help="Lowest value to try; P5 unless given.")
    ] = None,
    high: Annotated[
        float | None, typer.Option("--to", help="Highest value to try; P95 unless given.")
    ] = None,
    sets: Sets = None,
) -> None:
    """Find the values of an input at which the plan to sign for takes a platform up or drops it."""
    from planner.analysis.committed.break_even_search import find_break_evens
    from planner.report.break_even_text import break_even_text

    found = find_break_evens(config, sets or [], name, platform, low, high)
    typer.echo(break_even_text(found))


@app.command()
def evaluate(
    config: Config,
    plan: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Your plan, CSV or XLSX: offer, site, quarter, count."),
    ],
    samples: Annotated[int | None, typer.Option(help="Number of samples.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the draws.")] = None,
    sets: Sets = None,
) -> None:
    """Carry your own plan out in the same futures as the planner's, and compare."""
    from planner.analysis.committed.evaluate import evaluate_plan
    from planner.report.comparison_text import comparison_text

    typer.echo(comparison_text(evaluate_plan(config, _overrides(samples, seed, sets), plan)))


@app.command()
def check(config: Config, sets: Sets = None) -> None:
    """Find every problem of a config, and any demand that no mix can meet."""
    from planner.analysis.contradictions import refuse_contradictions
    from planner.analysis.diagnosis import unmet_demands
    from planner.catalog.resolve import load_scenario
    from planner.config.notes import notes

    loaded = load_scenario(config, sets or [])
    refuse_contradictions(loaded)
    scenario = loaded.scenario
    for note in notes(scenario):
        typer.echo(f"note: {note}", err=True)
    unmet = unmet_demands(scenario)
    for finding in unmet:
        typer.echo(finding.render(), err=True)
    outlook = (
        "some demand cannot be met at the medians, so there will be shortfall at its price"
        if unmet
        else "every demand can be met at the medians"
    )
    typer.echo(f"{config}: no problems; {outlook}")


@app.command()
def fit(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Observed values.")],
    column: Annotated[str, typer.Option(help="The column of values.")],
    date: Annotated[
        str | None, typer.Option(help="The column of dates; `date` for a process unless given.")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN",
            help="What tells series apart: a distribution for each, one process for all.",
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=VALUE", help="Only such rows; any number of times."),
    ] = None,
    wanted: Annotated[FitAs, typer.Option("--as", help="What to fit.")] = FitAs.distribution,
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Draw the fit to a file.")
    ] = None,
) -> None:
    """Fit a distribution or a process to observed values, and print it to paste."""
    from planner.analysis.fit import fit_file
    from planner.uncertainty.fitting.table import Wanted

    columns = Wanted(column, date, tuple(by or ()), tuple(where or ()))
    answer = fit_file(file, columns, as_process=wanted is FitAs.process)
    for warning in answer.warnings:
        typer.echo(f"warning: {warning}", err=True)
    typer.echo(answer.text, nl=False)
    if chart is not None:
        from planner.report.fit_chart import draw_fit
        from planner.store.folder import told_plainly

        with told_plainly(chart):
            draw_fit(chart, answer.picture)


@app.command()
def inputs(
    config: Config,
    charts: Annotated[Path | None, typer.Option(help="Folder to draw charts to.")] = None,
    sets: Sets = None,
) -> None:
    """Show every uncertain input: what it says, what is drawn of it, and what moves together."""
    from planner.analysis.inputs_view import view_inputs
    from planner.catalog.resolve import load_scenario
    from planner.report.inputs_charts import write_inputs_charts
    from planner.report.inputs_text import inputs_text
    from planner.store.folder import told_plainly
    from planner.uncertainty.sampling import refuse_what_cannot_be_sampled

    loaded = load_scenario(config, sets or [])
    refuse_what_cannot_be_sampled(loaded)
    view = view_inputs(loaded.scenario)
    typer.echo(inputs_text(view))
    if charts is not None:
        with told_plainly(charts):
            written = write_inputs_charts(view, charts)
        typer.echo("\n".join(str(path) for path in written))


@app.command()
def schema() -> None:
    """Print the JSON Schema of configs, for editors."""
    import json

    from planner.config.json_schema import scenario_json_schema

    typer.echo(json.dumps(scenario_json_schema(), indent=2))


@app.command()
def export(
    config: Config,
    sample: Annotated[int, typer.Option(min=0, help="Number of the sample, from 0.")] = 0,
    file_format: Annotated[Format, typer.Option("--format", help="File format.")] = Format.mps,
    out: Annotated[Path | None, typer.Option(help="File to write; one is named if not.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the draws.")] = None,
    sets: Sets = None,
) -> None:
    """Write one sample's linear program, rendered by PuLP, for any solver."""
    from planner.export import export_sample

    typer.echo(export_sample(config, _overrides(None, seed, sets), sample, file_format.value, out))


@app.command()
def report(folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")]) -> None:
    """Render a run's report, charts and workbook again, without solving."""
    from planner.report.facts import RunFacts
    from planner.report.writer import REPORT, write_report
    from planner.store.folder import read_run, told_plainly

    kept = read_run(folder)
    with told_plainly(folder):
        write_report(kept.results, RunFacts(**kept.manifest["run"]), folder)
    typer.echo(folder / REPORT)


@catalog_app.command("list")
def catalog_list(
    vendor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only its platforms, and their prices.")
    ] = None,
    evidence: Evidence = None,
    overlay: Overlay = None,
) -> None:
    """List the platforms and prices that configs can name.

    With --evidence, only platforms with a figure on such evidence (and how many of all figures
    those are), and prices on it.
    """
    from planner.catalog.listing import list_catalog
    from planner.catalog.loading import load_catalog_with

    typer.echo(list_catalog(load_catalog_with(overlay), vendor, evidence))


@catalog_app.command("show")
def catalog_show(
    name: Annotated[str, typer.Argument(help="A platform, price, reference or claim.")],
    overlay: Overlay = None,
) -> None:
    """Show every figure of an entry with unit, range, evidence, date and source."""
    from planner.catalog.loading import load_catalog_with
    from planner.catalog.show import show_entry

    typer.echo(show_entry(load_catalog_with(overlay), name))


@catalog_app.command("claims")
def catalog_claims(
    platform: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only claims of it, or against it.")
    ] = None,
    evidence: Evidence = None,
    overlay: Overlay = None,
) -> None:
    """List who said what of which platform, and how much of it is taken to come true."""
    from planner.catalog.ledger import list_claims
    from planner.catalog.loading import load_catalog_with

    typer.echo(list_claims(load_catalog_with(overlay), platform, evidence))


@catalog_app.command("check")
def catalog_check(
    overlay: Overlay = None,
    older_than: Annotated[
        int, typer.Option(metavar="MONTHS", min=1, help="Tell prices and supply from before that.")
    ] = 30,
) -> None:
    """Check that everything is sourced, dated and complete, and that nothing cannot be."""
    from planner.catalog.check import check_catalog
    from planner.config.yaml_tree import read_document

    own = None if overlay is None else read_document(overlay)
    checked = check_catalog(own, older_than_months=older_than)
    typer.echo(checked.text())
    checked.refuse_errors()


def _overrides(samples: int | None, seed: int | None, sets: list[str] | None) -> list[str]:
    short = [("samples", samples), ("seed", seed)]
    return [*(sets or []), *(f"{key}={value}" for key, value in short if value is not None)]


def _option(name: str, value: object | None) -> list[str]:
    return [] if value is None else [name, str(value)]


def _as_sets(overrides: list[str]) -> list[str]:
    return [word for override in overrides for word in ("--set", override)]


def main() -> None:
    """Run the command line; every error that can be foreseen ends without a traceback."""
    try:
        app()
    except PlannerError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (head, less): no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_FAILED)
    except Exception as error:
        if os.environ.get("PLANNER_DEBUG"):
            raise
        typer.echo(
            f"error: planner failed in a way that it should not: {type(error).__name__}: {error}\n"
            "  remedy  set PLANNER_DEBUG=1 and run it again, and report what it prints",
            err=True,
        )
        sys.exit(EXIT_FAILED)
