"""How a fit ended: converged, identified, admissible; never a number without that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from jq_models.numeric.moments import Array, above
from jq_models.numeric.reason import Reason
from jq_models.sem.derivatives import Point
from jq_models.sem.matrices import Filled, ModelMatrices, filled
from jq_models.sem.stationary import FLAT, GRADIENT, RANK, Standing, standing_of

# above it the information is near singular: estimates move much when data move little
UNSTABLE = 1e6
# fewer are few for cluster-robust standard errors (Cameron and Miller 2015, J. Human Resources 50, 317-372)
ENOUGH_CLUSTERS = 30
# rounding allowed before a variance counts as negative or a matrix as not positive definite
ZERO = 1e-8

# the answers could not carry the model: nothing was estimated
NOT_FITTED = (
    "too_few_cases",
    "constant",
    "singular",
    "never_together",
    "empty_category",
    "perfect_polychoric",
    "two_values",
)
REASONS = (
    *NOT_FITTED,
    "not_converged",
    "implied_not_positive_definite",
    "not_identified",
    "more_parameters_than_moments",
    "negative_variance",
    "latent_not_positive_definite",
    "residual_not_positive_definite",
    "loading_above_one",
    "correlation_above_one",
    "unstable",
    "no_standard_errors",
    "few_clusters",
)
# those that make the numbers unusable; the others must be said beside them
FATAL = (*NOT_FITTED, *REASONS[len(NOT_FITTED) : REASONS.index("negative_variance")])


@dataclass(frozen=True, slots=True, kw_only=True)
class FitStatus:
    """How a fit ended.

    Attributes
    ----------
    converged, identified, admissible : bool
    reasons : tuple of Reason
        Everything found, worst first.
    gradient_norm : float
        Largest scaled gradient, see `scaled_gradient`.
    condition : float
        Condition number of the information scaled to ones on its diagonal: LAPACK's estimate in the
        1-norm, exact in the 2-norm where it is large.
    iterations : int
        0, and the numbers above NaN, when nothing was estimated.
    """

    converged: bool
    identified: bool
    admissible: bool
    reasons: tuple[Reason, ...]
    gradient_norm: float
    condition: float
    iterations: int


def proper(groups: Sequence[ModelMatrices], theta: Array, *, states: Sequence[Filled] = ()) -> bool:
    """Say whether a solution is admissible; `states` are the groups filled with it, where at hand."""
    states = states or [filled(g, theta) for g in groups]
    return not any(_improper(g, state) for g, state in zip(groups, states, strict=True))


def judge(
    groups: Sequence[ModelMatrices],
    theta: Array,
    *,
    point: Point,
    moments: int,
    iterations: int,
    standing: Standing | None = None,
    admissible: bool = False,
) -> FitStatus:
    """Judge an optimiser's result.

    Parameters
    ----------
    groups : sequence of ModelMatrices
    theta : ndarray, shape (k,)
    point : Point
        Objective, gradient and expected information at `theta`.
    moments : int
        Number of sample moments that the model explains.
    iterations : int
    standing : Standing, optional
        Of the point, where it is known.
    admissible : bool
        Whether the solution is known to be admissible.
    """
    standing = standing or standing_of(point)
    norm = standing.norm
    if not np.isfinite(point.objective):
        return FitStatus(
            converged=False,
            identified=False,
            admissible=False,
            reasons=(Reason(code="not_converged"), Reason(code="implied_not_positive_definite")),
            gradient_norm=norm,
            condition=float("inf"),
            iterations=iterations,
        )
    names = groups[0].parameters.free_names
    condition, unidentified = _information(names, point.information, standing, moments=moments)
    improper: list[Reason] = []
    if not admissible:
        for g in groups:
            improper += _in_group(_improper(g, filled(g, theta)), g, of=len(groups))
    reasons = [] if norm <= GRADIENT else [Reason(code="not_converged")]
    reasons += [*unidentified, *improper]
    if not unidentified and condition > UNSTABLE:
        reasons.append(Reason(code="unstable"))
    return FitStatus(
        converged=norm <= GRADIENT,
        identified=not unidentified,
        admissible=not improper,
        reasons=tuple(reasons),
        gradient_norm=norm,
        condition=condition,
        iterations=iterations,
    )


def with_errors(status: FitStatus, vcov: Array, names: Sequence[str]) -> FitStatus:
    """Say which parameters of an identified model have no standard error.

    So it is with MLF and hardly more cases than parameters, and where the observed information is not
    positive definite at the estimates.
    """
    if not status.identified:
        return status
    variance = vcov.diagonal()
    fine = np.isfinite(variance) & (variance > 0.0)
    if fine.all():
        return status
    lacking = [names[i] for i in np.flatnonzero(~fine).tolist()]
    reason = Reason(code="no_standard_errors", where=tuple(lacking))
    return replace(status, reasons=(*status.reasons, reason))


def with_clusters(status: FitStatus, clusters: int | None) -> FitStatus:
    """Say when clusters are too few for their standard errors: sums over fewer than `ENOUGH_CLUSTERS`."""
    if clusters is None or clusters >= ENOUGH_CLUSTERS:
        return status
    reason = Reason(code="few_clusters", where=(f"{clusters} < {ENOUGH_CLUSTERS}",))
    return replace(status, reasons=(*status.reasons, reason))


def _in_group(reasons: list[Reason], group: ModelMatrices, *, of: int) -> list[Reason]:
    if of == 1:
        return reasons
    label = group.parameters.groups[0]
    return [replace(r, where=tuple(f"{name} [{label}]" for name in r.where)) for r in reasons]


def _information(
    free_names: Sequence[str], information: Array, standing: Standing, *, moments: int
) -> tuple[float, list[Reason]]:
    """Return the condition number, and the parameters that the data cannot tell apart."""
    k = len(free_names)
    counted = (
        [Reason(code="more_parameters_than_moments", where=(f"{k} > {moments}",))] if k > moments else []
    )
    diagonal = information.diagonal()
    flat = ~(diagonal > FLAT)
    if flat.any():
        names = np.array(free_names)
        return float("inf"), [*counted, Reason(code="not_identified", where=tuple(names[flat].tolist()))]
    scale = 1.0 / np.sqrt(diagonal)
    # the 1-norm of the information in units of its diagonal
    condition = standing.inverse_norm * float((scale * (np.abs(information) @ scale)).max())
    # an estimate, seldom off by more than a factor of three, of a bound on the condition number
    if condition < UNSTABLE / 10:
        return condition, counted
    values, vectors = np.linalg.eigh(information * np.outer(scale, scale))
    if values[0] > RANK * values[-1]:
        return float(values[-1] / values[0]), counted
    names = np.array(free_names)
    weak = np.abs(vectors[:, values <= RANK * values[-1]]).max(axis=1)
    return float("inf"), [
        *counted,
        Reason(code="not_identified", where=tuple(names[weak > 0.1 * weak.max()].tolist())),
    ]


def _improper(matrices: ModelMatrices, state: Filled) -> list[Reason]:
    reasons = []
    below = np.concatenate((state.theta.diagonal(), state.psi.diagonal())) < -ZERO
    if below.any():
        names = (*matrices.observed, *matrices.latent)
        negative = tuple(f"{names[i]} ~~ {names[i]}" for i in np.flatnonzero(below))
        reasons.append(Reason(code="negative_variance", where=negative))
    own = len(matrices.parameters.latent)
    latent = state.latent_covariance[:own, :own]
    if not _positive(latent, semi=False):
        weak = _weakest(latent, matrices.parameters.latent)
        reasons.append(Reason(code="latent_not_positive_definite", where=weak))
    # a negative variance is named above; here only what the others do together
    lifted = len(matrices.latent) > own
    errors = state.theta + matrices.base @ state.psi @ matrices.base.T if lifted else state.theta
    kept = np.flatnonzero(errors.diagonal() >= -ZERO)
    residual = errors if len(kept) == len(errors) else errors[np.ix_(kept, kept)]
    if not _positive(residual, semi=True):
        weak = _weakest(residual, tuple(matrices.observed[i] for i in kept))
        reasons.append(Reason(code="residual_not_positive_definite", where=weak))
    return reasons + _beyond_one(matrices, state)


def _scaled(matrix: Array) -> Array:
    scale = np.sqrt(np.abs(np.diag(matrix)))
    scale[scale < ZERO] = 1.0
    result: Array = matrix / np.outer(scale, scale)
    return result


def _positive(matrix: Array, *, semi: bool) -> bool:
    if not len(matrix):
        return True
    diagonal = matrix.diagonal()
    if semi and np.count_nonzero(matrix) == np.count_nonzero(diagonal) and (diagonal >= 0.0).all():
        # nothing covaries
        return True
    return above(_scaled(matrix), -ZERO if semi else ZERO)


def _weakest(matrix: Array, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the variables that carry the eigenvector of the smallest eigenvalue."""
    weight = np.abs(np.linalg.eigh(_scaled(matrix))[1][:, 0])
    return tuple(name for name, w in zip(names, weight, strict=True) if w > 0.3 * weight.max())


