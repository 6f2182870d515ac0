"""Score and expected information of any rows of a parameter table beside those of the free parameters.

Maximum likelihood: by gathers from W' Sigma^-1 W and its like (`derivatives`, `missing.information`); no
matrix has a side of p (p + 1) / 2. Least squares: J'W (s - sigma) and J'W J of the sample statistics s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from scipy.linalg import lapack, solve_triangular

from jq_models.errors import FitError
from jq_models.numeric.moments import Array, Moments
from jq_models.sem.derivatives import Places, derivative_columns, gradient_rows, mean_factor, places_of
from jq_models.sem.least_squares.discrepancy import LeastSquares
from jq_models.sem.least_squares.statistics import SampleStatistics
from jq_models.sem.matrices import Filled, ModelMatrices
from jq_models.sem.missing.blocks import expected_blocks
from jq_models.sem.missing.information import View, view
from jq_models.sem.missing.likelihood import MissingNormal
from jq_models.sem.missing.patterns import completed
from jq_models.sem.normal import NormalTheory, fold_of, inverse_and_log_det, sandwich
from jq_models.sem.ordinal.moments import ImpliedStatistics, StatisticsModel
from jq_models.sem.result import SemFit


class GroupParts(Protocol):
    """One group at the estimates: scores and information of one case of the whole sample."""

    @property
    def state(self) -> Filled:
        """The group's matrices."""

    def score(self, places: Places) -> Array:
        """Return d log-likelihood / drow, -1/2 dF / drow, shape (r,)."""

    def blocks(self, first: Places, second: Places) -> tuple[Array, Array]:
        """Return the expected information between two sets of rows, (r, t), and the first's diagonal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteParts:
    """Normal theory on complete data.

    Attributes
    ----------
    state : Filled
    share : float
        Of all cases.
    G, H : ndarray, shape (q, q)
        W' Sigma^-1 W and W' Sigma^-1 M Sigma^-1 W, M the sample's moments about mu.
    z : ndarray, shape (q,)
        W' Sigma^-1 (mean - mu).
    means : bool
        Whether there is a mean structure.
    """

    state: Filled
    share: float
    G: Array
    H: Array
    z: Array
    means: bool

    def _factor(self, places: Places) -> Array:
        return mean_factor(self.state, places) if self.means else np.zeros(len(places.u))

    def score(self, places: Places) -> Array:
        """Return the score, shape (r,)."""
        return -0.5 * self.share * gradient_rows(places, self.G, self.H, z=self.z, s=self._factor(places))

    def blocks(self, first: Places, second: Places) -> tuple[Array, Array]:
        """Return the information, (r, t), and its diagonal, (r,)."""
        s, t, G = self._factor(first), self._factor(second), self.G
        u, v, d = first.u, first.v, G.diagonal()
        alone = first.c**2 * (d[u] * d[v] + G[u, v] ** 2) + s**2 * d[u]
        # a share of the whole is a share of its factors
        block = _block(G, first, second, c=first.c * self.share, s=s * self.share, t=t)
        return block, self.share * alone


def _block(G: Array, first: Places, second: Places, *, c: Array, s: Array, t: Array) -> Array:
    # what the columns share is gathered once
    at_u, at_v = G.take(second.u, axis=1), G.take(second.v, axis=1)
    uu = at_u.take(first.u, axis=0)
    pairs = at_v.take(first.v, axis=0)
    pairs *= uu
    other = at_v.take(first.u, axis=0)
    other *= at_u.take(first.v, axis=0)
    pairs += other
    pairs *= second.c
    pairs *= c[:, None]
    if s.any() and t.any():
        uu *= t
        uu *= s[:, None]
        pairs += uu
    result: Array = pairs
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class IncompleteParts:
    """Normal theory on incomplete data; the information is taken over the patterns found.

    `seen` are the completed cases through the rows that are not fixed, `share` theirs of all cases.
    """

    state: Filled
    share: float
    seen: View

    def _through(self, places: Places) -> View:
        return replace(self.seen, places=places, s=mean_factor(self.state, places))

    def score(self, places: Places) -> Array:
        """Return the score, shape (r,)."""
        seen = self._through(places)
        return -0.5 * self.share * gradient_rows(places, seen.G, seen.H, z=seen.z, s=seen.s)

    def blocks(self, first: Places, second: Places) -> tuple[Array, Array]:
        """Return the information, (r, t), and its diagonal, (r,)."""
        block, alone = expected_blocks(self._through(first), self._through(second))
        return self.share * block, self.share * alone


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastSquaresParts:
    """Least squares on the statistics of a group of n_g cases.

    lavaan 0.6-14 counts a group n_g - 1 times in its chi-square, and so in the score, but n_g times in the
    information.
    """

    matrices: ModelMatrices
    sample: SampleStatistics
    at: ImpliedStatistics
    n: int

    @property
    def state(self) -> Filled:
        """The group's matrices."""
        return self.at.state

    def _jacobian(self, places: Places) -> Array:
        return StatisticsModel(self.matrices, self.sample.layout, places=places).jacobian(self.at).dense()

    def score(self, places: Places) -> Array:
        """Return (n_g - 1) / N J'W (s - sigma), shape (r,)."""
        W, residual = self.sample.weight, self.sample.vector - self.at.vector
        weighted = W * residual if W.ndim == 1 else W @ residual
        share = (self.sample.n - 1) / self.n
        result: Array = share * (weighted @ self._jacobian(places))
        return result

    def blocks(self, first: Places, second: Places) -> tuple[Array, Array]:
        """Return n_g / N J'W J, (r, t), and its diagonal, (r,)."""
        W, J = self.sample.weight, self._jacobian(first)
        weighted = J * W[:, None] if W.ndim == 1 else W @ J
        weighted *= self.sample.n / self.n
        other = J if second is first else self._jacobian(second)
        return weighted.T @ other, np.einsum("sr,sr->r", weighted, J)


