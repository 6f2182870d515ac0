"""Expected information of incomplete cases between two sets of rows: what score tests need of it.

As `missing.information.expected_hidden_rows`, but a block: with many rows that are not in the model, the
information among themselves is never computed.
"""

from __future__ import annotations

import numpy as np

from jq_models.numeric.moments import Array
from jq_models.sem.derivatives import Places
from jq_models.sem.missing.information import View, large_patterns, lost_products, pair_rows


def expected_blocks(seen: View, other: View) -> tuple[Array, Array]:
    """Return the expected information between the rows of two views, and the first's diagonal.

    Parameters
    ----------
    seen, other : View
        Of the same completed cases, through r and t rows.

    Returns
    -------
    tuple of ndarray, shapes (r, t) and (r,)
        Of one case, taken over the patterns that there are.
    """
    first, second, n = seen.places, other.places, seen.data.n
    lost = lost_products(seen) / n
    parts = [(seen.G, 0.5 * seen.G - lost)]
    for _, F, count in large_patterns(seen):
        own = F.T @ F
        parts.append((own, (0.5 * own - seen.G) * (count / n)))
        lost += own * (count / n)
    left = seen.G - lost
    block = np.multiply.outer(seen.s, other.s) * left[np.ix_(first.u, second.u)]
    alone = seen.s**2 * left[first.u, first.u]
    for G, Q in parts:
        block += _crossed(first, second, G, Q)
        alone += 2.0 * first.c**2 * _own_products(first, G, Q)
    for a, b, _ in pair_rows(seen):
        rows = _rank_two(first, a, b)
        block += rows @ (_rank_two(second, a, b).T / n)
        alone += np.einsum("rm,rm->r", rows, rows) / n
    return block, alone


def _crossed(first: Places, second: Places, G: Array, Q: Array) -> Array:
    """Return `_products` between two sets of rows."""
    u, v, x, y = first.u, first.v, second.u, second.v
    total = np.zeros((len(u), len(x)))
    for A, B in ((G, Q), (Q, G)):
        total += A.take(u, axis=0).take(x, axis=1) * B.take(v, axis=0).take(y, axis=1)
        total += A.take(u, axis=0).take(y, axis=1) * B.take(v, axis=0).take(x, axis=1)
    total *= np.multiply.outer(first.c, second.c)
    return total


def _own_products(places: Places, G: Array, Q: Array) -> Array:
    """Return half the diagonal of `_products`, without c."""
    u, v, g, q = places.u, places.v, G.diagonal(), Q.diagonal()
    return np.asarray(0.5 * (g[u] * q[v] + g[v] * q[u]) + G[u, v] * Q[u, v])


def _rank_two(places: Places, a: Array, b: Array) -> Array:
    """Return rows c (a[u] b[v] + a[v] b[u]) as columns, (r, rows)."""
    at, bt = np.ascontiguousarray(a.T), np.ascontiguousarray(b.T)
    rows: Array = at[places.u]
    rows *= bt[places.v]
    other = at[places.v]
    other *= bt[places.u]
    rows += other
    rows *= places.c[:, None]
    return rows