def _beyond_one(matrices: ModelMatrices, state: Filled) -> list[Reason]:
    """Return standardised loadings of a factor's own items and latent correlations above 1."""
    parameters, layout = matrices.parameters, matrices.layout
    variance = np.concatenate((state.implied.diagonal(), state.latent_covariance.diagonal()))
    deviation = np.sqrt(np.maximum(variance, 0.0))
    pure = layout.pure
    value = np.abs(np.concatenate((state.loading, state.path))[layout.effect[pure], layout.column[pure]])
    cause, effect = deviation[layout.left[pure]], deviation[layout.right[pure]]
    high = (value * cause > effect * (1 + ZERO)) & (effect > 0.0)
    loadings = [parameters.rows[i].name for i in pure[high]]
    names = parameters.latent
    latent, scale = state.latent_covariance[: len(names), : len(names)], deviation[len(matrices.observed) :]
    limit = np.multiply.outer(scale[: len(names)], scale[: len(names)])
    beyond = (np.abs(latent) > limit * (1 + ZERO)) & (limit > 0.0)
    correlations = []
    if beyond.any():
        correlations = [f"{names[j]} ~~ {names[i]}" for i, j in np.argwhere(np.tril(beyond, -1))]
    found = (("loading_above_one", loadings), ("correlation_above_one", correlations))
    return [Reason(code=code, where=tuple(where)) for code, where in found if where]
