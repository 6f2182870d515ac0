"""What a model leaves unexplained of each covariance and mean, with standardised z values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from jq_models.errors import FitError
from jq_models.evaluate.residual_rows import ResidualRows, least_squares_rows
from jq_models.numeric.moments import Array, Whole
from jq_models.numeric.threads import one_thread
from jq_models.sem import SemFit
from jq_models.sem.derivatives import derivative_columns, expected_rows, mean_factor, places_of
from jq_models.sem.estimators import find_estimator
from jq_models.sem.least_squares.discrepancy import LeastSquares
from jq_models.sem.missing.likelihood import MissingNormal
from jq_models.sem.missing.patterns import MissingData, missing_data, patterns_of
from jq_models.sem.missing.saturated_information import saturated_information, saturated_scores
from jq_models.sem.normal import NormalTheory, fold_of, inverse_and_log_det, sandwich
from jq_models.sem.robust.sandwich import first_order_information, moment_jacobian


def residual_correlations(fit: SemFit) -> pd.DataFrame:
    """Compare the observed moments with the implied ones.

    z = residual / se with the variance of the residuals projected by the model (Maydeu-Olivares, 2017,
    Structural Equation Modeling 24, 1-18), Q Acov Q' with Q = I - D (D'A D)^-1 D'A: asymptotically standard
    normal in a true model. With robust standard errors Acov is the robust one. By least squares A is W, and
    Acov that of the distribution-free or polychoric statistics (W^-1 after GLS), as in lavaan; after DWLS
    and WLSMV of continuous items, where lavaan 0.6-14 has no z, too.

    Parameters
    ----------
    fit : SemFit
        With FIML "observed" are the saturated estimates; of ordered items, polychoric correlations.

    Returns
    -------
    DataFrame
        group lhs op rhs; observed, implied, residual: the moments themselves; observed_cor, implied_cor,
        residual_cor, se: divided by the observed standard deviations (Bentler, 1995, EQS manual; lavaan's
        "cor.bentler"); z. Rows: the lower triangle with the diagonal (op "~~"), then, with a mean structure,
        the means ("~1"), and the thresholds of ordered items ("|"). se is 0 and z NaN where the model
        reproduces a moment whatever the data, as it does a variance with a residual of its own, and for what
        has no sampling error: the moments of observed covariates, the variances of ordered items.

    Raises
    ------
    FitError
        When the fit is not usable, or by ULS, which knows no sampling error (ULSMV does).
    """
    fit.require()
    with one_thread():
        least_squares = isinstance(fit.discrepancy, LeastSquares)
        rows = least_squares_rows(fit) if least_squares else _normal_rows(fit)
    return pd.concat([own.table(g + 1) for g, own in enumerate(rows)], ignore_index=True)


def _normal_rows(fit: SemFit) -> list[ResidualRows]:
    discrepancy = fit.discrepancy
    means = discrepancy.means if isinstance(discrepancy, NormalTheory) else True
    kind = find_estimator(fit.estimator)
    observed_kind = fit.information_kind == "observed"
    # observed covariates are given: their moments have no sampling error, which the short route has no way
    # to say
    if kind.se == "standard" and not observed_kind and not fit.parameters.covariates:
        variances = _normal_variances(fit, means=means)
    else:
        information = "observed" if observed_kind else "expected"
        variances = _variances(fit, means=means, information=information, robust=kind.se != "standard")
    return [_rows(fit, g, variance=own, means=means) for g, own in enumerate(variances)]


def _rows(fit: SemFit, g: int, *, variance: tuple[Array, Array], means: bool) -> ResidualRows:
    moments, state = fit.sample.groups[g].moments, fit.states[g]
    names, S = moments.names, moments.covariance
    j, i = np.triu_indices(len(S))
    sd = np.sqrt(np.diag(S))
    keys = [(names[b], "~~", names[a]) for a, b in zip(i, j, strict=True)]
    unit, observed, implied = sd[i] * sd[j], S[i, j], state.implied[i, j]
    var, own = variance[0][len(S) :], variance[1][len(S) :]
    if means:
        keys += [(name, "~1", "") for name in names]
        observed = np.concatenate([observed, moments.mean])
        implied = np.concatenate([implied, state.mean])
        unit = np.concatenate([unit, sd])
        var = np.concatenate([var, variance[0][: len(S)]])
        own = np.concatenate([own, variance[1][: len(S)]])
    return ResidualRows(keys=keys, observed=observed, implied=implied, unit=unit, variance=var, own=own)


def _normal_variances(fit: SemFit, *, means: bool) -> list[tuple[Array, Array]]:
    """Return the variances of residuals and moments under normality, both (p + p*,), for each group.

    With Gamma the moments' covariance of one case under S and A normal theory's weight under Sigma,
    Gamma A d is the derivative carried by S Sigma^-1 W in the place of W, and d' A Gamma A d are the gathers
    of the expected information with H = W' Sigma^-1 S Sigma^-1 W: nothing of side p* is ever multiplied.
    """
    inverse = np.linalg.inv(fit.information)
    found = []
    for matrices, state, group in zip(fit.groups, fit.states, fit.sample.groups, strict=True):
        places = places_of(matrices)
        fold, S = fold_of(matrices, places), group.moments.covariance
        W, V = derivative_columns(state), _inverse(state.implied)
        s = mean_factor(state, places) if means else np.zeros(len(places.rows))
        carried = S @ (V @ W)
        delta = fold.gradient(_moments_by(W, places.u, places.v, c=places.c, s=s))
        other = fold.gradient(_moments_by(carried, places.u, places.v, c=places.c, s=s))
        middle = fold.information(expected_rows(places, sandwich(V @ S @ V, W), s=s))
        gamma = _normal_gamma(S)
        share = group.size / sum(g.size for g in fit.sample.groups)
        own = share * inverse[np.ix_(fold.columns, fold.columns)]
        lever = delta @ own
        left = gamma - 2.0 * np.einsum("mk,mk->m", lever, other)
        left += np.einsum("mk,mk->m", lever @ middle, lever)
        found.append((left / group.size, gamma / group.size))
    return found


def _normal_gamma(S: Array) -> Array:
    j, i = np.triu_indices(len(S))
    d: Array = np.diag(S)
    return np.concatenate([d, d[i] * d[j] + S[i, j] ** 2])


def _moments_by(W: Array, u: Whole, v: Whole, *, c: Array, s: Array) -> Array:
    """Return c (u v' + v u') of the lower triangle under s u, shape (p + p*, r)."""
    j, i = np.triu_indices(len(W))
    U, V = W[:, u], W[:, v]
    return np.vstack([U * s, (U[i] * V[j] + V[i] * U[j]) * c])


def _inverse(matrix: Array) -> Array:
    found = inverse_and_log_det(matrix)
    if found is None:
        raise FitError("The implied covariance matrix is not positive definite. Use a fit that is usable.")
    return found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """One group for the general route: its moments' information under the model and under the sample."""

    jacobian: Array
    structured: Array
    variance: Array
    share: float
    keep: Array


