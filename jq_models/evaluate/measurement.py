"""The measurement part of a fit, one factor at a time: what reliability and validity are computed from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.sem import SemFit, latent_covariance

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredFactor:
    """A factor and its k items.

    Attributes
    ----------
    loadings : array (k,)
        Unstandardised.
    residuals : array (k, k)
        Residual covariances of the items.
    variance : float
        The factor's total implied variance.
    observed : array (k, k)
        The items' covariances in the analysed cases.
    implied : array (k,)
        The items' implied variances.
    """

    name: str
    items: tuple[str, ...]
    loadings: Vector
    residuals: Matrix
    variance: float
    observed: Matrix
    implied: Vector

    def standardised(self) -> tuple[Vector, Matrix]:
        """Return loadings and residual covariances with factor and items scaled to variance 1."""
        sd = np.sqrt(self.implied)
        if self.variance <= 0:  # an inadmissible fit: nothing to standardise by
            return np.full_like(self.loadings, np.nan), np.full_like(self.residuals, np.nan)
        return self.loadings * np.sqrt(self.variance) / sd, self.residuals / np.outer(sd, sd)


def measured_factors(fit: SemFit) -> tuple[MeasuredFactor, ...]:
    """Return the factors measured by observed items, in model order (higher-order factors left out)."""
    names = list(fit.moments.names)
    loadings = fit.table[(fit.table["op"] == "=~") & fit.table["rhs"].isin(names)]
    present = list(dict.fromkeys(loadings["lhs"]))
    order = [name for name in fit.model.factors if name in present]
    variance = pd.Series(np.diag(latent := latent_covariance(fit)), index=latent.index)
    return tuple(
        _factor(fit, loadings[loadings["lhs"] == name], variance=float(variance[name]))
        for name in order + [name for name in present if name not in order]
    )


def _factor(fit: SemFit, rows: pd.DataFrame, *, variance: float) -> MeasuredFactor:
    names, items = list(fit.moments.names), tuple(rows["rhs"])
    place = np.array([names.index(item) for item in items])
    return MeasuredFactor(
        name=str(rows["lhs"].iloc[0]),
        items=items,
        loadings=rows["est"].to_numpy(dtype=float),
        residuals=_residuals(fit.table, items),
        variance=variance,
        observed=fit.moments.covariance[np.ix_(place, place)],
        implied=np.diag(fit.implied)[place],
    )


def _residuals(table: pd.DataFrame, items: tuple[str, ...]) -> Matrix:
    among = table[(table["op"] == "~~") & table["lhs"].isin(items) & table["rhs"].isin(items)]
    residuals = np.zeros((len(items), len(items)))
    for lhs, rhs, est in zip(among["lhs"], among["rhs"], among["est"], strict=True):
        i, j = items.index(lhs), items.index(rhs)
        residuals[i, j] = residuals[j, i] = est
    return residuals
