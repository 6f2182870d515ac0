"""Information and scores of incomplete cases, as those of complete ones less what the missing answers hide.

The observed information is the complete data's at the expected moments, minus the variance of the complete
data's score given the answers (Louis, 1982, JRSS B 44, 226-233). For a case with weight w_i = W' P z_i and
F = J (P W)[m, :] that variance is a Gram matrix: of the rows c (w[u] F_s[v] + w[v] F_s[u]) + s F_s[u] for
each missing variable s, and of the rows c (F_s[u] F_t[v] + F_t[u] F_s[v]), halved over all pairs (s, t).
In the expected information of a pattern the second kind counts the other way; there
W' V W = W' P W - F'F takes the place of w w'.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.linalg.blas import dsyrk

from jq_models.numeric.moments import Array, Whole
from jq_models.sem.derivatives import Places
from jq_models.sem.missing.patterns import Completed, MissingData, PatternGroup
from jq_models.sem.normal import sandwich

# bytes that one block of rows may take
BLOCK = 2**21
# patterns with more missing variables than this are taken one by one: their pairs are too many
PAIRED = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Completed cases seen through the derivatives of a model's moments.

    Attributes
    ----------
    data : MissingData
    at : Completed
    places : Places
        u, v and c of each row.
    s : ndarray, shape (r,)
        dmu/drow = s W[u].
    W : ndarray, shape (p, q)
    G, H : ndarray, shape (q, q)
        W' P W, and W' P M P W with M the expected moments.
    z : ndarray, shape (q,)
        W' P times the average residual.
    """

    data: MissingData
    at: Completed
    places: Places
    s: Array
    W: Array
    G: Array
    H: Array
    z: Array


def view(data: MissingData, at: Completed, *, places: Places, s: Array, W: Array) -> View:
    """Put together what gradient, information and scores share."""
    P = at.precision
    return View(
        data=data,
        at=at,
        places=places,
        s=s,
        W=W,
        G=sandwich(P, W),
        H=sandwich(P @ at.moments @ P, W),
        z=W.T @ (P @ at.shift),
    )


def complete_rows(seen: View) -> Array:
    """Return the complete data's observed information of one case, no second derivatives, (r, r)."""
    return _curvature(seen, seen.G, seen.H, n=1.0, z=seen.z)


def hidden_rows(seen: View) -> Array:
    """Return what the missing answers hide of the observed information of one case, shape (r, r)."""
    hidden = _gram(seen, _score_rows(seen))
    H, z, n = np.zeros_like(seen.G), np.zeros_like(seen.z), 0.0
    for cases, F, count in large_patterns(seen):
        w = seen.at.solved[cases] @ seen.W
        weighted = w if seen.data.weights is None else w * seen.data.weights[cases, None]
        own, total, lost = weighted.T @ w, weighted.sum(axis=0), F.T @ F
        hidden -= _curvature(seen, seen.G - lost, own, n=count, z=total)
        H, z, n = H + own + count * lost, z + total, n + count
    if n:
        hidden += _curvature(seen, seen.G, H, n=n, z=z)
    return hidden / seen.data.n


def expected_hidden_rows(seen: View) -> Array:
    """Return the same of the expected information, taken over the patterns that there are."""
    lost, hidden = lost_products(seen), -_gram(seen, pair_rows(seen))
    for _, F, n in large_patterns(seen):
        own = F.T @ F
        hidden += _products(seen.places, own, (seen.G - 0.5 * own) * n)
        hidden += _means(seen, n * own)
    hidden += _products(seen.places, seen.G, lost)
    hidden += _means(seen, lost)
    return hidden / seen.data.n


def lost_products(seen: View) -> Array:
    """Return the sum of F'F over the cases of patterns with few missing variables, (q, q)."""
    lost = np.zeros_like(seen.G)
    for group, counts, J in _groups(seen, small=True):
        F = _factors(seen, group, J)
        flat = (F * np.sqrt(counts)[:, None, None]).reshape(-1, F.shape[2])
        lost += flat.T @ flat
    return lost


