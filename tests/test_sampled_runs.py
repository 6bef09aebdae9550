"""Runs whose draws are spread evenly, correlated, or go on until a precision."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from test_cli import TINY, planner

from planner.errors import InputError
from planner.run import run

DEMAND = "workloads.training.demand.times"
RENT = "offers.h100-rent.price_usd_per_hour"
CORRELATED = f"correlations.pairs=[{{between: [{DEMAND}, {RENT}], rank: 0.7}}]"


def results(*overrides: str, workers: int = 1, until: str | None = None) -> Any:
    return run(TINY, overrides, workers=workers, until=until).results


@pytest.mark.parametrize("method", ["latin-hypercube", "sobol"])
def test_even_draws_have_less_error_and_say_what_it_rests_on(method: str) -> None:
    random = results("samples=2048")
    even = results("samples=2048", f"sampling.method={method}", f"sampling.leading=[{DEMAND}]")
    assert even.sampled.replicates == 16
    assert even.sampled.replicate == 128
    error, other = even.cost_usd.mean.standard_error, random.cost_usd.mean.standard_error
    assert error < other / 2
    apart = abs(even.cost_usd.mean.value - random.cost_usd.mean.value)
    assert apart < 4 * (error**2 + other**2) ** 0.5


def test_the_error_of_even_draws_is_what_runs_of_other_seeds_differ_by() -> None:
    runs = [results("samples=256", "sampling.method=sobol", f"seed={seed}") for seed in range(30)]
    means = [item.cost_usd.mean.value for item in runs]
    stated = sum(item.cost_usd.mean.standard_error**2 for item in runs) / len(runs)
    centre = sum(means) / len(means)
    found = sum((mean - centre) ** 2 for mean in means) / (len(means) - 1)
    # The ratio of two estimates of one variance, with 29 and 30 x 15 degrees of freedom.
    assert 0.4 < found / stated < 2


def test_even_and_correlated_draws_are_the_same_on_any_number_of_workers() -> None:
    asked = ("samples=600", "sampling.method=sobol", CORRELATED)
    one, two = (asdict(results(*asked, workers=n)) for n in (1, 2))
    assert one == two


def test_what_moves_together_costs_more() -> None:
    """Dear rents when much has to be rented: the mean of the product is above that of both."""
    apart, together = results("samples=4096"), results("samples=4096", CORRELATED)
    assert together.cost_usd.mean.value > apart.cost_usd.mean.value
    (pair,) = together.draw_check.correlations
    assert pair.realised == pytest.approx(0.7, abs=0.03)
    assert pair.passed


def test_a_run_until_a_precision_ends_at_the_same_sample_with_any_workers() -> None:
    one, two = (results(workers=n, until="se(mean cost) < 0.4%") for n in (1, 2))
    assert one.samples_done == two.samples_done > one.samples_asked == 96
    assert asdict(one) == asdict(two)
    assert one.precision.reached
    assert one.complete
    mean = one.cost_usd.mean
    assert mean.standard_error < 0.004 * mean.value
    assert one.solves.audited >= 20


def test_the_first_samples_of_a_longer_run_are_those_of_the_shorter() -> None:
    """So that a precision asks for more samples and never for other ones."""
    loose, tight = (results(until=f"se(mean cost) < {p}%") for p in (0.6, 0.4))
    assert loose.samples_done < tight.samples_done
    assert tight.cost_usd.mean.standard_error < loose.cost_usd.mean.standard_error


def test_an_impossible_set_of_correlations_is_told_with_its_line(tmp_path: Path) -> None:
    other = "offers.h100-buy.price_usd"
    pairs = [(DEMAND, RENT, 0.9), (RENT, other, 0.9), (DEMAND, other, -0.9)]
    lines = [f"    - {{between: [{a}, {b}], rank: {r}}}" for a, b, r in pairs]
    lines.append("    - {between: [offers.h100-rent.prize, nowhere], rank: 0.1}")
    config = tmp_path / "bad.yaml"
    config.write_text("\n".join([TINY.read_text(), "correlations:", "  pairs:", *lines, ""]))
    done = planner("run", config, cwd=tmp_path)
    assert done.returncode == 2
    assert not (tmp_path / "reports").exists()
    for words in ("bad.yaml:", "correlations.pairs", "no 3 inputs can have", "nearest one has",
                  "offers.h100-rent.prize", "`nowhere`"):  # fmt: skip
        assert words in done.stderr, done.stderr


def test_an_unknown_leading_input_is_refused() -> None:
    with pytest.raises(InputError, match="no uncertain input is named"):
        results("sampling.method=sobol", "sampling.leading=[offers.h100-buy.price]")


def test_inputs_are_shown_before_a_run(tmp_path: Path) -> None:
    done = planner("inputs", TINY, "--set", CORRELATED, "--charts", "charts", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for words in ("5 uncertain inputs", DEMAND, RENT, "triangular from 2 to 6", "correlated inputs",
                  "0.7", "ok", "no source is given"):  # fmt: skip
        assert words in done.stdout, done.stdout
    drawn = {path.name for path in (tmp_path / "charts").iterdir()}
    assert drawn == {"inputs-1.png", "workloads.training.demand.png"}


def test_a_config_without_uncertainty_says_so(tmp_path: Path) -> None:
    known = ["workloads.training.demand=100", "offers.h100-buy.price_usd=3e4",
             "platforms.nvidia-h100-sxm.utilisation.training=0.4",
             "offers.h100-rent.price_usd_per_hour=3",
             "offers.h100-rent.supply_accelerators=600"]  # fmt: skip
    sets = [word for item in known for word in ("--set", item)]
    done = planner("inputs", TINY, *sets, cwd=tmp_path)
    assert done.stdout.strip() == "Nothing is uncertain in this config."
