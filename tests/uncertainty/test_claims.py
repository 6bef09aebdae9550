"""Claims: the realised share of what is said, conflicting claims, and what a measurement does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from scipy import integrate, stats

from planner.beliefs.claims import realised_shares
from planner.beliefs.kinds import atoms, describe, is_uncertain, probability, quantile
from planner.beliefs.updating import errors_away
from planner.config.claims import CLAIMS, claims_within
from planner.config.evidence import OF_A_FIGURE, OF_A_GAIN
from planner.config.quantities import Number, support_of

NUMBER: TypeAdapter[Any] = TypeAdapter(Number)
SAID = {"evidence": "vendor-claim", "said_by": "a vendor", "date": "2024-12-03"}
UNIFORM = {"distribution": "uniform", "low": 0.5, "high": 1.0}
U = np.concatenate([[1e-6, 1e-4], np.linspace(0.001, 0.999, 199), [1 - 1e-4, 1 - 1e-6]])
DOC = Path(__file__).parents[2] / "docs" / "claims.md"


def belief(**keys: Any) -> Any:
    return NUMBER.validate_python(keys)


def claim(value: float, share: Any = UNIFORM, **keys: Any) -> Any:
    return belief(claim=value, share=share, **{**SAID, **keys})


def ratio(value: float, share: Any = UNIFORM, baseline: Any = 3.0, **keys: Any) -> Any:
    return belief(
        claimed_ratio=value, share=share, against="x", baseline=baseline, **{**SAID, **keys}
    )


def performance(value: float, moves: str, share: Any = UNIFORM) -> Any:
    own = {"claimed_price_performance": value, "moves": moves, "claim_id": "one"}
    return belief(**own, against="x", baseline=3.0, share=share, **SAID)


def test_an_absolute_claim_is_the_figure_times_the_share() -> None:
    found = claim(4)
    np.testing.assert_allclose(quantile(found, U), 4 * (0.5 + 0.5 * U), rtol=1e-15)
    assert support_of(found) == (2, 4)
    assert probability(found, np.array([1.9, 2.5, 5])) == pytest.approx([0, 0.25, 1])


@pytest.mark.parametrize(
    ("found", "ends"),
    [
        # baseline x (1 + share x (ratio - 1)), at a share of one half and of one
        (ratio(1.4), (3.6, 4.2)),
        (ratio(0.6), (1.8, 2.4)),
        (performance(1.4, "yield"), (3.6, 4.2)),
        # baseline / (1 + share x (ratio - 1)): what costs as much yields so much more
        (performance(1.5, "price"), (2.0, 2.4)),
        (performance(0.5, "price"), (4.0, 6.0)),
    ],
)
def test_a_gain_is_one_and_the_share_of_what_is_beyond(
    found: Any, ends: tuple[float, float]
) -> None:
    assert support_of(found) == pytest.approx(ends)
    values = quantile(found, U)
    assert (np.diff(values) > 0).all()
    np.testing.assert_allclose(probability(found, values), U, atol=1e-14)
    assert quantile(found, np.array([1e-12, 1 - 1e-12])) == pytest.approx(ends)


def test_a_known_share_gives_a_known_figure() -> None:
    assert support_of(claim(2, 0.8)) == (1.6, 1.6)
    assert not is_uncertain(ratio(1.4, 0.5))
    assert quantile(ratio(1.4, 0.5), np.array([0.5])) == pytest.approx([3.6])


@pytest.mark.parametrize("evidence", OF_A_FIGURE)
def test_without_a_share_the_evidence_says(evidence: str) -> None:
    levels = np.array([0.1, 0.5, 0.9])
    default = OF_A_FIGURE[evidence]  # type: ignore[index]
    found = belief(claim=2.0, **{**SAID, "evidence": evidence})
    expected = [2 * share for share in (default.p10, default.p50, default.p90)]
    assert quantile(found, levels) == pytest.approx(expected, rel=1e-12)
    gain = OF_A_GAIN[evidence]  # type: ignore[index]
    found = belief(claimed_ratio=1.5, against="x", baseline=2.0, **{**SAID, "evidence": evidence})
    expected = [2 * (1 + share * 0.5) for share in (gain.p10, gain.p50, gain.p90)]
    assert quantile(found, levels) == pytest.approx(expected, rel=1e-12)
    assert f"default of {evidence}" in describe(found)


def test_the_weaker_the_evidence_the_wider_the_share() -> None:
    for table in (OF_A_FIGURE, OF_A_GAIN):
        width = {evidence: row.p90 - row.p10 for evidence, row in table.items()}
        order = ["measured-independent", "measured-vendor", "customer-claim"]
        assert [width[name] for name in order] == sorted(width[name] for name in order)
        assert max(width, key=lambda name: width[name]) in ("assumption", "rumour")
        assert width["announcement"] >= width["vendor-claim"] - 0.05


def test_the_documented_shares_are_the_ones_used() -> None:
    text = DOC.read_text(encoding="utf-8")
    for table in (OF_A_FIGURE, OF_A_GAIN):
        for evidence, row in table.items():
            figures = " | ".join(
                f"{value:g}" for value in (row.p10, row.p50, row.p90, row.lower, row.upper)
            )
            assert f"| {evidence} | {figures} | {row.because} |" in text


def conflicting(*claims: Any, **keys: Any) -> Any:
    return belief(claims=[item.model_dump(exclude_none=True) for item in claims], **keys)


def test_conflicting_claims_are_a_mixture() -> None:
    found = conflicting(claim(4), ratio(1.4), weights=[0.3, 0.7])
    x = np.linspace(1.5, 4.5, 301)
    expected = 0.3 * stats.uniform(2, 2).cdf(x) + 0.7 * stats.uniform(3.6, 0.6).cdf(x)
    np.testing.assert_allclose(probability(found, x), expected, atol=1e-14)
    np.testing.assert_allclose(probability(found, quantile(found, U)), U, atol=1e-12)
    assert support_of(found) == pytest.approx((2, 4.2))
    equal = conflicting(claim(4), ratio(1.4))
    assert probability(equal, np.array([3.0])) == pytest.approx([0.25])


def test_conflicting_claims_with_known_shares_are_steps() -> None:
    found = conflicting(claim(4, 0.7), ratio(1.37, 0.9), claim(5, 0.9), weights=[0.2, 0.3, 0.5])
    steps = np.array([2.8, 3 * (1 + 0.9 * (1.37 - 1)), 4.5])
    np.testing.assert_allclose(atoms(found), steps, rtol=1e-15)
    assert quantile(found, np.array([0.1, 0.3, 0.45, 0.9])) == pytest.approx(
        [2.8, steps[1], steps[1], 4.5], rel=1e-15
    )
    below = np.nextafter(atoms(found), 0)
    np.testing.assert_allclose(probability(found, atoms(found)), [0.2, 0.5, 1], atol=1e-15)
    np.testing.assert_allclose(probability(found, below), [0, 0.2, 0.5], atol=1e-15)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.05, 5).filter(lambda r: abs(r - 1) > 1e-3),
    st.lists(st.floats(0.01, 1.0), min_size=1, max_size=6, unique=True),
    st.sampled_from(["ratio", "yield", "price"]),
)
def test_single_shares_are_on_the_right_side_of_their_figures(
    gain: float, shares: list[float], kind: str
) -> None:
    each = {
        "distribution": "discrete",
        "values": shares,
        "probabilities": [1 / len(shares)] * len(shares),
    }
    found = ratio(gain, each) if kind == "ratio" else performance(gain, kind, each)
    values = np.unique(atoms(found))
    if values.size < len(shares) or (np.diff(values) < 1e-9 * values[:-1]).any():
        return
    steps = np.arange(1, values.size + 1) / values.size
    np.testing.assert_allclose(probability(found, values), steps, atol=1e-12)
    under = probability(found, np.nextafter(values, 0))
    np.testing.assert_allclose(under, steps - 1 / values.size, atol=1e-12)


LOGNORMAL = {"distribution": "lognormal", "p10": 0.5, "p90": 0.9}


@pytest.mark.parametrize("error", [0.003, 0.1, 1.0])
def test_a_lognormal_share_has_a_lognormal_posterior(error: float) -> None:
    """Conjugate: a normal mean of known variance (Gelman et al. 2013, section 2.5)."""
    found = claim(2, LOGNORMAL, measured={"value": 1.2, "relative_error": error})
    centre = np.log(2 * np.sqrt(0.45))
    precision = (2 * stats.norm.ppf(0.9) / np.log(0.9 / 0.5)) ** 2
    total = precision + error**-2
    mean = (centre * precision + np.log(1.2) * error**-2) / total
    expected = stats.lognorm(total**-0.5, scale=np.exp(mean))
    np.testing.assert_allclose(quantile(found, U), expected.ppf(U), rtol=1e-7)
    x = expected.ppf(U)
    np.testing.assert_allclose(probability(found, x), U, rtol=1e-6)


@pytest.mark.parametrize(
    ("share", "frozen"),
    [
        (UNIFORM, stats.uniform(0.5, 0.5)),
        ({"distribution": "beta", "alpha": 6, "beta": 3}, stats.beta(6, 3)),
        (
            {"distribution": "triangular", "low": 0.4, "mode": 0.9, "high": 1.2},
            stats.triang(0.625, 0.4, 0.8),
        ),
    ],
    ids=["uniform", "beta", "triangular"],
)
@pytest.mark.parametrize("kind", ["claim", "ratio", "falling"])
def test_the_posterior_is_prior_times_likelihood(share: Any, frozen: Any, kind: str) -> None:
    """Against quadrature of the density in the share, which the planner does not use."""
    figure = {
        "claim": lambda s: 2 * s,
        "ratio": lambda s: 3 * (1 + s * 0.8),
        "falling": lambda s: 3 * (1 - s * 0.4),
    }[kind]
    value, error = float(figure(0.7)), 0.12
    measured = {"value": value, "relative_error": error}
    made = {"claim": (claim, 2.0), "ratio": (ratio, 1.8), "falling": (ratio, 0.6)}[kind]
    found = made[0](made[1], share, measured=measured)  # type: ignore[operator]

    def weight(s: float) -> float:
        return float(frozen.pdf(s) * np.exp(-0.5 * (np.log(figure(s) / value) / error) ** 2))

    low, high = frozen.support()
    options = {"epsabs": 0, "epsrel": 1e-11, "limit": 500, "points": [0.9]}
    whole = integrate.quad(weight, low, high, **options)[0]
    for s in np.linspace(low, high, 12)[1:-1]:
        below = integrate.quad(weight, low, s, **options)[0] / whole
        level = 1 - below if kind == "falling" else below
        assert probability(found, np.array([figure(s)])) == pytest.approx([level], rel=1e-7)
        if 1e-6 < level < 1 - 1e-6:
            assert quantile(found, np.array([level])) == pytest.approx([figure(s)], rel=1e-6)


def test_an_all_but_exact_measurement_pins_the_figure() -> None:
    found = claim(4, measured={"value": 3.1, "relative_error": 1e-4})
    expected = 3.1 * np.exp(1e-4 * stats.norm.ppf(U))
    np.testing.assert_allclose(quantile(found, U), expected, rtol=1e-7)


def test_a_useless_measurement_leaves_the_claim() -> None:
    found = claim(4, measured={"value": 3, "relative_error": 10})
    np.testing.assert_allclose(quantile(found, U), 4 * (0.5 + 0.5 * U), rtol=1e-3)


def test_a_measurement_says_which_of_discrete_shares_it_was() -> None:
    share = {"distribution": "discrete", "values": [0.4, 0.9], "probabilities": [0.25, 0.75]}
    found = claim(2, share, measured={"value": 1.0, "relative_error": 0.4})
    weights = np.array([0.25, 0.75]) * np.exp(-0.5 * (np.log([0.8, 1.8]) / 0.4) ** 2)
    first = weights[0] / weights.sum()
    assert probability(found, np.array([0.7, 0.8, 1.7, 1.8])) == pytest.approx(
        [0, first, first, 1], abs=1e-9
    )
    assert quantile(found, np.array([first - 1e-6, first + 1e-6])) == pytest.approx([0.8, 1.8])


def test_a_measurement_also_says_which_of_conflicting_claims_is_right() -> None:
    """Posterior weights are prior weights times the likelihood of each."""
    measured = {"value": 2.2, "relative_error": 0.2}
    found = conflicting(claim(2, 1.0), claim(4, 1.0), weights=[0.4, 0.6], measured=measured)
    weights = np.array([0.4, 0.6]) * np.exp(-0.5 * (np.log([2 / 2.2, 4 / 2.2]) / 0.2) ** 2)
    expected = weights[0] / weights.sum()
    assert probability(found, np.array([3.0])) == pytest.approx([expected], abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([0.001, 0.03, 0.5, 5.0]),
    st.floats(0.3, 1.08),
    st.sampled_from(sorted(OF_A_FIGURE)),
)
def test_a_posterior_never_falls_and_stays_within(error: float, at: float, evidence: str) -> None:
    measured = {"value": 2 * at, "relative_error": error}
    found = belief(claim=2.0, measured=measured, **{**SAID, "evidence": evidence})
    prior = belief(claim=2.0, **{**SAID, "evidence": evidence})
    if errors_away(prior, found.measured) > 5:
        return
    u = np.sort(np.concatenate([U, [2.0**-54, 1 - 2.0**-53], np.linspace(0.3, 0.3001, 50)]))
    values = quantile(found, u)
    assert (np.diff(values) >= 0).all()
    low, high = support_of(found)
    # The prior itself comes as near to its bounds as rounding takes it.
    assert low <= values[0] * (1 + 1e-12)
    assert values[-1] <= high * (1 + 1e-12)
    assert np.isfinite(values).all()


def test_words_say_who_when_what_and_how_much() -> None:
    words = describe(belief(claim=0.667, **SAID))
    assert words == (
        "claim of 0.667 by a vendor, 2024-12-03, vendor-claim; realised share P10 0.7, P50 0.92, "
        "P90 1, the default of vendor-claim"
    )
    words = describe(claim(2, measured={"value": 1.5, "relative_error": 0.1}))
    assert "realised share P10 0.55, P50 0.75, P90 0.95; updated by a measurement of 1.5" in words
    words = describe(performance(1.4, "price"))
    assert words.startswith("claim of price-performance of 1.4 against x (3) by a vendor")
    words = describe(conflicting(claim(4), ratio(1.4)))
    assert words.startswith("conflicting claims, a mixture: (0.5) claim of 4 by")
    assert "; (0.5) claim of a ratio of 1.4 against x (3) by" in words


def test_realised_shares_are_those_of_the_share_whichever_way_the_figure_goes() -> None:
    expected = (0.55, 0.75, 0.95)
    for found in (claim(2), ratio(1.4), ratio(0.6), performance(1.4, "price")):
        assert realised_shares(found) == pytest.approx(expected)


def test_claims_are_found_however_deep() -> None:
    deep = belief(
        distribution="mixture",
        parts=[
            {"weight": 0.5, "of": conflicting(claim(4), ratio(1.4)).model_dump(exclude_none=True)},
            {"weight": 0.5, "of": {"value": 2.0, "times": claim(1).model_dump(exclude_none=True)}},
        ],
    )
    assert len(list(claims_within(deep))) == 3


def test_what_is_not_looked_up_is_not_drawn() -> None:
    found = belief(claimed_ratio=1.4, against="h100", **SAID)
    with pytest.raises(TypeError, match="h100 is not looked up"):
        quantile(found, U)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"claimed_ratio": 1.0, "against": "x", "baseline": 2.0}, "no gain"),
        ({"claimed_ratio": 20.0, "against": "x", "baseline": 2.0}, "stay above zero"),
        ({"claimed_ratio": 1.4, "against": "x", "baseline": UNIFORM}, "known number"),
        (
            {"claim": 2.0, "share": 0.8, "measured": {"value": 1.5, "relative_error": 0.1}},
            "updates nothing",
        ),
    ],
)
def test_what_means_nothing_is_refused(keys: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        belief(**keys, **SAID)


def test_every_kind_of_claim_is_a_figure() -> None:
    assert {type(item) for item in (claim(1), ratio(2), performance(2, "yield"))} | {
        type(conflicting(claim(1), claim(2)))
    } == set(CLAIMS.values())
