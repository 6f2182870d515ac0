"""A fitted model: a frozen record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from jq_models.errors import FitError
from jq_models.numeric.moments import Array, Moments, read_only
from jq_models.sem.matrices import Filled, ModelMatrices, filled, row_values
from jq_models.sem.missing.likelihood import MissingNormal
from jq_models.sem.normal import NormalTheory, normal_log_likelihood
from jq_models.sem.optimise import Discrepancy
from jq_models.sem.robust.scaled_test import TestStatistic
from jq_models.sem.sample import Sample
from jq_models.sem.status import FATAL, FitStatus
from jq_models.sem.table import Parameters
from jq_models.spec.model import Model


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SemFit:
    """A fitted model.

    Attributes
    ----------
    model : Model
    table : DataFrame
        lhs, op, rhs, group (from 1; 0 for a defined parameter), free (0 = fixed; equal numbers are equal
        parameters), est, se (0 when fixed), label. Rows in the order of the parameter table: loadings,
        paths, (co)variances, intercepts, group after group, then defined parameters. Raw material:
        `parameter_estimates` is the checked view.
    theta : ndarray, shape (k,)
        Free parameters.
    vcov : ndarray, shape (k, k)
        Their covariance matrix, by the estimator's kind of standard errors; NaN when not identified.
    information : ndarray, shape (k, k)
        Expected information of one case.
    sample : Sample
        What was fitted, group by group.
    groups : tuple of ModelMatrices
        For functions of the parameters, with ``implied_at`` and ``filled``; one for each group.
    discrepancy : Discrepancy
        The function that was minimised.
    objective : float
        Its value F; the chi-square of ML is N F.
    test, baseline : TestStatistic
        Of the model, and of the independence model.
    status : FitStatus
    estimator, engine, missing : str
    information_kind : {"expected", "observed"}
        Behind the standard errors.
    """

    model: Model
    table: pd.DataFrame
    theta: Array
    vcov: Array
    information: Array
    sample: Sample
    groups: tuple[ModelMatrices, ...]
    discrepancy: Discrepancy
    objective: float
    test: TestStatistic
    baseline: TestStatistic
    status: FitStatus
    estimator: str
    engine: str
    missing: str
    information_kind: str

    def __repr__(self) -> str:
        """Say in one line what was fitted and how it ended; answers are never printed."""
        ended = "; ".join(str(reason) for reason in self.status.reasons) or "converged, admissible"
        return f"SemFit({self.model.name!r}, {self.estimator}, n = {self.n}: {ended})"

    @property
    def n(self) -> int:
        """Cases used."""
        return self.sample.n

    @property
    def n_dropped(self) -> int:
        """Cases left out because an answer was missing."""
        return self.sample.n_dropped

    @property
    def incomplete(self) -> bool:
        """Whether answers were missing and taken into account (full-information maximum likelihood)."""
        return isinstance(self.discrepancy, MissingNormal)

    @property
    def usable(self) -> bool:
        """Converged, identified, and the implied covariance matrix positive definite."""
        return not any(reason.code in FATAL for reason in self.status.reasons)

    @property
    def parameters(self) -> Parameters:
        """The parameter table of the first group; roles of variables are the same in all."""
        return self.groups[0].parameters

    @property
    def matrices(self) -> ModelMatrices:
        """The matrices of a model with one group.

        Raises
        ------
        FitError
            With several groups.
        """
        return self.groups[self._only()]

    @property
    def moments(self) -> Moments:
        """The sample moments of a model with one group."""
        return self.sample.groups[self._only()].moments

    @property
    def implied(self) -> Array:
        """Sigma (p, p) of a model with one group."""
        return read_only(self.states[self._only()].implied)

    @property
    def states(self) -> tuple[Filled, ...]:
        """The matrices filled with the estimates, for each group."""
        return tuple(filled(g, self.theta) for g in self.groups)

    @property
    def log_likelihood_saturated(self) -> float:
        """The log-likelihood of the saturated model, given the observed covariates; NaN for least squares."""
        if isinstance(self.discrepancy, MissingNormal):
            total = self.discrepancy.saturated
        elif isinstance(self.discrepancy, NormalTheory):
            total = sum(
                normal_log_likelihood(g.moments.covariance, g.moments.covariance, n=g.size)
                for g in self.sample.groups
            )
        else:
            return float("nan")
        for group in self.sample.groups:
            x = [group.moments.names.index(name) for name in self.parameters.covariates]
            S = group.moments.covariance[np.ix_(x, x)]
            total -= normal_log_likelihood(S, S, n=group.size)
        return float(total)

    @property
    def df(self) -> int:
        """Degrees of freedom."""
        return self.test.df

    def _only(self) -> int:
        if len(self.groups) > 1:
            labels = ", ".join(g.label for g in self.sample.groups)
            raise FitError(f"This fit has several groups ({labels}). Use its `groups`, one at a time.")
        return 0

    def require(self) -> SemFit:
        """Return the fit itself when its numbers may be used.

        Raises
        ------
        FitError
            With every reason why not.
        """
        if not self.usable:
            reasons = "; ".join(str(r) for r in self.status.reasons if r.code in FATAL)
            raise FitError(
                f"The model '{self.model.name}' has no usable solution: {reasons}. "
                "Simplify the model, fix a parameter named here, or collect more data."
            )
        return self

    def to_semopy(self) -> Any:
        """Return this fit as a fitted ``semopy.Model``, for its `inspect`, `predict_factors` or `semplot`.

        The estimates are those of this fit, under the variables' own names; the free parameter number 7 of
        ``table`` is ``model.parameters["p7"]``. What semopy computes from them (standard errors: ML, expected
        information) is semopy's. Defined parameters (``:=``) and labels stay behind.

        Raises
        ------
        FitError
            When the fit is not usable.
        SpecError
            On what semopy's model cannot hold: groups, a mean structure, missing answers, ordered items,
            other estimators, parameters that are combinations of others.
        """
        # imported here: semopy brings sympy and scikit-learn, a second that nothing else needs
        from jq_models.sem.semopy_engine import semopy_model

        return semopy_model(self)


def estimate_table(
    parameters: Parameters, groups: Sequence[ModelMatrices], theta: Array, *, vcov: Array
) -> pd.DataFrame:
    """Write the table of estimates, without the defined parameters."""
    variance = np.concatenate([_row_variances(g, vcov) for g in groups])
    columns: dict[str, Any] = dict(_words(parameters))
    label = columns.pop("label")
    columns["est"] = np.concatenate([row_values(g, theta) for g in groups])
    columns["se"] = np.sqrt(np.maximum(variance, 0.0))
    return pd.DataFrame(columns | {"label": label})


@lru_cache(maxsize=128)
def _words(parameters: Parameters) -> dict[str, Any]:
    """Return the columns that follow from the parameter table; frames are made of copies of them."""
    rows = parameters.rows
    found: dict[str, Any] = {}
    for name in ("lhs", "op", "rhs", "group", "free", "label"):
        values = [getattr(r, name) for r in rows]
        found[name] = np.array(values) if name in ("group", "free") else pd.Series(values).array
    return found


def _row_variances(matrices: ModelMatrices, vcov: Array) -> Array:
    """Return diag(design vcov design'), shape (rows,); looked up where a row depends on one parameter."""
    design, single = matrices.design, matrices.single
    if single is not None:
        return np.asarray(np.append(vcov.diagonal(), 0.0)[single])
    nonzero = design != 0.0
    times = nonzero.sum(axis=1)
    first = nonzero.argmax(axis=1)
    at = np.arange(len(design))
    variance = np.where(times == 0, 0.0, design[at, first] ** 2 * np.diag(vcov)[first])
    several = design[times > 1]
    variance[times > 1] = np.einsum("rk,rk->r", several @ vcov, several)
    return variance
