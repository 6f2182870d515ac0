"""semopy as engine: the one file that imports it.

The model is written with every parameter and every fixed value spelt out, so that none of semopy's own
defaults (markers, covariances of "outputs", bounds on variances) can add, drop or hold anything. Its
optimiser depends on the scale of the variables (in thousandths it fails at once): it is given variables
of unit variance where the model allows, and the estimates are scaled back. The estimates are semopy's,
every statistic is ours.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd
import semopy
from threadpoolctl import threadpool_limits

from jq_models.sem.matrices import ModelMatrices
from jq_models.sem.moments import Array, Moments
from jq_models.sem.scaling import fitting_scale
from jq_models.sem.table import Parameter

TIGHT = {"ftol": 1e-12, "maxiter": 500}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One optimisation: where it ended (NaN when semopy lost its way), after how many iterations."""

    theta: Array
    iterations: int


class SemopyFit:
    """A model in semopy, ready to be optimised from several starts.

    Parameters
    ----------
    matrices : ModelMatrices
    moments : Moments
        Of the model's observed variables.
    """

    def __init__(self, matrices: ModelMatrices, moments: Moments) -> None:
        self._matrices = matrices
        # codes that semopy reads as plain names, sorted by it in our order
        self._observed = {name: f"y{i:04d}" for i, name in enumerate(matrices.observed)}
        self._latent = {name: f"f{i:04d}" for i, name in enumerate(matrices.latent)}
        names = [self._observed[name] for name in moments.names]
        scaling = fitting_scale(matrices, moments)
        self._row_scale, self._theta_scale = scaling.rows, scaling.theta
        covariance = moments.covariance / np.outer(scaling.observed, scaling.observed)
        self._covariance = pd.DataFrame(covariance, index=names, columns=names)
        self._n = moments.n

    def from_start(self, start: Array) -> Attempt:
        """Optimise from our own starting values, shape (k,)."""
        with _quietly(), threadpool_limits(limits=1):
            model = self._model()
            scaled = start / self._theta_scale
            for name in _active(model):
                model.parameters[name].start = float(scaled[int(name[1:])])
            model.load(cov=self._covariance, n_samples=self._n)
            return self._optimised(model)

    def from_default(self) -> Attempt:
        """Optimise from semopy's own starting values, which it takes from data with the same moments."""
        with _quietly(), threadpool_limits(limits=1):
            model = self._model()
            model.load(data=self._same_moments())
            return self._optimised(model)

    def _same_moments(self) -> pd.DataFrame:
        root = np.linalg.cholesky(self._covariance.to_numpy()) * np.sqrt(len(self._covariance))
        return pd.DataFrame(np.vstack([root.T, -root.T]), columns=self._covariance.columns)

    def _model(self) -> semopy.Model:
        model = semopy.Model(self.text(), cov_diag=True)
        for parameter in model.parameters.values():
            parameter.bound = (None, None)
        # semopy looks for the marker in a loop that does not end when no loading is fixed
        model.first_manifs = self._first_indicators()
        return model

    def _first_indicators(self) -> dict[str, str]:
        first = {self._latent[name]: self._observed[name] for name in self._latent if name in self._observed}
        for r in self._matrices.parameters.rows:
            if r.op == "=~":
                first.setdefault(self._latent[r.lhs], self._latent.get(r.rhs) or self._observed[r.rhs])
        return first

    def _optimised(self, model: semopy.Model) -> Attempt:
        result = model.fit(options=dict(TIGHT), n_samples=self._n)
        theta = np.full(self._matrices.design.shape[1], np.nan)
        for name, value in zip(_active(model), result.x, strict=True):
            theta[int(name[1:])] = value
        return Attempt(theta=theta * self._theta_scale, iterations=int(result.n_it))

    def text(self) -> str:
        """Return the model in semopy's language; variables and parameters carry codes."""
        rows = self._matrices.parameters.rows
        fixed = self._matrices.fixed / self._row_scale
        lifted = [name for name in self._matrices.latent if name in self._matrices.observed]
        lines = [f"{self._latent[name]} =~ 1*{self._observed[name]}" for name in lifted]
        lines += [f"{self._observed[name]} ~~ 0*{self._observed[name]}" for name in lifted]
        lines += [self._line(r, value) for r, value in zip(rows, fixed, strict=True)]
        return "\n".join(lines)

    def _line(self, r: Parameter, value: float) -> str:
        modifier = f"t{r.free - 1}" if r.free else np.format_float_positional(value)
        inner = r.lhs in self._latent and r.rhs in self._latent
        left = self._latent[r.lhs] if inner or r.op == "=~" else self._observed[r.lhs]
        right = self._latent[r.rhs] if inner else self._observed[r.rhs]
        return f"{left} {r.op} {modifier}*{right}"


def _active(model: semopy.Model) -> list[str]:
    return [name for name, parameter in model.parameters.items() if parameter.active]


@contextmanager
def _quietly() -> Iterator[None]:
    """Silence what semopy logs and numpy says of trial points outside the parameter space."""
    logger = logging.getLogger()
    before = logger.disabled
    logger.disabled = True
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        logger.disabled = before
