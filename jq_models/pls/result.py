"""A model estimated by PLS: a frozen record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from jq_models.errors import DataError, FitError, SpecError, suggest
from jq_models.numeric.moments import Array, Moments, Whole
from jq_models.pls.design import Design, Stage
from jq_models.pls.solution import Measured, Search, Solution
from jq_models.pls.status import FATAL, PlsStatus
from jq_models.spec.model import Model


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PlsFit:
    """A model estimated by PLS.

    Attributes
    ----------
    model : Model
    design : Design
        The model as laid out for PLS.
    solution : Solution
        Estimates as arrays, a batch of one.
    table : DataFrame
        lhs, op, rhs, est: every estimate, rows as in ``quantities.quantity_rows``; NaN throughout when the
        fit is not usable. `pls_estimates` is the checked view.
    moments : Moments
        Of the indicators of ``design.first``, in its order; divisor N.
    cases : ndarray, shape (n, p), or None
        The answers; None when only moments were given.
    clusters : ndarray of int, shape (n,), or None
    rows : ndarray of int, shape (n,), or None
        Where each case stands in the table that was given.
    status : PlsStatus
    consistent : bool
        Whether factors are corrected for attenuation (PLSc).
    search : Search
    n_dropped : int
        Cases left out because an answer was missing.
    """

    model: Model
    design: Design
    solution: Solution
    table: pd.DataFrame
    moments: Moments
    cases: Array | None
    clusters: Whole | None
    rows: Whole | None
    status: PlsStatus
    consistent: bool
    search: Search
    n_dropped: int

    def __repr__(self) -> str:
        """Say in one line what was fitted and how it ended; answers are never printed."""
        ended = "; ".join(str(reason) for reason in self.status.reasons) or "converged, admissible"
        kind = "PLSc" if self.consistent else "PLS"
        return f"PlsFit({self.model.name!r}, {kind}, {self.scheme} scheme, n = {self.n}: {ended})"

    @property
    def n(self) -> int:
        """Cases used."""
        return self.moments.n

    @property
    def scheme(self) -> str:
        """Of the inner weights."""
        return self.design.scheme

    @property
    def usable(self) -> bool:
        """Whether the algorithm converged to weights and correlations that exist."""
        return self.status.usable

    @property
    def correlation(self) -> Array:
        """Correlations of the indicators of ``design.first``, (p, p)."""
        return correlation_of(self.moments.covariance)

    def require(self) -> PlsFit:
        """Return the fit itself when its numbers may be used.

        Raises
        ------
        FitError
            With every reason why not.
        """
        if not self.usable:
            reasons = "; ".join(str(r) for r in self.status.reasons if r.code in FATAL)
            raise FitError(
                f"The model '{self.model.name}' has no usable PLS solution: {reasons}. "
                "Simplify the model, take an item named here out, or collect more data."
            )
        return self

    def require_cases(self, purpose: str) -> Array:
        """Return the answers, (n, p).

        Raises
        ------
        DataError
            When the fit has moments only.
        """
        if self.cases is None:
            raise DataError(f"{purpose} needs the answers themselves, not only their moments. Pass the data.")
        return self.cases

    def values(self, op: str) -> pd.DataFrame:
        """Return the rows of one kind: lhs, rhs, est.

        Raises
        ------
        FitError
            When the fit is not usable.
        SpecError
            On an unknown kind.
        """
        self.require()
        kinds = list(dict.fromkeys(self.table["op"]))
        if op not in kinds:
            raise SpecError(f"No rows '{op}' in this fit. {suggest(op, kinds)}")
        return self.table.loc[self.table["op"] == op, ["lhs", "rhs", "est"]].reset_index(drop=True)

    def scores(self) -> pd.DataFrame:
        """Return the constructs' scores of the last stage, (n, m), in standard deviations (divisor N).

        Row k is ``rows[k]`` of the table that was given. Scores hold measurement error, also when the fit is
        consistent: correlate them for pictures, not for results.

        Raises
        ------
        FitError, DataError
        """
        self.require()
        cases = self.require_cases("Scores")
        z = (cases - self.moments.mean) / np.sqrt(np.diag(self.moments.covariance))
        found = _scored(z, self.design.first, self.solution.first)
        stage = self.design.first
        if self.design.second is not None and self.solution.second is not None:
            inside = [stage.constructs.index(x) for x in self.design.second.indicators]
            found = _scored(found[:, inside], self.design.second, self.solution.second)
            found = found / found.std(axis=0)
            stage = self.design.second
        return pd.DataFrame(found, columns=list(stage.constructs))


def _scored(z: Array, stage: Stage, measured: Measured) -> Array:
    """Return z W, (n, m)."""
    result: Array = np.add.reduceat(z * measured.outer.weights[0], stage.starts, axis=1)
    return result


def correlation_of(covariance: Array) -> Array:
    """Return the correlations of one covariance matrix or many, (..., p, p), exactly 1 on the diagonal."""
    deviation = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    with np.errstate(all="ignore"):
        found: Array = covariance / (deviation[..., :, None] * deviation[..., None, :])
    at = np.arange(covariance.shape[-1])
    # an item that does not vary keeps its NaN, so that what rests on it is NaN, too
    found[..., at, at] = np.where(np.isnan(found[..., at, at]), np.nan, 1.0)
    return found
