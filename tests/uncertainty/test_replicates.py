"""Latin hypercubes and scrambled nets: even by construction, uniform, and independent."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from planner.config.distributions import Uniform
from planner.uncertainty.inputs import Input
from planner.uncertainty.replicates import replicate_size
from planner.uncertainty.sampling import Method, Sampler

UNIT = Uniform(distribution="uniform", low=0, high=1)
SIZE = 64


def sampler(method: Method, names: tuple[str, ...], seed: int = 1, size: int = SIZE) -> Sampler:
    inputs = tuple(Input(name, UNIT) for name in names)
    dimensions = tuple(range(len(names)))
    return Sampler(inputs, seed, method, 1 if method == "random" else size, dimensions)


NAMES = tuple(f"input-{k}" for k in range(8))


@pytest.mark.parametrize("method", ["latin-hypercube", "sobol"])
def test_every_slice_has_one_sample_of_each_replicate(method: Method) -> None:
    numbers = sampler(method, NAMES).numbers(0, 5 * SIZE).reshape(len(NAMES), 5, SIZE)
    slices = np.sort((numbers * SIZE).astype(int), axis=-1)
    assert (slices == np.arange(SIZE)).all()


def test_a_net_covers_its_first_two_dimensions_together() -> None:
    """A (0, 6, 2)-net in base 2: one point in every box of area 1/64, also after scrambling."""
    one, other = sampler("sobol", NAMES[:2]).numbers(0, 3 * SIZE).reshape(2, 3, SIZE)
    for split in range(7):
        boxes = (one * 2**split).astype(int) * 2 ** (6 - split)
        boxes += (other * 2 ** (6 - split)).astype(int)
        assert (np.sort(boxes, axis=-1) == np.arange(SIZE)).all()


@pytest.mark.parametrize("method", ["random", "latin-hypercube", "sobol"])
def test_any_part_is_the_same_numbers(method: Method) -> None:
    whole = sampler(method, NAMES).numbers(0, 300)
    for first, n in ((0, 1), (63, 2), (64, 64), (129, 171)):
        part = sampler(method, NAMES).numbers(first, n)
        assert part.tobytes() == whole[:, first : first + n].tobytes()


@pytest.mark.parametrize("method", ["random", "latin-hypercube", "sobol"])
def test_replicates_are_uniform_and_independent(method: Method) -> None:
    numbers = sampler(method, NAMES[:3], size=16).numbers(0, 16 * 1000)
    firsts = numbers[:, ::16]
    for row in firsts:
        assert stats.kstest(row, "uniform").pvalue > 1e-4
        assert abs(np.corrcoef(row[:-1], row[1:])[0, 1]) < 4 / np.sqrt(row.size)
    assert abs(np.corrcoef(firsts) - np.eye(3)).max() < 4 / np.sqrt(firsts.shape[1])


@pytest.mark.parametrize("method", ["random", "latin-hypercube"])
def test_other_inputs_leave_the_bytes_of_an_input_as_they_were(method: Method) -> None:
    alone = sampler(method, ("b",)).draw(0, 200).values["b"]
    for names in (("a", "b"), ("b", "c"), ("renamed", "b", "c")):
        assert sampler(method, names).draw(0, 200).values["b"].tobytes() == alone.tobytes()


def test_inputs_that_are_appended_leave_a_net_as_it_was() -> None:
    before = sampler("sobol", ("a", "b")).numbers(0, 128)
    after = sampler("sobol", ("a", "b", "c")).numbers(0, 128)
    assert after[:2].tobytes() == before.tobytes()


def test_the_mean_of_a_replicate_has_less_error() -> None:
    """For a sum of smooth functions a slice's midpoint error is left: 1 / n^3 instead of 1 / n."""
    variances = {}
    for method in ("random", "latin-hypercube", "sobol"):
        numbers = sampler(method, NAMES[:4]).numbers(0, 200 * SIZE)  # type: ignore[arg-type]
        means = (numbers**2).sum(axis=0).reshape(-1, SIZE).mean(axis=1)
        assert means.mean() == pytest.approx(4 / 3, abs=4 * means.std() / np.sqrt(means.size))
        variances[method] = means.var()
    assert variances["latin-hypercube"] < variances["random"] / 1000
    assert variances["sobol"] < variances["random"] / 1000


@pytest.mark.parametrize(
    ("samples", "size"), [(1, 16), (255, 16), (512, 32), (1024, 64), (5000, 256), (10**7, 1024)]
)
def test_a_run_has_sixteen_replicates_or_more(samples: int, size: int) -> None:
    assert replicate_size(samples) == size
