"""Model and data in, a frozen fit out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from jq_models.errors import DataError, FitError, SpecError, suggest
from jq_models.sem.derivatives import Point, evaluate_at
from jq_models.sem.matrices import ModelMatrices, implied_at, model_matrices, row_values
from jq_models.sem.moments import Array, Moments, check_moments, moments_of, read_only
from jq_models.sem.semopy_engine import Attempt, SemopyFit
from jq_models.sem.start import start_values
from jq_models.sem.status import FATAL, GRADIENT, FitStatus, judge, scaled_gradient
from jq_models.sem.table import Parameters, parameter_table
from jq_models.spec.model import Model

ESTIMATORS = ("ML",)
ENGINES = ("semopy",)
# semopy is restarted from its own end until its scaled gradient is this small or stops falling
AIM = 1e-7
RESTARTS = 3


class Answers(Protocol):
    """What a fit needs of ``data.Responses``: one column per item, NaN where missing."""

    @property
    def items(self) -> pd.DataFrame: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SemFit:
    """A fitted model.

    Attributes
    ----------
    model : Model
    table : DataFrame
        lhs, op, rhs, free (0 = fixed; equal numbers are equal parameters), est, se (0 when fixed),
        label. Rows in the order of the parameter table: loadings, paths, (co)variances. Raw material:
        `parameter_estimates` is the checked view.
    theta : ndarray, shape (k,)
        Free parameters.
    vcov : ndarray, shape (k, k)
        Their covariance matrix: inverse expected information / N; NaN when not identified.
    moments : Moments
        Of the model's observed variables, divisor N.
    implied : ndarray, shape (p, p)
        Sigma at `theta`.
    objective : float
        F_ML; chi-square is N times it.
    n, n_dropped : int
        Cases used, and cases left out because an answer was missing (listwise).
    status : FitStatus
    estimator, engine : str
    matrices : ModelMatrices
        For functions of the parameters, with ``implied_at`` and ``filled``.
    """

    model: Model
    table: pd.DataFrame
    theta: Array
    vcov: Array
    moments: Moments
    implied: Array
    objective: float
    n: int
    n_dropped: int
    status: FitStatus
    estimator: str
    engine: str
    matrices: ModelMatrices

    @property
    def usable(self) -> bool:
        """Converged, identified, and the implied covariance matrix positive definite."""
        return not any(reason.code in FATAL for reason in self.status.reasons)

    @property
    def parameters(self) -> Parameters:
        """The parameter table the fit was made from."""
        return self.matrices.parameters

    @property
    def df(self) -> int:
        """Degrees of freedom; the moments of observed covariates among themselves do not count."""
        p, q = len(self.parameters.observed), len(self.parameters.covariates)
        return p * (p + 1) // 2 - q * (q + 1) // 2 - len(self.theta)

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


def fit_sem(
    model: Model | str,
    data: Answers | pd.DataFrame | Moments,
    *,
    estimator: str = "ML",
    engine: str = "semopy",
) -> SemFit:
    """Fit a structural equation model.

    Parameters
    ----------
    model : Model or str
        A model of the package, or a text in lavaan's language.
    data : Responses, DataFrame or Moments
        Of answers, the cases complete on the model's variables are used (listwise).
    estimator : {"ML"}
        Maximum likelihood under normality, divisor N (lavaan's likelihood = "normal").
    engine : {"semopy"}
        Who optimises; every statistic is computed here.

    Returns
    -------
    SemFit
        Always, also when the optimiser failed: ``status`` says so and ``require()`` raises.

    Raises
    ------
    SyntaxProblem, SpecError
        When the model cannot be read.
    DataError
        When the data cannot carry it: constant or dependent columns, too few cases, absent variables.
    """
    _known("estimator", estimator, ESTIMATORS)
    _known("engine", engine, ENGINES)
    spec = as_model(model)
    parameters = parameter_table(spec.text)
    if not parameters.n_free:
        raise SpecError(f"The model '{spec.name}' has no free parameter. Free at least one.")
    moments, dropped = _moments(data, parameters.observed)
    with threadpool_limits(limits=1):
        matrices = model_matrices(parameters, moments)
        attempt, point = _by_semopy(matrices, moments)
        status = judge(matrices, attempt.theta, point=point, iterations=attempt.iterations)
        vcov = _vcov(point, status, n=moments.n)
        implied = implied_at(matrices, attempt.theta)
    return SemFit(
        model=spec,
        table=_table(matrices, attempt.theta, vcov=vcov),
        theta=read_only(attempt.theta),
        vcov=read_only(vcov),
        moments=moments,
        implied=read_only(implied),
        objective=point.objective,
        n=moments.n,
        n_dropped=dropped,
        status=status,
        estimator=estimator,
        engine=engine,
        matrices=matrices,
    )


def _known(what: str, found: str, allowed: tuple[str, ...]) -> None:
    if found not in allowed:
        raise SpecError(f"No {what} '{found}'. {suggest(found, allowed)}")


def as_model(model: Model | str) -> Model:
    """Return a model of the package as it is, a text as the user's own model."""
    return model if isinstance(model, Model) else _own_model(model)


def _own_model(text: str) -> Model:
    latent = parameter_table(text).latent
    loadings = [(r.lhs, r.rhs) for r in parameter_table(text).rows if r.op == "=~"]
    higher = tuple(f for f in latent if any(a == f and b in latent for a, b in loadings))
    factors = tuple(f for f in latent if f not in higher)
    single = tuple(f for f in factors if sum(a == f for a, _ in loadings) == 1)
    return Model(name="own", text=text, factors=factors, higher=higher, single_items=single)


def _moments(data: Answers | pd.DataFrame | Moments, names: tuple[str, ...]) -> tuple[Moments, int]:
    if isinstance(data, Moments):
        chosen = data.of(names)
        check_moments(chosen)
        return chosen, 0
    frame = data if isinstance(data, pd.DataFrame) else data.items
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise DataError(
            f"The data have no column {', '.join(absent)}. Add it, map it in the study file, "
            "or take it out of the model."
        )
    complete = frame[list(names)].dropna()
    return moments_of(complete), len(frame) - len(complete)


def _by_semopy(matrices: ModelMatrices, moments: Moments) -> tuple[Attempt, Point]:
    """Let semopy optimise: from our start, again from its own end, and from its own start if need be."""
    engine = SemopyFit(matrices, moments)
    start = start_values(matrices, moments)

    def reached(run: Callable[[], Attempt]) -> tuple[Attempt, Point]:
        attempt = run()
        return attempt, evaluate_at(matrices, attempt.theta, covariance=moments.covariance)

    def improved(best: tuple[Attempt, Point]) -> tuple[Attempt, Point]:
        for _ in range(RESTARTS):
            if scaled_gradient(best[1]) <= AIM:
                break
            again = reached(partial(engine.from_start, best[0].theta))
            before, after = scaled_gradient(best[1]), scaled_gradient(again[1])
            if not after < before:
                break
            best = replace(again[0], iterations=again[0].iterations + best[0].iterations), again[1]
            if after > GRADIENT and after > before / 10:
                break
        return best

    best = improved(reached(partial(engine.from_start, start)))
    if scaled_gradient(best[1]) > GRADIENT:
        other = improved(reached(engine.from_default))
        best = min(best, other, key=lambda found: scaled_gradient(found[1]))
    return best


def _vcov(point: Point, status: FitStatus, *, n: int) -> Array:
    k = len(point.gradient)
    if not status.identified:
        return np.full((k, k), np.nan)
    scale = 1.0 / np.sqrt(np.diag(point.information))
    inverse = np.linalg.inv(point.information * np.outer(scale, scale)) * np.outer(scale, scale)
    result: Array = (inverse + inverse.T) / (2.0 * n)
    return result


def _table(matrices: ModelMatrices, theta: Array, *, vcov: Array) -> pd.DataFrame:
    rows = matrices.parameters.rows
    deviation = np.sqrt(np.diag(vcov))
    return pd.DataFrame(
        {
            "lhs": [r.lhs for r in rows],
            "op": [r.op for r in rows],
            "rhs": [r.rhs for r in rows],
            "free": [r.free for r in rows],
            "est": row_values(matrices, theta),
            "se": [deviation[r.free - 1] if r.free else 0.0 for r in rows],
            "label": [r.label for r in rows],
        }
    )
