"""Starting values from the sample moments, near enough for any optimiser.

Bottom up: loadings from products of covariances (Hagglund's FABIN-2 idea, simplified), then the
covariances of the factors, then paths by regression among them.
"""

from __future__ import annotations

import numpy as np

from jq_models.sem.derivatives import discrepancy
from jq_models.sem.matrices import ModelMatrices, implied_at
from jq_models.sem.moments import Array, Moments
from jq_models.sem.table import Parameter, Parameters

# share of a variable's variance that a start may give to factor or residual at least
LEAST = 0.1


def start_values(matrices: ModelMatrices, moments: Moments) -> Array:
    """Return a start for the free parameters, shape (k,).

    Parameters
    ----------
    matrices : ModelMatrices
    moments : Moments
        Of the model's observed variables, in its order.

    Returns
    -------
    ndarray, shape (k,)
        With a positive definite implied covariance matrix where one was found.
    """
    guess = _Guess(matrices.parameters, moments)
    theta = guess.theta()
    for shrink in (1.0, 0.7, 0.4, 0.0):
        tried = guess.shrunk(theta, shrink)
        if np.isfinite(discrepancy(implied_at(matrices, tried), moments.covariance)):
            return tried
    return tried


class _Guess:
    """Covariances of all variables, guessed factor by factor, and the rows that follow from them."""

    def __init__(self, parameters: Parameters, moments: Moments) -> None:
        self.rows = parameters.rows
        self.k = parameters.n_free
        self.names = list(parameters.observed)
        self.covariance = np.array(moments.covariance)
        self.loading: dict[tuple[str, str], float] = {}
        waiting = list(parameters.latent)
        while waiting:
            ready = [f for f in waiting if all(r.rhs in self.names for r in self._loadings(f))]
            factor = (ready or waiting)[0]
            self._add_factor(factor)
            waiting.remove(factor)

    def _loadings(self, factor: str) -> list[Parameter]:
        return [r for r in self.rows if r.op == "=~" and r.lhs == factor]

    def _add_factor(self, factor: str) -> None:
        rows = [r for r in self._loadings(factor) if r.rhs in self.names]
        places = [self.names.index(r.rhs) for r in rows]
        S = self.covariance[np.ix_(places, places)]
        pattern = _pattern(S)
        scale = self._scale(factor, rows, pattern)
        loadings = np.array(
            [r.value if not r.free else x / scale for r, x in zip(rows, pattern, strict=True)]
        )
        weight = loadings / max(float(loadings @ loadings), 1e-8)
        cross = weight @ self.covariance[places]
        variance = scale**2
        self.loading |= {(factor, r.rhs): x for r, x in zip(rows, loadings, strict=True)}
        self.names.append(factor)
        self.covariance = np.block(
            [[self.covariance, cross[:, None]], [cross[None, :], np.array([[variance]])]]
        )

    def _scale(self, factor: str, rows: list[Parameter], pattern: Array) -> float:
        """Return the factor's standard deviation: from its fixed variance, else its fixed loading."""
        for r in self.rows:
            if r.op == "~~" and r.lhs == r.rhs == factor and not r.free and r.value > 0:
                return float(np.sqrt(r.value))
        fixed = [(x, r.value) for r, x in zip(rows, pattern, strict=True) if not r.free and r.value]
        return max(abs(fixed[0][0] / fixed[0][1]), 1e-3) if fixed else 1.0

    def _between(self, a: str, b: str) -> float:
        return float(self.covariance[self.names.index(a), self.names.index(b)])

    def theta(self) -> Array:
        """Return the guessed parameters, shape (k,)."""
        slopes = self._slopes()
        sums, counts = np.zeros(self.k), np.zeros(self.k)
        for r in self.rows:
            if r.free:
                value = slopes.get((r.lhs, r.rhs), 0.0) if r.op == "~" else self._other(r, slopes)
                sums[r.free - 1] += value
                counts[r.free - 1] += 1
        return sums / counts

    def _other(self, r: Parameter, slopes: dict[tuple[str, str], float]) -> float:
        if r.op == "=~":
            return self.loading[r.lhs, r.rhs]
        if r.lhs == r.rhs:
            total = self._between(r.lhs, r.lhs)
            explained = sum(b * self._between(y, x) for (y, x), b in slopes.items() if y == r.lhs)
            explained += sum(b**2 * self._between(f, f) for (f, x), b in self.loading.items() if x == r.lhs)
            return total - min(explained, (1 - LEAST) * total)
        if self._explained(r.lhs) or self._explained(r.rhs):
            return 0.0
        limit = 0.9 * np.sqrt(self._between(r.lhs, r.lhs) * self._between(r.rhs, r.rhs))
        return float(np.clip(self._between(r.lhs, r.rhs), -limit, limit))

    def _explained(self, name: str) -> bool:
        return any((r.op == "=~" and r.rhs == name) or (r.op == "~" and r.lhs == name) for r in self.rows)

    def _slopes(self) -> dict[tuple[str, str], float]:
        """Return ridge regressions among the guessed covariances, by (outcome, predictor)."""
        slopes: dict[tuple[str, str], float] = {}
        for y in dict.fromkeys(r.lhs for r in self.rows if r.op == "~"):
            sources = [r.rhs for r in self.rows if r.op == "~" and r.lhs == y]
            places = [self.names.index(x) for x in sources]
            C = self.covariance[np.ix_(places, places)]
            ridge = C + 0.3 * np.diag(np.diag(C))
            found = np.linalg.solve(ridge, self.covariance[places, self.names.index(y)])
            slopes |= {(y, x): float(b) for x, b in zip(sources, found, strict=True)}
        return slopes

    def shrunk(self, theta: Array, share: float) -> Array:
        """Return `theta` with covariances and paths multiplied by `share`."""
        result = theta.copy()
        for r in self.rows:
            if r.free and (r.op == "~" or (r.op == "~~" and r.lhs != r.rhs)):
                result[r.free - 1] = theta[r.free - 1] * share
        return result


def _pattern(S: Array) -> Array:
    """Return loadings on a factor of variance 1 for its indicators' covariance matrix, (q, q).

    Two steps of principal factoring from a high start; a single indicator is all factor.
    """
    if len(S) == 1:
        return np.sqrt(np.diag(S))
    variance = np.diag(S)
    common = 0.6 * variance
    for _ in range(8):
        reduced = S - np.diag(variance - common)
        values, vectors = np.linalg.eigh(reduced)
        loading = vectors[:, -1] * np.sqrt(max(values[-1], 1e-8))
        common = np.clip(loading**2, LEAST * variance, (1 - LEAST) * variance)
    sign = 1.0 if loading[0] >= 0 else -1.0
    result: Array = sign * np.sign(loading) * np.sqrt(common)
    return result
