"""What the tests of PLS share: population matrices with known parameters, outside numbers, drawn answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from references import REFERENCE

from jq_models.numeric.moments import Array, Moments
from jq_models.pls import PlsFit

FOLDER = REFERENCE / "pls"
MIXED = """
A =~ a1 + a2 + a3 + a4
B =~ b1 + b2 + b3
C <~ c1 + c2 + c3 + c4
D =~ d1
E =~ e1 + e2 + e3
G =~ g1 + g2 + g3
C ~ A
D ~ A + B
E ~ A + B + C
G ~ C + D + E
"""
SECOND = """
A =~ a1 + a2 + a3 + a4
B =~ b1 + b2 + b3
E =~ e1 + e2 + e3
G <~ A + B + E
X =~ c1
D =~ d1
G ~ X
D ~ X + G
"""
THREE = """
X =~ x1 + x2 + x3
Y =~ y1 + y2 + y3
Z =~ z1 + z2 + z3
Y ~ a*X
Z ~ b*Y + c*X
ind := a*b
"""


@cache
def raw(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Read ``NAME.json`` as the other program's output was written."""
    found: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return found


def answers() -> pd.DataFrame:
    """The data of tests/reference/pls."""
    return pd.read_csv(FOLDER / "data.csv")


def three_factors(n: int = 100, *, seed: int = 1, loading: float = 0.8, between: float = 0.4) -> pd.DataFrame:
    """Answers for `THREE`."""
    rng = np.random.default_rng(seed)
    factors = rng.multivariate_normal(np.zeros(3), between + (1 - between) * np.eye(3), size=n)
    error = np.sqrt(1 - loading**2) * rng.standard_normal((n, 9))
    return pd.DataFrame(
        loading * np.repeat(factors, 3, axis=1) + error, columns=[f"{f}{i}" for f in "xyz" for i in (1, 2, 3)]
    )


def weakly_measured(n: int, *, seed: int, loading: float = 0.25) -> pd.DataFrame:
    """Answers on A, whose items hold little of it, and on B, which depends on A."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=n)
    b = 0.4 * a + 0.9 * rng.normal(size=n)
    columns = {}
    for name, factor_, own in (("a", a, loading), ("b", b, 0.7)):
        for k in (1, 2, 3):
            columns[f"{name}{k}"] = own * factor_ + np.sqrt(1 - own**2) * rng.normal(size=n)
    return pd.DataFrame(columns)


def estimate(fit: PlsFit, op: str, lhs: str, rhs: str = "") -> float:
    """Return one row of a fit's table."""
    table = fit.table
    return float(table.loc[(table["op"] == op) & (table["lhs"] == lhs) & (table["rhs"] == rhs), "est"].item())


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A block in the population: a factor, or a composite with its weights; its items' correlations."""

    loadings: Array
    block: Array
    weights: Array | None = None


def factor(*loadings: float) -> Measure:
    values = np.array(loadings)
    return Measure(loadings=values, block=np.outer(values, values) + np.diag(1 - values**2))


def composite(*weights: float, among: float = 0.3) -> Measure:
    """A composite of variance 1 whose items correlate by `among`."""
    size = len(weights)
    block = among + (1 - among) * np.eye(size)
    scaled = np.array(weights) / np.sqrt(np.array(weights) @ block @ np.array(weights))
    return Measure(loadings=block @ scaled, block=block, weights=scaled)


def population(measures: dict[str, Measure], between: Array) -> Moments:
    """Moments of items ``x1``, ``x2`` of construct ``X``, from the constructs' correlations."""
    names = [f"{name.lower()}{i + 1}" for name, m in measures.items() for i in range(len(m.loadings))]
    owner = np.repeat(np.arange(len(measures)), [len(m.loadings) for m in measures.values()])
    loadings = np.concatenate([m.loadings for m in measures.values()])
    S = between[np.ix_(owner, owner)] * np.outer(loadings, loadings)
    for k, m in enumerate(measures.values()):
        S[np.ix_(owner == k, owner == k)] = m.block
    return Moments(names=tuple(names), covariance=S, mean=np.zeros(len(names)), n=1000)


def model_text(operators: dict[str, str], measures: dict[str, Measure], arrows: str) -> str:
    """Write the blocks of a population, with its arrows."""
    lines = [
        f"{name} {operators[name]} " + " + ".join(f"{name.lower()}{i + 1}" for i in range(len(m.loadings)))
        for name, m in measures.items()
    ]
    return "\n".join([*lines, arrows])