def score_chunks(seen: View) -> Iterator[tuple[Whole, Array]]:
    """Yield cases and d log-likelihood / drow of each of them, (cases, r); weights not applied."""
    u, v, c = seen.places.u, seen.places.v, seen.places.c
    size = max(1, BLOCK // (8 * len(u)))

    def plain(cases: Whole) -> Array:
        w = (seen.at.solved[cases] @ seen.W).T
        rows = w[u]
        rows *= w[v]
        rows -= seen.G[u, v][:, None]
        rows *= c[:, None]
        rows += seen.s[:, None] * w[u]
        return rows

    for cases in _pieces(seen.data.patterns.complete, size):
        yield cases, plain(cases).T
    for group, J in zip(seen.data.patterns.groups, seen.at.roots, strict=True):
        for part in _pieces(np.arange(len(group.cases)), max(1, size // group.missing.shape[1])):
            which = group.which[part]
            first = which[0]
            F = _factors(seen, group, J, patterns=slice(first, which[-1] + 1))
            lost = np.einsum("nkr,nkr->rn", F.take(u, axis=2), F.take(v, axis=2), optimize=False)
            rows = plain(group.cases[part])
            rows += c[:, None] * lost[:, which - first]
            yield group.cases[part], rows.T


def _pieces(index: Whole, size: int) -> Iterator[Whole]:
    for start in range(0, len(index), size):
        yield index[start : start + size]


def _groups(seen: View, *, small: bool) -> Iterator[tuple[PatternGroup, Array, Array]]:
    for group, counts, J in zip(seen.data.patterns.groups, seen.data.counts, seen.at.roots, strict=True):
        if (group.missing.shape[1] <= PAIRED) == small:
            yield group, counts, J


def large_patterns(seen: View) -> Iterator[tuple[Whole, Array, float]]:
    """Yield cases, F (k, q) and the weight of each pattern with many missing variables."""
    for group, counts, J in _groups(seen, small=False):
        for i, count in enumerate(counts):
            F = _factors(seen, group, J, patterns=slice(i, i + 1))[0]
            yield group.cases[group.which == i], F, float(count)


def _factors(seen: View, group: PatternGroup, J: Array, *, patterns: slice = slice(None)) -> Array:
    """Return F = J (P W)[m, :] of some patterns, shape (patterns, k, q)."""
    result: Array = J[patterns] @ (seen.at.precision @ seen.W)[group.missing[patterns]]
    return result


def _curvature(seen: View, G: Array, H: Array, *, n: float, z: Array) -> Array:
    """Return the second derivative of -log-likelihood of n cases, without those of the moments."""
    u, v, c, s = seen.places.u, seen.places.v, seen.places.c, seen.s
    half = _products(seen.places, G, H - 0.5 * n * G)
    if s.any():
        Gu = G.take(u, axis=1)
        cross = c[:, None] * (z[u][:, None] * Gu[v] + z[v][:, None] * Gu[u]) * s
        half += cross
        half += cross.T
        half += _means(seen, n * G)
    return half


def _means(seen: View, G: Array) -> Array:
    u = seen.places.u
    return np.multiply.outer(seen.s, seen.s) * G.take(u, axis=0).take(u, axis=1)


def _products(places: Places, G: Array, Q: Array) -> Array:
    """Return c c (G[uu] Q[vv] + G[vv] Q[uu] + G[uv] Q[vu] + G[vu] Q[uv]) for symmetric G and Q."""
    u, v, c = places.u, places.v, places.c
    Gu, Gv, Qu, Qv = (X.take(w, axis=0) for X in (G, Q) for w in (u, v))
    half = Gu.take(v, axis=1) * Qv.take(u, axis=1)
    half += half.T
    half += Gu.take(u, axis=1) * Qv.take(v, axis=1)
    half += Gv.take(v, axis=1) * Qu.take(u, axis=1)
    half *= np.multiply.outer(c, c)
    return half


def _score_rows(seen: View) -> Iterator[tuple[Array, Array, Array]]:
    """Yield a, b and e of rows c (a[u] b[v] + a[v] b[u]) + e s b[u]: of cases, then of pairs."""
    for group, _, J in _groups(seen, small=True):
        F = _factors(seen, group, J)
        k, q = F.shape[1:]
        y, level, which = _carriers(seen, group)
        for part in _pieces(np.arange(len(which)), _size(seen, k)):
            a = np.broadcast_to((y[part] @ seen.W)[:, None, :], (len(part), k, q))
            yield a.reshape(-1, q), F[which[part]].reshape(-1, q), np.repeat(level[part], k)
    yield from pair_rows(seen)


def _carriers(seen: View, group: PatternGroup) -> tuple[Array, Array, Whole]:
    """Return rows (R, p) and (R,) with the cross-products of the solved residuals and 1, by pattern (R,).

    Cases are their own rows, multiplied by the root of their weight; where a pattern has more cases than
    observed variables, a triangular root takes their place.
    """
    p = seen.at.solved.shape[1]
    own = np.ones(len(group.cases)) if seen.data.weights is None else np.sqrt(seen.data.weights[group.cases])
    y = np.column_stack([seen.at.solved[group.cases], np.ones(len(own))]) * own[:, None]
    sizes = np.bincount(group.which, minlength=len(group.missing))
    many = np.flatnonzero(sizes > p + 1)
    if not len(many):
        return y[:, :p], y[:, p], group.which
    few = ~np.isin(group.which, many)
    roots = [np.linalg.qr(y[group.which == i], mode="r") for i in many]
    rows = np.vstack([y[few], *roots])
    return rows[:, :p], rows[:, p], np.concatenate([group.which[few], np.repeat(many, p + 1)])


def pair_rows(seen: View) -> Iterator[tuple[Array, Array, Array]]:
    for group, counts, J in _groups(seen, small=True):
        k = group.missing.shape[1]
        first, second = np.triu_indices(k)
        weight = np.where(first == second, np.sqrt(0.5), 1.0)
        for part in _pieces(np.arange(len(counts)), _size(seen, len(first))):
            F = _factors(seen, group, J, patterns=slice(part[0], part[-1] + 1))
            a = F[:, first] * (np.sqrt(counts[part])[:, None] * weight)[:, :, None]
            q = F.shape[2]
            yield a.reshape(-1, q), F[:, second].reshape(-1, q), np.zeros(len(part) * len(first))


def _size(seen: View, rows: int) -> int:
    return max(1, BLOCK // (8 * len(seen.places.u) * rows))


def _gram(seen: View, blocks: Iterator[tuple[Array, Array, Array]]) -> Array:
    """Return the sum of products (r, r) of the rows c (a[u] b[v] + a[v] b[u]) + e s b[u]."""
    u, v, c = seen.places.u, seen.places.v, seen.places.c
    gram = np.zeros((len(u), len(u)), order="F")
    for a, b, e in blocks:
        at, bt = np.ascontiguousarray(a.T), np.ascontiguousarray(b.T)
        bu = bt[u]
        rows = at[u]
        rows *= bt[v]
        other = at[v]
        other *= bu
        rows += other
        rows *= c[:, None]
        if e.any() and seen.s.any():
            bu *= seen.s[:, None]
            bu *= e
            rows += bu
        gram = dsyrk(1.0, rows.T, beta=1.0, c=gram, trans=1, overwrite_c=1)
    upper = np.triu(gram, 1)
    return upper + upper.T + np.diag(gram.diagonal())
