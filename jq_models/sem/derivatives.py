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
    """Return half the second derivative of F, shape (r, r)."""
    u, v, c = places.u, places.v, places.c
    Gu, Gv, Hu, Hv = (X.take(w, axis=0) for X in (G, H) for w in (u, v))
    Guu, Guv, Gvu, Gvv = Gu.take(u, axis=1), Gu.take(v, axis=1), Gv.take(u, axis=1), Gv.take(v, axis=1)
    Huu, Hvu, Hvv = Hu.take(u, axis=1), Hv.take(u, axis=1), Hv.take(v, axis=1)
    half = Guv * (Hvu - 0.5 * Gvu)
    half = half + half.T
    half += Guu * (Hvv - 0.5 * Gvv)
    half += Gvv * (Huu - 0.5 * Guu)
    half *= np.multiply.outer(c, c)
    if s.any() or z.any():
        cross = c[:, None] * (z[u][:, None] * Gvu + z[v][:, None] * Guu) * s
        half += cross + cross.T + np.multiply.outer(s, s) * Guu
    return half + second_derivative_term(state, places, G - H, z=z, s=s)


def second_derivative_term(state: Filled, places: Places, R: Array, *, z: Array, s: Array) -> Array:
    """Return 1/2 tr(Q Sigma_ab) - d' Sigma^-1 mu_ab for all rows a, b, shape (r, r).

    Parameters
    ----------
    state : Filled
    places : Places
    R : ndarray, shape (q, q)
        W' Q W with Q = Sigma^-1 (Sigma - M) Sigma^-1, or its sum over cases: G - H.
    z : ndarray, shape (q,)
        W' Sigma^-1 (mean - mu), or its sum over cases.
    s : ndarray, shape (r,)
        `mean_factor`.
    """
    u, v, c = places.u, places.v, places.c
    A, D, m = state.total, state.latent_covariance, len(state.total)
    wide = np.zeros((m + 1, m + 1))
    wide[:m, :m] = A
    spread = np.zeros((m + 1, m + 1))
    spread[:m, :m] = D
    # how the column L A e_k moves with row b: W[u_b] A[j_b, k]
    along = wide[places.source] * places.slope[:, None]
    effects = along.take(places.effect, axis=1).T
    # how the column L A Psi A' e_k moves: W[u_b] first + W[v_b] second
    psi, pathlike = places.psi * c, places.path + places.psi * c
    first = spread[places.source] * places.slope[:, None] + (wide[:, places.other] * psi).T
    second = (wide[:, places.effect] * pathlike).T
    first_ab = first.take(places.source, axis=1).T + along.take(places.other, axis=1).T
    second_ab = second.take(places.source, axis=1).T
    Ru, Rv = R.take(u, axis=0), R.take(v, axis=0)
    Ruu = Ru.take(u, axis=1)
    term = Rv.take(u, axis=1) * effects + Ruu * first_ab + Ru.take(v, axis=1) * second_ab
    term *= c[:, None]
    if s.any() and z.any():
        moved = wide[places.source][:, places.effect] * (s * (places.path + places.level))
        term -= z[u][:, None] * moved + s[:, None] * effects * z[u]
    return term


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
