"""Small worlds whose truth is known: answers drawn from loadings and correlations that the lesson chose.

Everything is drawn from an explicit seed; the same seed gives the same people. A world can also be had
without sampling error, as the moments that its truth implies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd

from jq_models.data.likert import answer, thresholds, wanted_skew
from jq_models.numeric.moments import Array, Moments

Loadings = Mapping[str, Mapping[str, float]]
Pairs = Mapping[tuple[str, str], float]
NONE: Pairs = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Answers and the truth they were drawn from.

    Attributes
    ----------
    answers : DataFrame
        One row a person, one column an item.
    scales : mapping
        The items of each scale.
    loadings : Series
        The true standardised loading of each item.
    correlations : DataFrame
        The true correlations of what the scales measure.
    true_scores : DataFrame
        What each person is really like, standardised: only a simulation knows it.
    """

    answers: pd.DataFrame
    scales: Mapping[str, tuple[str, ...]]
    loadings: pd.Series
    correlations: pd.DataFrame
    true_scores: pd.DataFrame = field(repr=False)


def factor_world(loadings: Loadings, *, n: int, seed: int, correlations: Pairs = NONE) -> World:
    """Draw standardised answers x = loading eta + sqrt(1 - loading^2) e, all of eta and e normal.

    Parameters
    ----------
    loadings : mapping of scale to mapping of item to loading
        Standardised, between -1 and 1.
    n, seed : int
        People, and the seed they are drawn from.
    correlations : mapping of (scale, scale), optional
        Correlations of the factors; 0 where not given.
    """
    rng = np.random.default_rng(seed)
    latent = latent_correlations(loadings, correlations)
    eta = rng.standard_normal((n, len(latent))) @ np.linalg.cholesky(latent.to_numpy()).T
    loading, owner = _loading(loadings), _owner(loadings)
    noise = rng.standard_normal((n, len(loading))) * np.sqrt(1.0 - loading.to_numpy() ** 2)
    return World(
        answers=pd.DataFrame(eta[:, owner] * loading.to_numpy() + noise, columns=loading.index),
        scales={scale: tuple(items) for scale, items in loadings.items()},
        loadings=loading,
        correlations=latent,
        true_scores=pd.DataFrame(eta, columns=list(loadings)),
    )


def as_answers(responses: pd.DataFrame, *, mean: float = 3.5, sd: float = 0.95) -> pd.DataFrame:
    """Cut standardised responses into answers of 1 to 5 with this mean and standard deviation."""
    cuts = thresholds(mean, sd=sd, skew=wanted_skew(mean))
    return pd.DataFrame({item: answer(responses[item].to_numpy(), cuts) for item in responses})


def latent_correlations(loadings: Loadings, correlations: Pairs = NONE) -> pd.DataFrame:
    """Return the correlation matrix of the factors."""
    latent = pd.DataFrame(np.eye(len(loadings)), index=list(loadings), columns=list(loadings))
    for (one, other), value in correlations.items():
        latent.loc[one, other] = latent.loc[other, one] = value
    return latent


def implied(loadings: Loadings, *, n: int, correlations: Pairs = NONE) -> Moments:
    """Return the moments that a world's truth implies: data without sampling error, as of n people."""
    loading, owner = _loading(loadings), _owner(loadings)
    values = loading.to_numpy()
    latent: Array = latent_correlations(loadings, correlations).to_numpy()
    covariance = np.outer(values, values) * latent[np.ix_(owner, owner)]
    np.fill_diagonal(covariance, 1.0)
    names = tuple(map(str, loading.index))
    return Moments(names=names, covariance=covariance, mean=np.zeros(len(names)), n=n)


def model_text(loadings: Loadings) -> str:
    """Return the measurement model of a world in lavaan's language."""
    return "\n".join(f"{scale} =~ {' + '.join(items)}" for scale, items in loadings.items())


def _loading(loadings: Loadings) -> pd.Series:
    return pd.Series(
        {item: value for items in loadings.values() for item, value in items.items()}, dtype=float
    )


def _owner(loadings: Loadings) -> np.ndarray:
    return np.repeat(np.arange(len(loadings)), [len(items) for items in loadings.values()])
