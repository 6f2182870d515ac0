"""A world of six dimensions whose means and leverage are known: which of them should come first?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from jq_models.evaluate.attention.formulas import regression_weights, relative_weights, shapley_shares
from jq_models.evaluate.attention.ranked import ranked
from jq_models.numeric.moments import Array

BEST, SPREAD = 5.0, 0.8  # of the answer scale; standard deviation of every score
SHARED, CLOSE = 0.35, 0.80  # correlation of two dimensions; of the superior and the flow of information
OUTCOME = "SAT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """What is true of one dimension: its name, its mean on 1 to 5, its own weight for satisfaction."""

    name: str
    mean: float
    weight: float


TRUTH: Mapping[str, Dimension] = MappingProxyType(
    {
        "AMB": Dimension(name="Role clarity", mean=3.9, weight=0.10),
        "TOO": Dimension(name="Ease of tools", mean=2.5, weight=0.03),
        "SUP": Dimension(name="Superior and feedback", mean=3.3, weight=0.32),
        "OPP": Dimension(name="Challenge", mean=3.1, weight=0.24),
        "ATM": Dimension(name="Atmosphere", mean=3.9, weight=0.20),
        "INF": Dimension(name="Information sharing", mean=2.9, weight=0.00),
    }
)
CODES: tuple[str, ...] = tuple(TRUTH)
NAMES: Mapping[str, str] = MappingProxyType({code: one.name for code, one in TRUTH.items()})


def true_table() -> pd.DataFrame:
    """Return what is true: mean, weight, shortfall to 5 and their product, by dimension."""
    rows = pd.DataFrame(
        {"mean": [d.mean for d in TRUTH.values()], "weight": [d.weight for d in TRUTH.values()]}
    )
    rows.index = pd.Index(CODES, name="dimension")
    return rows.assign(shortfall=BEST - rows["mean"], product=rows["weight"] * (BEST - rows["mean"]))


def priority_world(*, n: int, seed: int, alike: bool = False) -> pd.DataFrame:
    """Draw people: six scores and their satisfaction, standardised.

    Parameters
    ----------
    n, seed : int
    alike : bool
        A world in which all dimensions have the same mean and weight: nothing deserves to come first.
    """
    return pd.DataFrame(_drawn(n, seed=seed, studies=1, alike=alike)[0], columns=[*CODES, OUTCOME])


def importance(people: pd.DataFrame) -> pd.DataFrame:
    """Return four readings of importance for satisfaction, by dimension.

    Returns
    -------
    DataFrame
        correlation, weight (standardised regression), relative (Johnson), lmg: the last two share out R2.
    """
    matrix = np.corrcoef(people[[*CODES, OUTCOME]].to_numpy().T)[None]
    among, outcome = matrix[:, :-1, :-1], matrix[:, :-1, -1:]
    found = {
        "correlation": outcome[0, :, 0],
        "weight": regression_weights(among, outcome)[0, :, 0],
        "relative": relative_weights(among, outcome)[0, :, 0],
        "lmg": shapley_shares(among, outcome)[0, :, 0],
    }
    return pd.DataFrame(found, index=pd.Index(CODES, name="dimension"))


def ranks(people: pd.DataFrame, *, draws: int = 500, seed: int = 1) -> pd.DataFrame:
    """Rank the dimensions by weight times shortfall, with simultaneous rank intervals from resampling.

    Returns
    -------
    DataFrame
        By dimension: estimate, ci_low, ci_high, rank, rank_low, rank_high.
    """
    rng, values = np.random.default_rng(seed), people[[*CODES, OUTCOME]].to_numpy()
    resampled = values[rng.integers(0, len(values), size=(draws, len(values)))]
    rows = ranked(CODES, products(values[None])[0], draws=products(resampled), floor=0.0)
    return rows.set_index("dimension")


def products(samples: Array) -> Array:
    """Return weight times shortfall in each of several samples, shape (b, n, 7) -> (b, 6)."""
    means = samples.mean(axis=1)
    centred = samples - means[:, None]
    covariance = np.swapaxes(centred, 1, 2) @ centred
    root = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    matrix = covariance / (root[:, :, None] * root[:, None, :])
    weights = regression_weights(matrix[:, :-1, :-1], matrix[:, :-1, -1:])[:, :, 0]
    result: Array = np.maximum(weights, 0.0) * (BEST - means[:, :-1])
    return result


@cache
def first_places(n: int, *, studies: int = 300, seed: int = 6, alike: bool = False) -> Mapping[str, float]:
    """Return in which share of many studies of n people each dimension comes out first."""
    first = products(_drawn(n, seed=seed, studies=studies, alike=alike)).argmax(axis=1)
    return MappingProxyType({code: float((first == k).mean()) for k, code in enumerate(CODES)})


def first_place_table(sizes: Sequence[int], *, alike: bool = False) -> pd.DataFrame:
    """Return `first_places` for several sizes: a row a dimension, a column a size."""
    return pd.DataFrame({n: dict(first_places(n, alike=alike)) for n in sizes})


def gain(code: str, *, step: float = 0.5) -> float:
    """Return how much satisfaction truly rises, in standard deviations, when a score rises by `step`."""
    return TRUTH[code].weight * step / SPREAD


def _drawn(n: int, *, seed: int, studies: int, alike: bool) -> Array:
    rng = np.random.default_rng([seed, n])
    k = len(CODES)
    correlation = np.full((k, k), SHARED)
    if not alike:
        a, b = CODES.index("SUP"), CODES.index("INF")
        correlation[a, b] = correlation[b, a] = CLOSE
    np.fill_diagonal(correlation, 1.0)
    means = np.full(k, 3.3) if alike else np.array([d.mean for d in TRUTH.values()])
    weights = np.full(k, 0.15) if alike else np.array([d.weight for d in TRUTH.values()])
    z = rng.standard_normal((studies, n, k)) @ np.linalg.cholesky(correlation).T
    left = np.sqrt(1.0 - weights @ correlation @ weights)
    outcome = z @ weights + left * rng.standard_normal((studies, n))
    return np.concatenate([means + SPREAD * z, outcome[:, :, None]], axis=2)
