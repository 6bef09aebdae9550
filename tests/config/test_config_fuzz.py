"""Whatever is written, the loader gives a scenario or an `InputError`, never a traceback."""

from __future__ import annotations

import contextlib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.config.document import Document
from planner.config.overrides import apply_overrides
from planner.config.slots import TAGS
from planner.config.validation import validate
from planner.config.yaml_tree import parse, read_document
from planner.errors import InputError

FOLDER = Path("a-folder")
QUIET = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

WORDS = (
    *("distribution", "value", "catalog", "by_quarter", "first", "change_per_year", "times"),
    *("low", "mode", "high", "mean", "sd", "p10", "p50", "p90", "lower", "upper", "values"),
    *("probabilities", "source", "uniform", "triangular", "lognormal", "discrete", "quantiles"),
    *("mode:lease", "mode:owned", "mode", "programme", "owned", "lease", "2026Q3", "chat"),
    *("claim", "claimed_ratio", "claims", "against", "baseline", "share", "evidence", "rumour"),
    *("said_by", "date", "2024-12-03", "measured", "relative_error", "weights", "claim_id"),
    *("buy", "rent", "reserve", "unlimited", "h100", "hall", "training", "platform", "sites"),
    *(
        "utilisation",
        "[key]",
        "kind:list",
        "mode:buy",
        "a b",
        "2026Q1",
        "30_000",
        "5%",
        "",
        "\x1b[",
    ),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.sampled_from(WORDS),
    st.text(max_size=8),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    ),
    max_leaves=12,
)


def never_in_pydantics_words(error: InputError) -> None:
    assert error.problems
    text = str(error)
    for word in (
        "Input should",
        "Value error",
        "cannot be used: ",
        "function-",
        "pydantic",
        "kind:",
    ):
        if word != "kind:":
            assert word not in text
    for problem in error.problems:
        parts = problem.path.split(".")
        # Only a key that the user wrote may look like a tag, and then it is the last part.
        assert not TAGS & set(parts[:-1]) or "has no key" in text


@QUIET
@given(content=st.binary(max_size=200))
def test_arbitrary_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    path.write_bytes(content)
    with contextlib.suppress(InputError):
        read_document(path)


@QUIET
@given(text=st.text(alphabet="ab:-[]{}#&*!|>'\"%@`, \n\t?~<0.1e\\", max_size=60))
def test_yaml_like_text(text: str) -> None:
    try:
        parse(text, "f")
    except InputError as error:
        never_in_pydantics_words(error)


@pytest.mark.parametrize("scenario", ["minimal", "instruments"])
@QUIET
@given(data=st.data())
def test_a_scenario_with_any_part_replaced(
    request: pytest.FixtureRequest, scenario: str, data: st.DataObject
) -> None:
    document = parse(request.getfixturevalue(scenario), "plan.yaml")
    tree = deepcopy(document.data)
    for _ in range(data.draw(st.integers(1, 3))):
        location = data.draw(st.sampled_from(sorted(document.origins, key=str)))
        holder: Any = tree
        for part in location[:-1]:
            try:
                holder = holder[part]
            except (KeyError, IndexError, TypeError):
                break
        else:
            if isinstance(holder, dict):
                key = data.draw(st.sampled_from([location[-1], data.draw(st.sampled_from(WORDS))]))
                holder[key] = data.draw(VALUES)
    try:
        validate(Document(tree, document.origins, FOLDER / "plan.yaml"))
    except InputError as error:
        never_in_pydantics_words(error)


@QUIET
@given(tree=st.dictionaries(st.sampled_from(("sites", "offers", "platforms", *WORDS)), VALUES))
def test_any_tree(tree: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        validate(Document(tree, {}, FOLDER / "plan.yaml"))
    never_in_pydantics_words(caught.value)


@QUIET
@given(
    key=st.lists(st.sampled_from(("sites", "hall", "samples", "0", "x", "")), max_size=4),
    value=st.text(alphabet="ab:-[]{}#&*!1. \n", max_size=12),
)
def test_any_override(minimal: str, key: list[str], value: str) -> None:
    parsed = parse(minimal, "plan.yaml")
    document = Document(parsed.data, parsed.origins, FOLDER / "plan.yaml")
    with contextlib.suppress(InputError):
        changed, problems = apply_overrides(document, [".".join(key) + "=" + value])
        validate(changed, problems)
