"""The plug-in list of distributions."""

from __future__ import annotations

from typing import get_args

from planner.config.compounds import Mixture, Truncated
from planner.config.distributions import (
    Belief,
    Discrete,
    Lognormal,
    Quantiles,
    Triangular,
    Uniform,
)
from planner.config.measured import Elicited, Empirical
from planner.config.shapes import Bernoulli, Beta, Gamma, Normal, Pert, StudentT

DISTRIBUTIONS: tuple[type[Belief], ...] = (
    *(Uniform, Triangular, Lognormal, Discrete, Quantiles),
    *(Normal, Pert, Beta, Gamma, StudentT, Bernoulli),
    *(Elicited, Empirical, Truncated, Mixture),
)
"""Every kind that a ``distribution:`` key can name; where that is forgotten, the first that fits is
suggested."""


def kind_name(model: type[Belief]) -> str:
    """Return the word that a ``distribution:`` key uses for a kind."""
    return str(get_args(model.model_fields["distribution"].annotation)[0])
