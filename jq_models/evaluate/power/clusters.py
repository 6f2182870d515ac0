"""What colleagues who resemble each other cost, by theory: the design effect of every quantity."""

from __future__ import annotations

import numpy as np

from jq_models.evaluate.power.chunk import Truth
from jq_models.evaluate.power.draw import TEAM
from jq_models.evaluate.power.population import PowerPopulation
from jq_models.numeric.moments import Array
from jq_models.sem import implied_at, jacobian
from jq_models.sem.covariance import inverse


def design_effects(population: PowerPopulation, truth: Truth, *, n: int, organisations: int) -> Array:
    r"""Return var(clustered) / var(independent) of every quantity, shape (q,).

    The score of a case is tr(M_k (y y' - Sigma)) / 2, M_k = Sigma^-1 dSigma/dtheta_k Sigma^-1. Of two people
    of one group, whose answers have the cross-covariance C, the scores covary by

        A_C[k, l] = tr(M_k C M_l C) / 2,

    so that a case's score has the variance B = A + (t - 1) A_T + (m - t) A_O in teams of t within
    organisations of m people, against A, the information; the variance of the estimates is A^-1 B A^-1 / n
    (the sandwich of White 1982). Few organisations add an error of their own, of the order of one over their
    number, that is left out.

    Parameters
    ----------
    population : PowerPopulation
        Of continuous answers.
    truth : Truth
        Of this population.
    n, organisations : int
        Respondents, in equal numbers of each organisation.
    """
    fit, p = truth.fit, len(population.items)
    precision = np.linalg.inv(fit.implied)
    slopes = jacobian(lambda theta: implied_at(fit.matrices, theta).ravel(), fit.theta).T.reshape(-1, p, p)
    M = precision @ slopes @ precision
    scale = population.loading * population.sd
    size = n / organisations
    team = min(TEAM, size)
    variance = fit.information.copy()
    parts = (
        (team - 1, population.between + population.team),
        (size - team, population.between),
    )
    for others, part in parts:
        C = np.outer(scale, scale) * part[np.ix_(population.factor, population.factor)]
        variance += others * 0.5 * M.reshape(len(M), -1) @ (C @ M @ C).reshape(len(M), -1).T
    slope = np.zeros((len(truth.values), len(fit.theta)))
    slope[:, truth.quantities.columns] = truth.quantities.jacobian(fit.theta[None])[0]
    held = inverse(fit.information) @ slope.T
    clustered = np.einsum("kq,kl,lq->q", held, variance, held)
    result: Array = clustered / np.einsum("qk,kq->q", slope, held)
    return result


def mean_design_effect(population: PowerPopulation, *, n: int, organisations: int) -> float:
    """Return 1 + (m - 1) ICC of a mean score, averaged over the constructs (Kish 1965); teams left out."""
    icc = np.diag(population.between) / np.diag(population.latent)
    return float((1.0 + (n / organisations - 1.0) * icc).mean())
