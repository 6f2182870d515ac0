"""Score and expected information of any rows of a parameter table beside those of the free parameters.

All by gathers from W' Sigma^-1 W and its like (`derivatives`), a missing pattern at a time; no matrix has a
side of p (p + 1) / 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack, solve_triangular

from jq_models.errors import FitError
from jq_models.sem.derivatives import Places, derivative_columns, gradient_rows, mean_factor, places_of
from jq_models.sem.matrices import Filled, ModelMatrices
from jq_models.sem.missing import MissingNormal
from jq_models.sem.moments import Array
from jq_models.sem.normal import NormalTheory, fold_of, inverse_and_log_det, sandwich
from jq_models.sem.result import SemFit


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One missing pattern of one group; the group itself, when its data are complete.

    Attributes
    ----------
    share : float
        Of all cases.
    G, H : ndarray, shape (q, q)
        W' P W and W' P M P W: P is Sigma^-1 of the observed variables, 0 elsewhere, M their moments
        about mu.
    z : ndarray, shape (q,)
        W' P (mean - mu).
    """

    share: float
    G: Array
    H: Array
    z: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupParts:
    """One group: where its table rows stand, and its pieces."""

    state: Filled
    pieces: tuple[Piece, ...]
    means: bool

    def factor(self, places: Places) -> Array:
        """Return s of dmu/drow = s W[u]; 0 without a mean structure."""
        return mean_factor(self.state, places) if self.means else np.zeros(len(places.u))

    def score(self, places: Places) -> Array:
        """Return d log-likelihood / drow of one case, shape (r,): -1/2 dF / drow."""
        s = self.factor(places)
        return sum(
            -0.5 * p.share * gradient_rows(places, p.G, p.H, z=p.z, s=s) for p in self.pieces
        ) + np.zeros(len(places.u))

    def variance(self, places: Places) -> Array:
        """Return the diagonal of the expected information of one case, shape (r,)."""
        u, v, c, s = places.u, places.v, places.c, self.factor(places)
        total = np.zeros(len(u))
        for piece in self.pieces:
            G = piece.G
            d = G.diagonal()
            total += piece.share * (c**2 * (d[u] * d[v] + G[u, v] ** 2) + s**2 * d[u])
        return total

    def information(self, first: Places, second: Places) -> Array:
        """Return the expected information of one case between two sets of rows, shape (r1, r2)."""
        s, t = self.factor(first), self.factor(second)
        # a share of the whole is a share of its factors
        c, total = first.c, np.zeros((0, 0))
        for piece in self.pieces:
            part = _block(piece.G, first, second, c=c * piece.share, s=s * piece.share, t=t)
            total = total + part if total.size else part
        return total


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


def group_parts(fit: SemFit) -> list[GroupParts]:
    """Evaluate every group at the estimates.

    Raises
    ------
    FitError
        When the fit is not usable, or not by maximum likelihood.
    """
    fit.require()
    discrepancy = fit.discrepancy
    if isinstance(discrepancy, NormalTheory):
        pieces = list(_complete(fit, means=discrepancy.means))
        means = discrepancy.means
    elif isinstance(discrepancy, MissingNormal):
        pieces, means = list(_incomplete(fit, discrepancy)), True
    else:
        raise FitError(
            f"The model '{fit.model.name}' was fitted by {fit.estimator}: score tests and modification "
            "indices are there for maximum likelihood only. Fit it with estimator='ML' or 'MLR'."
        )
    return [
        GroupParts(state=state, pieces=own, means=means)
        for state, own in zip(fit.states, pieces, strict=True)
    ]


def _complete(fit: SemFit, *, means: bool) -> Iterator[tuple[Piece, ...]]:
    total = sum(g.size for g in fit.sample.groups)
    for state, group in zip(fit.states, fit.sample.groups, strict=True):
        moments = group.moments
        d = moments.mean - state.mean if means else np.zeros(len(state.mean))
        M = moments.covariance + np.multiply.outer(d, d)
        yield (_piece(derivative_columns(state), _inverse(state.implied), M, d, share=group.size / total),)


def _incomplete(fit: SemFit, discrepancy: MissingNormal) -> Iterator[tuple[Piece, ...]]:
    for state, data in zip(fit.states, discrepancy.data, strict=True):
        W, p = derivative_columns(state), len(state.implied)
        seen = data.observed.astype(bool)
        patterns, which = np.unique(seen, axis=0, return_inverse=True)
        w = np.ones(len(seen)) if data.weights is None else data.weights
        deviation = np.where(seen, data.values - state.mean, 0.0)
        found = []
        for i, pattern in enumerate(patterns):
            here = np.flatnonzero(which.ravel() == i)
            own, total = deviation[here], w[here].sum()
            o = np.flatnonzero(pattern)
            P = np.zeros((p, p))
            P[np.ix_(o, o)] = _inverse(state.implied[np.ix_(o, o)])
            M = (own.T * w[here]) @ own / total
            found.append(_piece(W, P, M, w[here] @ own / total, share=total / discrepancy.n))
        yield tuple(found)


def _piece(W: Array, P: Array, M: Array, d: Array, *, share: float) -> Piece:
    return Piece(share=share, G=sandwich(P, W), H=sandwich(P @ M @ P, W), z=W.T @ (P @ d))


def _inverse(matrix: Array) -> Array:
    found = inverse_and_log_det(matrix)
    if found is None:
        raise FitError("The implied covariance matrix is not positive definite. Use a fit that is usable.")
    return found[0]


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
    block = fold.gradient(parts.information(places, own))
    alone = parts.variance(places)
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
