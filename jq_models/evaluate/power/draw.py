"""Drawing studies: covariance matrices of independent respondents, or answers of respondents in clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.data.likert import answer
from jq_models.evaluate.power.conditions import Condition
from jq_models.evaluate.power.population import PowerPopulation
from jq_models.numeric.moments import Array

TEAM = 12  # respondents in a team, as in the simulated data


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Samples of one condition.

    `covariance` (b, p, p), divisor N; `cases` (b, n, p) and `clusters` (n,) where respondents were drawn
    one by one.
    """

    covariance: Array
    cases: Array | None = None
    clusters: np.ndarray | None = None


def draw(
    population: PowerPopulation, condition: Condition, *, rng: np.random.Generator, replications: int
) -> Drawn:
    """Draw samples; covariance matrices alone where that is all a fit needs."""
    n, p = condition.n, len(population.items)
    if not condition.organisations and population.cuts is None and n > p:
        return Drawn(covariance=wishart(population.covariance, n=n, rng=rng, size=replications))
    clusters = np.arange(n) % max(condition.organisations, 1)
    cases = np.stack([answers(population, clusters, rng=rng) for _ in range(replications)])
    centred = cases - cases.mean(axis=1, keepdims=True)
    return Drawn(
        covariance=centred.transpose(0, 2, 1) @ centred / n,
        cases=cases,
        clusters=clusters if condition.organisations else None,
    )


def wishart(covariance: Array, *, n: int, rng: np.random.Generator, size: int) -> Array:
    """Draw sample covariance matrices (divisor N) of n normal cases, shape (size, p, p).

    By the decomposition of Bartlett (1933, Proc. R. Soc. Edinburgh 53, 260-283): N S = L A A' L', with
    Sigma = L L', A triangular, standard normal below the diagonal and chi with n - 1, n - 2, ... degrees of
    freedom on it.
    """
    p = len(covariance)
    root = np.linalg.cholesky(covariance)
    low = np.tril_indices(p, -1)
    A = np.zeros((size, p, p))
    A[:, low[0], low[1]] = rng.standard_normal((size, len(low[0])))
    A[:, np.arange(p), np.arange(p)] = np.sqrt(rng.chisquare(n - 1.0 - np.arange(p), size=(size, p)))
    half = root @ A
    result: Array = half @ half.transpose(0, 2, 1) / n
    return result


def answers(population: PowerPopulation, clusters: np.ndarray, *, rng: np.random.Generator) -> Array:
    """Draw the answers of one study, (n, p): respondents of one organisation, and of one team, are alike.

    Every level is normal with its part of the constructs' covariances (`data.simulate` draws the same).
    """
    n, f = len(clusters), len(population.factors)
    constructs = np.zeros((n, f))
    inside = population.latent
    if clusters.max() > 0:
        inside = population.latent - population.between - population.team
        order = np.argsort(clusters, kind="stable")
        team = np.empty(n, dtype=int)
        # teams of neighbours within an organisation
        within = np.concatenate([np.arange(size) for size in np.bincount(clusters)])
        team[order] = np.unique(clusters[order] * n + within // TEAM, return_inverse=True)[1]
        for labels, part in ((clusters, population.between), (team, population.team)):
            constructs += (rng.standard_normal((labels.max() + 1, f)) @ half(part).T)[labels]
    constructs += rng.standard_normal((n, f)) @ half(inside).T
    loading = population.loading
    noise = rng.standard_normal((n, len(loading))) * np.sqrt(1.0 - loading**2)
    response: Array = constructs[:, population.factor] * loading + noise
    if population.cuts is None:
        return response * population.sd
    return np.column_stack(
        [answer(y, cuts) for y, cuts in zip(response.T, population.cuts, strict=True)]
    ).astype(float)


def half(covariance: Array) -> Array:
    """Return H with H H' = covariance, also of a singular one."""
    values, vectors = np.linalg.eigh(covariance)
    result: Array = vectors * np.sqrt(np.maximum(values, 0.0))
    return result
