"""What a user would otherwise write, each in a module of its own and driven as fast as it goes.

Whatever is the same in every sample is made before the clock starts; where a peer can be driven in
several ways, it takes the one that is fastest on the first programs.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

from benchmarks.arrays import as_arrays
from benchmarks.peers import cvxpy_parameters, highspy_hot, pulp_models, scipy_linprog
from benchmarks.peers.peer import Peer
from planner.model.template import LinearPrograms

PEERS: dict[str, Callable[[LinearPrograms], Peer]] = {
    "pulp_cbc": pulp_models.with_cbc,
    "pulp_highs": pulp_models.with_highs,
    "linprog": lambda programs: scipy_linprog.with_linprog(as_arrays(programs)),
    "cvxpy": lambda programs: cvxpy_parameters.with_cvxpy(as_arrays(programs)),
    "highspy_hot": lambda programs: highspy_hot.with_highspy(as_arrays(programs)),
}
"""How each peer is made for programs of one pattern."""


def missing() -> list[str]:
    """Return the packages that peers need, that the planner does not, and that are not here."""
    return [name for name in ("cvxpy",) if importlib.util.find_spec(name) is None]
