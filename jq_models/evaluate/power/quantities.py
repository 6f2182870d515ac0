"""What a planned study wants to know: standardised paths, indirect effects, loadings on job quality.

All are functions of the latent part of the model alone, so that they and their derivatives can be computed
for many samples at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from jq_models.errors import SpecError
from jq_models.numeric.moments import Array, Whole
from jq_models.sem import ModelMatrices
from jq_models.sem.matrices import (
    PATH,
    PSI,
    Numbers,
)
from jq_models.spec.model import JOB_QUALITY

DIRECT, INDIRECT = "direct", "indirect"
STEP = 1e-30
TOP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantities:
    """The key paths of a second-order model with outcomes.

    Attributes
    ----------
    matrices : ModelMatrices
    rows : DataFrame
        Columns source, target, kind ("direct" or "indirect"); one row a quantity, q in all.
    dimensions : tuple of str
        What job quality is measured by.
    columns : ndarray of int, shape (r,)
        The free parameters the quantities depend on.
    """

    matrices: ModelMatrices
    rows: pd.DataFrame
    dimensions: tuple[str, ...]
    columns: Whole

    def values(self, theta: Numbers) -> Numbers:
        """Return the standardised quantities at many parameter vectors: (..., k) gives (..., q)."""
        paths, total, covariance = self._latent(theta)
        sd = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
        scale = sd[..., None, :] / sd[..., :, None]
        kinds = {DIRECT: paths * scale, INDIRECT: total @ paths @ paths * scale}
        at = {name: i for i, name in enumerate(self.matrices.latent)}
        found = [
            kinds[kind][..., at[target], at[source]]
            for source, target, kind in self.rows[["source", "target", "kind"]].itertuples(index=False)
        ]
        return np.stack(found, axis=-1)

    def jacobian(self, theta: Array) -> Array:
        """Return the derivatives at b parameter vectors by complex steps: (b, k) gives (b, q, r)."""
        moved = np.repeat(theta[:, None, :].astype(complex), len(self.columns), axis=1)
        moved[:, np.arange(len(self.columns)), self.columns] += 1j * STEP
        result: Array = (np.imag(self.values(moved)) / STEP).transpose(0, 2, 1)
        return result

    def loadings(self, theta: Array) -> Array:
        """Return the standardised loadings of the dimensions on job quality: (b, k) gives (b, d)."""
        paths, _, covariance = self._latent(theta)
        sd = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
        at = {name: i for i, name in enumerate(self.matrices.latent)}
        j, rows = at[JOB_QUALITY], [at[code] for code in self.dimensions]
        result: Array = paths[..., rows, j] * sd[..., [j]] / sd[..., rows]
        return result

    def _latent(self, theta: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Return B, A = (I - B)^-1 and A Psi A' at many parameter vectors."""
        m, lead = len(self.matrices.latent), theta.shape[:-1]
        B, psi = (np.zeros((*lead, m, m), dtype=theta.dtype) for _ in range(2))
        for matrix, where in ((B, PATH), (psi, PSI)):
            own = np.flatnonzero(self.matrices.where == where)
            values = theta @ self.matrices.design[own].T + self.matrices.fixed[own]
            row, column = self.matrices.row[own], self.matrices.column[own]
            matrix[..., row, column] = values
            if where == PSI:
                matrix[..., column, row] = values
        total = np.linalg.inv(np.eye(m) - B)
        return B, total, total @ psi @ np.swapaxes(total, -1, -2)


def quantities_of(matrices: ModelMatrices, theta: Array, *, outcomes: tuple[str, ...]) -> Quantities:
    """Find the key paths: arrows from job quality or an outcome to an outcome, and what runs through others.

    Parameters
    ----------
    matrices : ModelMatrices
        Of a model with second-order job quality.
    theta : ndarray, shape (k,)
        Free parameters at which every path differs from 0.
    outcomes : tuple of str
        In display order.

    Raises
    ------
    SpecError
        When the model has no second-order job quality.
    """
    names = list(matrices.latent)
    if JOB_QUALITY not in names:
        raise SpecError("Power is planned for the second-order model: this one has no job quality (JQ).")
    paths = matrices.where == PATH
    arrows = {(names[c], names[r]) for r, c in zip(matrices.row[paths], matrices.column[paths], strict=True)}
    known = [code for code in outcomes if code in names]
    sources = [JOB_QUALITY, *known]
    direct = [(s, t, DIRECT) for t in known for s in sources if (s, t) in arrows]
    through = [
        (s, t, INDIRECT)
        for t in known
        for s in sources
        if any(_leads(arrows, s, via) and _leads(arrows, via, t) for via in known)
    ]
    order = {code: i for i, code in enumerate(known)}
    listed: list[tuple[str, str, str]] = sorted(
        direct + through, key=lambda r: (order[r[1]], sources.index(r[0]), r[2])
    )
    rows = pd.DataFrame(listed, columns=["source", "target", "kind"])
    dimensions = tuple(t for t in names if (JOB_QUALITY, t) in arrows and t not in known)
    k = matrices.design.shape[1]
    every = Quantities(matrices=matrices, rows=rows, dimensions=dimensions, columns=np.arange(k))
    # what matters is the same at every parameter vector but for chance zeros
    used = np.abs(every.jacobian(theta[None])[0]).max(axis=0) > 0
    return Quantities(matrices=matrices, rows=rows, dimensions=dimensions, columns=np.flatnonzero(used))


def _leads(arrows: set[tuple[str, str]], source: str, target: str) -> bool:
    """Say whether arrows run from one construct to another."""
    ahead, seen = {source}, set[str]()
    while ahead:
        seen |= ahead
        ahead = {t for s, t in arrows if s in ahead} - seen
    return target in seen - {source}


def top_found(estimates: Array, truth: Array, *, top: int = TOP) -> Array:
    """Say in which samples the highest estimates are truly among the highest.

    Parameters
    ----------
    estimates : ndarray, shape (b, d)
        NaN in a sample without estimates.
    truth : ndarray, shape (d,)
        Where values tie at the border, each of them counts as among the highest.

    Returns
    -------
    ndarray, shape (b,)
        1, 0, or NaN.
    """
    top = min(top, len(truth))
    border = np.sort(truth)[-top] - 1e-9
    chosen = np.argsort(-estimates, axis=1, kind="stable")[:, :top]
    hits = (truth[chosen] >= border).all(axis=1).astype(float)
    return np.where(np.isnan(estimates).any(axis=1), np.nan, hits)