def _variances(fit: SemFit, *, means: bool, information: str, robust: bool) -> list[tuple[Array, Array]]:
    """Return the same by matrices of side p + p*: with missing answers or robust standard errors."""
    groups = [
        _group(fit, g, means=means, information=information, robust=robust) for g in range(len(fit.groups))
    ]
    total = sum(g.share * g.jacobian.T @ g.structured @ g.jacobian for g in groups)
    inverse = np.linalg.inv(total)
    found = []
    for own, sample in zip(groups, fit.sample.groups, strict=True):
        lever = own.share * (own.jacobian @ inverse) @ (own.jacobian.T @ own.structured)
        Q = np.eye(len(lever)) - lever
        size = len(own.keep)
        both = np.zeros((2, size))
        both[0, own.keep] = np.einsum("ab,ab->a", Q @ own.variance, Q)
        both[1, own.keep] = np.diag(own.variance)
        found.append((both[0] / sample.size, both[1] / sample.size))
    return found


def _group(fit: SemFit, g: int, *, means: bool, information: str, robust: bool) -> _Group:
    matrices, state, group = fit.groups[g], fit.states[g], fit.sample.groups[g]
    data, moments = _data(fit, g), group.moments
    p = len(moments.mean)
    j, i = np.triu_indices(p)
    given = np.array([name in fit.parameters.covariates for name in moments.names])
    keep = np.concatenate([~given if means else np.zeros(p, dtype=bool), ~(given[i] & given[j])])
    square = np.ix_(keep, keep)
    mean = state.mean if means else moments.mean
    structured = saturated_information(data, mean=mean, covariance=state.implied, kind=information)[square]
    saturated = saturated_information(
        data, mean=moments.mean, covariance=moments.covariance, kind=information
    )[square]
    variance = np.linalg.inv(saturated)
    if robust:
        scores = saturated_scores(data, mean=moments.mean, covariance=moments.covariance)[:, keep]
        variance = variance @ first_order_information([scores], [group]) @ variance
    return _Group(
        jacobian=moment_jacobian(matrices, fit.theta)[keep],
        structured=structured,
        variance=variance,
        share=group.size / sum(h.size for h in fit.sample.groups),
        keep=keep,
    )


def _data(fit: SemFit, g: int) -> MissingData:
    if isinstance(fit.discrepancy, MissingNormal):
        return fit.discrepancy.data[g]
    cases = fit.sample.require_cases("A standardised residual with robust standard errors")[g]
    return missing_data(cases, patterns_of(cases), weights=fit.sample.groups[g].weights)
