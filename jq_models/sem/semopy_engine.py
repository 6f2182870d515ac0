"""semopy as engine: the one file that imports it.

The model is written with every parameter and every fixed value spelt out, so that none of semopy's own
defaults (markers, covariances of "outputs", bounds on variances) can add, drop or hold anything. Its
optimiser depends on the scale of the variables (in thousandths it fails at once): it is given variables
of unit variance where the model allows, and the estimates are scaled back. The estimates are semopy's,
every statistic is ours. `semopy_model` goes the other way: a fit of ours as a fitted model of semopy's.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from jq_models.errors import SpecError
from jq_models.numeric.moments import Array, Moments
from jq_models.numeric.threads import one_thread
from jq_models.sem.matrices import ModelMatrices
from jq_models.sem.normal import NormalTheory
from jq_models.sem.optimise import Discrepancy, Optimum
from jq_models.sem.sample import Sample
from jq_models.sem.scaling import fitting_scale
from jq_models.sem.stationary import GRADIENT, scaled_gradient
from jq_models.sem.table import Parameter

# what semopy brings along draws from Python's global generator while it loads; it is loaded when first asked
# for, in the middle of somebody's work, whose random numbers must not change
_state = random.getstate()
import semopy  # noqa: E402 - between the two lines that keep the generator as it was
from semopy.solver import SolverResult  # noqa: E402 - as above

random.setstate(_state)

if TYPE_CHECKING:
    from jq_models.sem.result import SemFit

# it is restarted from its own end until its scaled gradient is this small or stops falling
AIM = 1e-7
RESTARTS = 3
TIGHT = {"ftol": 1e-12, "maxiter": 500}
# how far semopy's implied covariances, as correlations, may lie from ours when a fit is handed back
SAME = 1e-8


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
        with _quietly(), one_thread():
            model = self._model()
            scaled = start / self._theta_scale
            for name in _active(model):
                model.parameters[name].start = float(scaled[int(name[1:])])
            model.load(cov=self._covariance, n_samples=self._n)
            return self._optimised(model)

    def from_default(self) -> Attempt:
        """Optimise from semopy's own starting values, which it takes from data with the same moments."""
        with _quietly(), one_thread():
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


def by_semopy(
    groups: Sequence[ModelMatrices], sample: Sample, discrepancy: Discrepancy, *, start: Array
) -> Optimum:
    """Let semopy optimise: from our start, again from its own end, and from its own start if need be.

    Raises
    ------
    SpecError
        On what semopy does not do rightly: several groups, a mean structure, other estimators.
    """
    if len(groups) > 1 or not isinstance(discrepancy, NormalTheory) or discrepancy.means:
        raise SpecError(
            "The engine 'semopy' fits one group by ML on complete data, without a mean structure. "
            "Use the engine 'jq'."
        )
    engine = SemopyFit(groups[0], sample.groups[0].moments)
    best = _improved(engine, discrepancy, _reached(discrepancy, engine.from_start(start)))
    if scaled_gradient(best.point) > GRADIENT:
        other = _improved(engine, discrepancy, _reached(discrepancy, engine.from_default()))
        best = min(best, other, key=lambda found: scaled_gradient(found.point))
    return best


def _reached(discrepancy: Discrepancy, attempt: Attempt) -> Optimum:
    return Optimum(theta=attempt.theta, point=discrepancy.point(attempt.theta), iterations=attempt.iterations)


def _improved(engine: SemopyFit, discrepancy: Discrepancy, best: Optimum) -> Optimum:
    for _ in range(RESTARTS):
        if scaled_gradient(best.point) <= AIM:
            break
        again = _reached(discrepancy, engine.from_start(best.theta))
        before, after = scaled_gradient(best.point), scaled_gradient(again.point)
        if not after < before:
            break
        best = replace(again, iterations=again.iterations + best.iterations)
        if after > GRADIENT and after > before / 10:
            break
    return best


def semopy_model(fit: SemFit) -> semopy.Model:
    """Return a fit as a fitted model of semopy's: see `SemFit.to_semopy`."""
    _refuse_what_semopy_lacks(fit)
    group = fit.sample.groups[0]
    names = list(group.moments.names)
    covariance = pd.DataFrame(group.moments.covariance, index=names, columns=names)
    cases = None if group.cases is None else pd.DataFrame(group.cases, columns=names)
    with _quietly(), one_thread():
        model = semopy.Model(_text_of(fit.matrices), cov_diag=True)
        for name in _active(model):
            # an optimum with a negative variance is outside semopy's bounds
            model.parameters[name].bound = (None, None)
            model.parameters[name].start = float(fit.theta[int(name[1:]) - 1])
        model.load(data=cases, cov=covariance, n_samples=group.n)
        # without this attribute a later model.fit(clean_slate=True) fails: it says whose start to forget
        model.params_to_start = []
        model.update_matrices(model.param_vals)
        implied = pd.DataFrame(
            model.calc_sigma()[0], index=model.vars["observed"], columns=model.vars["observed"]
        )
        objective = float(model.obj_mlw(model.param_vals))
    deviation = np.sqrt(np.diag(fit.implied))
    off = (implied.loc[names, names].to_numpy() - fit.implied) / np.outer(deviation, deviation)
    if not np.abs(off).max() <= SAME:
        raise SpecError(
            f"semopy cannot hold the model '{fit.model.name}': a residual covariance between an indicator "
            "and a variable that predicts others means something else there. Stay with this fit."
        )
    model.last_result = SolverResult(
        fun=objective,
        success=fit.status.converged,
        n_it=fit.status.iterations,
        x=model.param_vals,
        message="estimated by jq_models",
        name_method=f"jq_models, engine {fit.engine}",
        name_obj="MLW",
    )
    return model


def _refuse_what_semopy_lacks(fit: SemFit) -> None:
    fit.require()
    design = fit.groups[0].design
    found = {
        "several groups": len(fit.groups) > 1,
        "an estimator other than maximum likelihood on complete answers": not isinstance(
            fit.discrepancy, NormalTheory
        ),
        "a mean structure": fit.parameters.meanstructure,
        "parameters that are combinations of others (==)": bool(
            (np.count_nonzero(design, axis=1) > 1).any() or not np.isin(design, (0.0, 1.0)).all()
        ),
    }
    lacking = [what for what, there in found.items() if there]
    if lacking:
        raise SpecError(
            f"semopy cannot hold the model '{fit.model.name}': it has {', '.join(lacking)}. "
            "semopy's own model is one group by ML on complete answers, without means. Stay with this fit."
        )


def _text_of(matrices: ModelMatrices) -> str:
    """Write the model in semopy's language with the variables' own names; free parameters are p1, p2, ..."""
    lines = []
    for r, fixed in zip(matrices.parameters.rows, matrices.fixed, strict=True):
        modifier = f"p{r.free}" if r.free else np.format_float_positional(fixed)
        lines.append(f"{r.lhs} {r.op} {modifier}*{r.rhs}")
    return "\n".join(lines)


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
