"""Factor scores of every case: regression (Thurstone, 1935) and Bartlett (1937)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jq_models.errors import FitError, SpecError, suggest
from jq_models.numeric.moments import Array, Whole
from jq_models.numeric.threads import one_thread
from jq_models.sem import SemFit
from jq_models.sem.matrices import (
    Filled,
    ModelMatrices,
)

KINDS = ("regression", "bartlett")


def factor_scores(fit: SemFit, *, kind: str = "regression") -> pd.DataFrame:
    """Estimate the latent variables of each case from its answers.

    Regression: A Psi A' L' Sigma^-1 (y - mu) + A alpha, the expectation given the answers. Bartlett:
    (L' Sigma^-1 L)^- L' Sigma^-1 (y - mu) + A alpha, unbiased for given latent variables; an observed
    variable that latent ones lead to counts as a measure of them, its paths as loadings. A case with missing
    answers is scored from the ones it has.

    Parameters
    ----------
    fit : SemFit
        Of answers, not of moments.
    kind : {"regression", "bartlett"}

    Returns
    -------
    DataFrame
        A column for each latent variable of the model, a row for each case used, group after group; the index
        is the case's place in the table that was given, from 0. With several groups, `group` (from 1) is the
        first column. Without a mean structure latent intercepts are 0 and observed variables have the
        sample's means. Bartlett scores are NaN for a
        latent variable that no answer measures directly: a second-order factor (lavaan prints 0), or one
        whose items a case left out.

    Raises
    ------
    SpecError
        On another kind.
    FitError
        When the fit is not usable, or of ordered items.
    DataError
        When the fit is of moments.
    """
    if kind not in KINDS:
        raise SpecError(f"No factor scores of kind '{kind}'. {suggest(kind, KINDS)}")
    fit.require()
    parameters = fit.parameters
    if parameters.ordered:
        raise FitError(
            f"The model '{fit.model.name}' has ordered items: their factor scores need integrals over the "
            "answers' thresholds and are not offered. Use mean scores, or treat the items as numbers."
        )
    cases = fit.sample.require_cases("A factor score")
    names = list(parameters.latent)
    tables = []
    with one_thread():
        for g, (state, answers) in enumerate(zip(fit.states, cases, strict=True)):
            mean, latent = state.mean, state.latent_mean
            if not parameters.meanstructure:
                mean = fit.sample.groups[g].moments.mean
                latent = _latent_means(state, fit.groups[g], mean)
            loading = state.loading if kind == "regression" else _measures(state, fit.groups[g])
            scores = _scores(state, answers - mean, loading=loading, kind=kind) + latent
            rows = pd.Series(fit.sample.groups[g].rows, name="row")
            table = pd.DataFrame(scores[:, : len(names)], columns=names, index=pd.Index(rows))
            if len(cases) > 1:
                table.insert(0, "group", g + 1)
            tables.append(table)
    return pd.concat(tables)


def _latent_means(state: Filled, matrices: ModelMatrices, mean: Array) -> Array:
    """Return the means of the latent variables when the observed ones among them have the sample's means."""
    at = {name: i for i, name in enumerate(matrices.observed)}
    lifted = np.array([name in at for name in matrices.latent])
    result = np.array([mean[at[name]] if name in at else 0.0 for name in matrices.latent])
    inner = np.eye(len(state.path)) - state.path
    result[~lifted] = np.linalg.solve(
        inner[np.ix_(~lifted, ~lifted)], state.path[np.ix_(~lifted, lifted)] @ result[lifted]
    )
    return result


def _measures(state: Filled, matrices: ModelMatrices) -> Array:
    """Return L with the paths to observed outcomes as their loadings, shape (p, m)."""
    at = {name: i for i, name in enumerate(matrices.observed)}
    explained = {r.lhs for r in matrices.parameters.rows if r.op == "~"}
    loading: Array = state.loading.copy()
    for j, name in enumerate(matrices.latent):
        if name in at and name in explained:
            loading[at[name]] = state.path[j]
    return loading


def _scores(state: Filled, deviations: Array, *, loading: Array, kind: str) -> Array:
    """Return the scores about the latent means, shape (n, m)."""
    seen = ~np.isnan(deviations)
    patterns, which = np.unique(seen, axis=0, return_inverse=True)
    result = np.full((len(deviations), len(state.psi)), np.nan)
    for i, pattern in enumerate(patterns):
        o, here = np.flatnonzero(pattern), np.flatnonzero(which.ravel() == i)
        if len(o):
            result[here] = deviations[np.ix_(here, o)] @ _weights(state, o, loading=loading[o], kind=kind).T
    return result


def _weights(state: Filled, o: Whole, *, loading: Array, kind: str) -> Array:
    """Return the weights of the observed answers `o`, shape (m, o)."""
    scaled = np.linalg.solve(state.implied[np.ix_(o, o)], loading)
    if kind == "regression":
        weights: Array = state.latent_covariance @ scaled.T
        return weights
    weights = np.linalg.pinv(loading.T @ scaled, hermitian=True) @ scaled.T
    weights[~loading.any(axis=0)] = np.nan
    return weights
