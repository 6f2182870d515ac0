"""Covariance matrices of samples from a population: of normal answers, or of answers in ordered categories.

Every replicate has a random stream of its own, so that neither the number of others nor who draws them
changes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from jq_models.errors import DataError
from jq_models.evaluate.cutoffs.latent_response import latent_correlations, shares_of
from jq_models.numeric.moments import Array


class Source(Protocol):
    """Draws the covariance matrix (divisor N) of one sample."""

    def draw(self, rng: np.random.Generator) -> Array: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalAnswers:
    """Normal answers: N S is Wishart with N - 1 degrees of freedom, drawn without cases.

    N S = L A A' L' with L the root of the population's covariance matrix and A lower triangular: the roots of
    chi-squares with N - 1, N - 2, ... degrees of freedom on its diagonal, standard normals below it (Bartlett
    1933, Proceedings of the Royal Society of Edinburgh 53, 260-283).

    Attributes
    ----------
    root : ndarray, shape (p, p)
        Lower triangular.
    n : int
    """

    root: Array
    n: int

    def draw(self, rng: np.random.Generator) -> Array:
        """Return S of one sample."""
        p = len(self.root)
        A = np.zeros((p, p))
        A[np.tril_indices(p, -1)] = rng.standard_normal(p * (p - 1) // 2)
        A[np.diag_indices(p)] = np.sqrt(rng.chisquare(self.n - 1 - np.arange(p)))
        X = self.root @ A
        covariance: Array = X @ X.T / self.n
        return covariance


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedAnswers:
    """Answers in categories whose covariance matrix is the population's, cut from normal responses.

    Attributes
    ----------
    root : ndarray, shape (p, p)
        Of the correlations of the responses behind the answers (`latent_correlations`), lower triangular.
    thresholds : tuple of ndarray
        Where each response is cut.
    scores : tuple of ndarray
        The numbers of each item's categories, in units in which its variance is the population's.
    n : int
    """

    root: Array
    thresholds: tuple[Array, ...]
    scores: tuple[Array, ...]
    n: int

    def draw(self, rng: np.random.Generator) -> Array:
        """Return S of one sample."""
        response = rng.standard_normal((self.n, len(self.root))) @ self.root.T
        answers = np.empty_like(response)
        for j, (cuts, numbers) in enumerate(zip(self.thresholds, self.scores, strict=True)):
            answers[:, j] = numbers[np.searchsorted(cuts, response[:, j])]
        answers -= answers.mean(axis=0)
        covariance: Array = answers.T @ answers / self.n
        return covariance


def normal_answers(covariance: Array, *, n: int) -> NormalAnswers:
    """Return the source of samples of `n` normal cases."""
    return NormalAnswers(root=np.asarray(np.linalg.cholesky(covariance), dtype=float), n=n)


def ordered_answers(covariance: Array, cases: Array, *, n: int) -> OrderedAnswers:
    """Return the source of samples of `n` cases with the categories, and the shares in them, of real answers.

    Parameters
    ----------
    covariance : ndarray, shape (p, p)
        The population's, reproduced by the drawn answers as far as such answers can.
    cases : ndarray, shape (m, p)
        Complete answers, for the share of each category.

    Raises
    ------
    DataError
        When an item has more than `latent_response.MOST` different answers: it is not in categories.
    """
    shares = [shares_of(column) for column in cases.T]
    if any(found is None for found in shares):
        raise DataError(
            "Some items have too many different answers to be drawn in categories. Use answers='normal'."
        )
    known = [found for found in shares if found is not None]
    sd = np.sqrt(np.diag(covariance))
    scores = tuple(own.standardised * s for own, s in zip(known, sd, strict=True))
    correlations = latent_correlations(covariance / np.outer(sd, sd), known)
    return OrderedAnswers(
        root=np.asarray(np.linalg.cholesky(correlations), dtype=float),
        thresholds=tuple(own.thresholds for own in known),
        scores=scores,
        n=n,
    )


def in_categories(cases: Array) -> bool:
    """Say whether every item has few enough different answers to be drawn in categories."""
    return all(shares_of(column) is not None for column in cases.T)


def drawn(source: Source, *, seed: int, stream: int, replicates: Sequence[int]) -> Array:
    """Return the covariance matrices of some replicates, shape (b, p, p).

    Replicate i of a stream is the same whatever the others are: its random stream is that of
    ``SeedSequence(seed, spawn_key=(stream, i))``.
    """
    return np.array(
        [
            source.draw(np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(stream, i))))
            for i in replicates
        ]
    )
