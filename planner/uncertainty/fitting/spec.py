"""A fit as YAML that can be pasted into a scenario, with what is known of it as comments."""

from __future__ import annotations

import textwrap
from typing import Any

import yaml

from planner.uncertainty.fitting.found import Fitted, Parameter

_WIDTH = 98


def specification(fitted: Fitted, origin: str, name: str = "") -> str:
    """Return the YAML of a fit, its keys below `name` if there is one.

    Parameters
    ----------
    fitted : Fitted
    origin : str
        Of what it is a fit; goes into ``source``.
    name : str
    """
    comments = [
        f"fit of {origin}",
        *fitted.remarks,
        *(_parameter(one) for one in fitted.parameters),
        *(
            f"{test.name}: {test.statistic:.4g}, P {test.p_value:.3f}, n {test.n:,}"
            for test in fitted.tests
        ),
        *(f"warning: {words}" for words in fitted.warnings),
    ]
    spec: dict[str, Any] = {**fitted.spec, "source": f"fitted to {origin}"}
    return "".join(_comment(words) for words in comments) + _yaml({name: spec} if name else spec)


def _parameter(one: Parameter) -> str:
    error = "not determined" if one.standard_error is None else f"{one.standard_error:.2g}"
    return f"{one.name}: {one.value:.4g}, standard error {error}"


def _comment(words: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in words)
    lines = textwrap.wrap(printable, _WIDTH - 4, break_long_words=False, break_on_hyphens=False)
    return "".join(f"# {'' if place == 0 else '  '}{line}\n" for place, line in enumerate(lines))


class _Dumper(yaml.SafeDumper):
    """Writes keys below each other, and lists on one line."""


_Dumper.add_representer(
    list,
    lambda dumper, values: dumper.represent_sequence(
        "tag:yaml.org,2002:seq", values, flow_style=True
    ),
)


def _yaml(spec: dict[str, Any]) -> str:
    return yaml.dump(spec, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
