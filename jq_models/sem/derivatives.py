"""Derivatives of Sigma and mu, and of what normal theory makes of them, by gathers.

Every derivative of Sigma has rank two: dSigma/da = c (u v' + v u'), with u and v columns of
W = [I, L A, L A Psi A'] and c = 1/2 for a variance, else 1; dmu/da = s u. With G = W' Sigma^-1 W,
H = W' Sigma^-1 M Sigma^-1 W (M the sample's moments about mu) and z = W' Sigma^-1 (mean - mu), gradient
and information are entries of G, H and z. The derivatives are those of Joreskog (1970), Biometrika 57,
239-251, in this arrangement; second derivatives follow from those of the columns of W.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from scipy.linalg import cho_solve, cholesky

from jq_models.numeric.moments import Array, Whole
from jq_models.sem.matrices import (
    ALPHA,
    LOADING,
    NU,
    PATH,
    PSI,
    THETA,
    Filled,
    ModelMatrices,
)

# numbers of the rows of an information matrix that are made at a time
CHUNK = 12_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A discrepancy at one parameter vector.

    Attributes
    ----------
    objective : float
        F; infinite where Sigma is not positive definite, the rest is NaN then.
    gradient : ndarray, shape (k,)
        dF / dtheta.
    information : ndarray, shape (k, k)
        Half the (expected or observed) second derivative of F: the information of one case. Empty
        when not asked for.
    states : tuple of Filled
        The groups' matrices at that vector, where they are at hand.
    """

    objective: float
    gradient: Array
    information: Array
    states: tuple[Filled, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """For each row of a group's table that depends on free parameters: where its derivative stands.

    Attributes
    ----------
    rows : ndarray of int, shape (r,)
        Those rows.
    u, v : ndarray of int, shape (r,)
        Columns of W.
    c : ndarray, shape (r,)
        Factor of dSigma; 0 for rows of the mean structure, thresholds and scales.
    source : ndarray of int, shape (r,)
        j of a loading or path on latent variable j, else m.
    effect : ndarray of int, shape (r,)
        i of a path to, variance or mean of latent variable i, else m: where u is a column of L A.
    other : ndarray of int, shape (r,)
        j of a latent (co)variance i, j, else m: where v is a column of L A.
    slope, path, psi : ndarray of bool, shape (r,)
        Rows of L and B, of B, of Psi.
    level : ndarray, shape (r,)
        1 for a row of nu or alpha, else 0.
    """

    rows: Whole
    u: Whole
    v: Whole
    c: Array
    source: Whole
    effect: Whole
    other: Whole
    slope: Array
    path: Array
    psi: Array
    level: Array


def places_of(matrices: ModelMatrices) -> Places:
    """Find the places of a group's rows that are not fixed."""
    single = matrices.single
    free = matrices.design.any(axis=1) if single is None else single >= 0
    return places_of_rows(matrices, np.flatnonzero(free))


def places_of_rows(matrices: ModelMatrices, rows: Whole) -> Places:
    """Find the places of any rows of a group's table, fixed or not."""
    p, m = matrices.base.shape
    where, i, j = matrices.where[rows], matrices.row[rows], matrices.column[rows]
    observed = (where == LOADING) | (where == THETA) | (where >= NU) & (where != ALPHA)
    slope, psi = (where == LOADING) | (where == PATH), where == PSI
    v = np.where(slope, p + m + j, np.where(psi, p + j, np.where(where == THETA, j, 0)))
    symmetric = psi | (where == THETA)
    c = np.where(symmetric & (i == j), 0.5, 1.0) * (symmetric | slope)
    return Places(
        rows=rows,
        u=np.where(observed, i, p + i),
        v=v,
        c=c,
        source=np.where(slope, j, m),
        effect=np.where(observed, m, i),
        other=np.where(psi, j, m),
        slope=slope.astype(float),
        path=(where == PATH).astype(float),
        psi=psi.astype(float),
        level=((where == NU) | (where == ALPHA)).astype(float),
    )


def joined(first: Places, second: Places) -> Places:
    """Return two sets of places one after the other."""
    pairs = {f.name: (getattr(first, f.name), getattr(second, f.name)) for f in fields(Places)}
    return Places(**{name: np.concatenate(pair) for name, pair in pairs.items()})


def derivative_columns(state: Filled) -> Array:
    """Return W = [I, L A, L A Psi A'], shape (p, p + 2 m)."""
    return np.concatenate((np.eye(len(state.implied)), state.columns), axis=1)


def mean_factor(state: Filled, places: Places) -> Array:
    """Return s of dmu/da = s u, shape (r,): the source's mean for a loading or path, 1 for an intercept."""
    return np.append(state.latent_mean, 0.0)[places.source] + places.level


def gradient_rows(places: Places, G: Array, H: Array, *, z: Array, s: Array) -> Array:
    """Return dF / drow = 2 c (G - H)[u, v] - 2 s z[u], shape (r,)."""
    at = (places.u, places.v)
    return 2.0 * (places.c * (G[at] - H[at]) - s * z[places.u])


def expected_rows(places: Places, G: Array, *, s: Array) -> Array:
    """Return half the expected second derivative of F, shape (r, r)."""
    u, v, c, r = places.u, places.v, places.c, len(places.u)
    # columns first: whole rows are then copied, and c need be applied to few of them
    Gu, Gv = G.take(u, axis=1), G.take(v, axis=1)
    Gv *= c
    pairs = np.empty((r, r))
    # a few rows at a time: fresh memory for whole matrices takes longer than what is done in it
    step = max(1, CHUNK // max(r, 1))
    for start in range(0, r, step):
        own_u, own_v = u[start : start + step], v[start : start + step]
        one, other = Gv.take(own_v, axis=0), Gv.take(own_u, axis=0)
        one *= Gu.take(own_u, axis=0)
        other *= Gu.take(own_v, axis=0)
        np.add(one, other, out=pairs[start : start + step])
    # c is 1 but for variances and means, which mostly follow one another
    lessened = np.flatnonzero(c != 1.0)
    if len(lessened):
        among = slice(lessened[0], lessened[-1] + 1)
        pairs[among] *= c[among, None]
    if s.any():
        pairs += np.multiply.outer(s, s) * Gu.take(u, axis=0)
    return pairs


def observed_rows(state: Filled, places: Places, G: Array, H: Array, *, z: Array, s: Array) -> Array:
    """Return half the second derivative of F, shape (r, r).

    With R = G - H, and every entry taken at the places of rows a and b, it is the sum of 1/2 tr(Q Sigma_ab),
    Q = Sigma^-1 (Sigma - M) Sigma^-1, and of what the expected one becomes when some G are H.
    """
    u, v, c, r = places.u, places.v, places.c, len(places.u)
    R = G - H
    Gu, Ru, Rv = G.take(u, axis=1), R.take(u, axis=1), R.take(v, axis=1)
    Guc, Gvc, Hvc = Gu * c, G.take(v, axis=1) * c, H.take(v, axis=1) * c
    moves = _moves_of(state, places)
    half = np.empty((r, r))
    # a few rows at a time, as for the expected ones
    step = max(1, CHUNK // max(r, 1))
    for start in range(0, r, step):
        rows = slice(start, start + step)
        i, j, source = u[rows], v[rows], places.source[rows]
        own = moves.effect.take(places.effect[rows], axis=0)
        own -= Gvc.take(i, axis=0)
        own *= Ru.take(j, axis=0)
        more = moves.first.take(source, axis=0)
        more += moves.effect.take(places.other[rows], axis=0)
        more -= Gvc.take(j, axis=0)
        more *= Ru.take(i, axis=0)
        own += more
        more = moves.second.take(source, axis=0)
        more -= Guc.take(j, axis=0)
        more *= Rv.take(i, axis=0)
        own += more
        for one, other in (
            (Gvc.take(i, axis=0), Gu.take(j, axis=0)),
            (Gu.take(i, axis=0), Hvc.take(j, axis=0)),
        ):
            one *= other
            own += one
        own *= c[rows, None]
        half[rows] = own
    if s.any() or z.any():
        half += _of_means(state, places, Gu, moves=moves, z=z, s=s)
    return half


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moves:
    """How the columns of W move with every row b of the table, each (m + 1, r); the last line is 0.

    Column L A e_k with row b by W[u_b] `effect`[k, b]; column L A Psi A' e_k by W[u_b] `first`[k, b] and
    W[v_b] `second`[k, b].
    """

    effect: Array
    first: Array
    second: Array


def _moves_of(state: Filled, places: Places) -> _Moves:
    A, D, m = state.total, state.latent_covariance, len(state.total)
    wide, spread = np.zeros((m + 1, m + 1)), np.zeros((m + 1, m + 1))
    wide[:m, :m], spread[:m, :m] = A, D
    psi = places.psi * places.c
    return _Moves(
        effect=wide.T.take(places.source, axis=1) * places.slope,
        first=spread.T.take(places.source, axis=1) * places.slope + wide.take(places.other, axis=1) * psi,
        second=wide.take(places.effect, axis=1) * (places.path + psi),
    )


def _of_means(state: Filled, places: Places, Gu: Array, *, moves: _Moves, z: Array, s: Array) -> Array:
    """Return what the mean structure adds to half the second derivative, shape (r, r).

    z is W' Sigma^-1 (mean - mu), or its sum over cases; -d' Sigma^-1 mu_ab is in it.
    """
    u, v, c, m = places.u, places.v, places.c, len(state.total)
    Guu = Gu.take(u, axis=0)
    cross = c[:, None] * (z[u][:, None] * Gu.take(v, axis=0) + z[v][:, None] * Guu) * s
    added = cross + cross.T + np.multiply.outer(s, s) * Guu
    if s.any() and z.any():
        wide = np.zeros((m + 1, m + 1))
        wide[:m, :m] = state.total
        moved = wide[places.source][:, places.effect] * (s * (places.path + places.level))
        added -= z[u][:, None] * moved + s[:, None] * moves.effect.take(places.effect, axis=0) * z[u]
    return np.asarray(added)


def discrepancy(implied: Array, covariance: Array) -> float:
    """Return F_ML for an implied and a sample covariance matrix, both (p, p).

    Parameters
    ----------
    implied : ndarray, shape (p, p)
        Sigma.
    covariance : ndarray, shape (p, p)
        S, divisor n.

    Examples
    --------
    >>> import numpy as np
    >>> S = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> round(float(discrepancy(np.eye(2), S)), 4)  # independence: -log(1 - r^2)
    0.2877
    """
    try:
        root = cholesky(implied, lower=True)
    except np.linalg.LinAlgError:
        return np.inf
    sample_root = cholesky(covariance, lower=True)
    ratio = 2.0 * (np.log(np.diag(root)).sum() - np.log(np.diag(sample_root)).sum())
    return float(ratio + np.trace(cho_solve((root, True), covariance)) - len(implied))
