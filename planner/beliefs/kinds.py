"""What every kind of belief can be asked: each of the modules here adds the answers of its kinds.

A kind's answers are its exact quantile function (`quantile`), the probability of at most a value
(`probability`), the single values that it may give (`atoms`), and its words (`describe`).
"""

from __future__ import annotations

from planner.beliefs import claims, compounds, measured, shaped, simple
from planner.beliefs.laws import atoms, describe, is_uncertain, probability, quantile

__all__ = ["MODULES", "atoms", "describe", "is_uncertain", "probability", "quantile"]

MODULES = (simple, shaped, measured, compounds, claims)
"""Those that answer; to import them is what adds the answers."""
