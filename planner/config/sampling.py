"""How futures are sampled, and which inputs move together."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from planner.config.base import Strict

InputName = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Rank = Annotated[float, Field(ge=-1, le=1)]


class Sampling(Strict):
    """How the draws of a run are spread over what is possible."""

    method: Literal["random", "latin-hypercube", "sobol"] = Field(
        default="random",
        description="`random` draws are independent. `latin-hypercube` covers each input evenly, "
        "and `sobol` also the first few inputs together: the same standard error with fewer "
        "samples.",
    )
    leading: list[InputName] = Field(
        default=[],
        description="For `sobol`: inputs that are covered best together, the most important "
        "first, as `planner inputs` names them; the others follow in the order of the config.",
    )


class CorrelatedPair(Strict):
    """Two inputs that move together, or against each other."""

    between: Annotated[list[InputName], Field(min_length=2, max_length=2)] = Field(
        description="Two inputs, by their paths; of quantities that move over time, their shocks "
        "of the same quarter."
    )
    rank: Rank = Field(description="Spearman's rank correlation, from -1 to 1.")


class CorrelatedGroup(Strict):
    """Inputs of which all pairs move together; a pair that is named by itself is an exception."""

    inputs: Annotated[list[InputName], Field(min_length=1)] = Field(
        description="Inputs by their paths; `*` stands for anything."
    )
    rank: Annotated[float, Field(ge=0, le=1)] = Field(
        description="Spearman's rank correlation of each two of them, from 0 to 1."
    )


class CorrelationMatrix(Strict):
    """Inputs with the rank correlations of all their pairs."""

    inputs: Annotated[list[InputName], Field(min_length=2)] = Field(
        description="Inputs by their paths, in the order of the matrix."
    )
    ranks: list[list[Rank]] = Field(
        description="A row for each input: symmetric, with ones on the diagonal."
    )

    @model_validator(mode="after")
    def _a_matrix(self) -> Self:
        n = len(self.inputs)
        if len(self.ranks) != n or any(len(row) != n for row in self.ranks):
            raise ValueError("give as many rows and columns as inputs")
        if any(self.ranks[k][k] != 1 for k in range(n)):
            raise ValueError("the diagonal must be ones")
        if any(self.ranks[k][j] != self.ranks[j][k] for k in range(n) for j in range(k)):
            raise ValueError("the matrix must be symmetric")
        return self


class Correlations(Strict):
    """Which inputs do not vary independently; all that is not named does."""

    pairs: list[CorrelatedPair] = Field(default=[], description="Single pairs.")
    groups: list[CorrelatedGroup] = Field(default=[], description="Groups of one correlation.")
    matrices: list[CorrelationMatrix] = Field(default=[], description="Whole matrices.")
    degrees_of_freedom: Annotated[float, Field(ge=1, le=1000)] | None = Field(
        default=None,
        description="Of Student's t copula, under which extremes come together, the more so the "
        "fewer; a Gaussian copula unless given.",
    )