def group_parts(fit: SemFit) -> list[GroupParts]:
    """Evaluate every group at the estimates.

    Raises
    ------
    FitError
        When the fit is not usable.
    """
    fit.require()
    theory = fit.discrepancy
    if isinstance(theory, LeastSquares):
        return [
            LeastSquaresParts(matrices=matrices, sample=sample, at=at, n=fit.n)
            for matrices, sample, at in zip(
                fit.groups, theory.statistics, theory.implied(fit.theta), strict=True
            )
        ]
    if isinstance(theory, MissingNormal):
        return [_incomplete(theory, g, state) for g, state in enumerate(fit.states)]
    assert isinstance(theory, NormalTheory)
    total = sum(g.size for g in fit.sample.groups)
    return [
        _complete(state, group.moments, share=group.size / total, means=theory.means)
        for state, group in zip(fit.states, fit.sample.groups, strict=True)
    ]


def _complete(state: Filled, moments: Moments, *, share: float, means: bool) -> CompleteParts:
    found = inverse_and_log_det(state.implied)
    if found is None:
        raise _not_positive_definite()
    P, W = found[0], derivative_columns(state)
    d = moments.mean - state.mean if means else np.zeros(len(state.mean))
    M = moments.covariance + np.multiply.outer(d, d)
    G, H = sandwich(P, W), sandwich(P @ M @ P, W)
    return CompleteParts(state=state, share=share, G=G, H=H, z=W.T @ (P @ d), means=means)


def _incomplete(theory: MissingNormal, g: int, state: Filled) -> IncompleteParts:
    data = theory.data[g]
    at = completed(data, mean=state.mean, covariance=state.implied)
    if at is None:
        raise _not_positive_definite()
    places = places_of(theory.groups[g])
    seen = view(data, at, places=places, s=mean_factor(state, places), W=derivative_columns(state))
    return IncompleteParts(state=state, share=data.n / theory.n, seen=seen)


def _not_positive_definite() -> FitError:
    return FitError("The implied covariance matrix is not positive definite. Use a fit that is usable.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """Score of rows when they alone are set free, and its variance given the free parameters.

    Attributes
    ----------
    score : ndarray, shape (a,)
        d log-likelihood / drow of one case.
    information : ndarray, shape (a,)
        Before the free parameters are given.
    variance : ndarray, shape (a,)
        I_aa - I_at I_tt^-1 I_ta.
    """

    score: Array
    information: Array
    variance: Array


def released(parts: GroupParts, places: Places, *, matrices: ModelMatrices, inverse: Array) -> Released:
    """Set rows of one group free, each alone.

    Parameters
    ----------
    parts : GroupParts
        Of that group.
    places : Places
    matrices : ModelMatrices
        Of that group.
    inverse : ndarray, shape (k, k)
        `inverse_information`.
    """
    own = places_of(matrices)
    fold = fold_of(matrices, own)
    between, alone = parts.blocks(places, own)
    block = fold.gradient(between)
    known = np.einsum("ak,ak->a", block @ inverse[np.ix_(fold.columns, fold.columns)], block)
    return Released(score=parts.score(places), information=alone, variance=alone - known)


def inverse_information(fit: SemFit) -> Array:
    """Return the inverse of the expected information of one case, shape (k, k).

    Raises
    ------
    FitError
        When it is singular.
    """
    scale = 1.0 / np.sqrt(np.diag(fit.information))
    units = np.multiply.outer(scale, scale)
    found = inverse_and_log_det(fit.information * units)
    if found is None:
        raise FitError("The information matrix is singular: the model is not identified. Fix a parameter.")
    inverse: Array = found[0] * units
    return inverse


def half_solved(information: Array, right: Array) -> Array:
    """Return L^-1 right for information = L L', in units of its diagonal.

    Raises
    ------
    FitError
        When the information matrix is singular.
    """
    scale = 1.0 / np.sqrt(np.diag(information))
    root, failed = lapack.dpotrf(information * np.multiply.outer(scale, scale), lower=1)
    if failed:
        raise FitError("The information matrix is singular: the model is not identified. Fix a parameter.")
    result: Array = solve_triangular(root, right * scale[:, None], lower=True, check_finite=False)
    return result
