"""Job quality as a composite of its dimensions: weights and effects, found again from the fitted paths."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from jq_models.data import OpenStudy
from jq_models.errors import FitError
from jq_models.evaluate.effects import effects
from jq_models.evaluate.rivals.compare import nested_tests
from jq_models.sem import FailedFit, Filled, SemFit, delta_se, filled, try_fit, wald
from jq_models.sem.matrices import Numbers
from jq_models.spec.model import JOB_QUALITY

OUTCOMES = ("SAT", "COM", "TIN")
# each nested in the next
FORMS = ("second_order", "composite", "direct")
NESTED_FORMS = (("second_order", "composite"), ("composite", "direct"))


def fit_forms(opened: OpenStudy) -> dict[str, SemFit | FailedFit]:
    """Fit job quality as a factor, as a composite, and the dimensions' direct paths that allow both."""
    return {name: try_fit(opened.model(name), opened.responses) for name in FORMS}


def form_effects(fits: Mapping[str, SemFit | FailedFit]) -> dict[str, pd.DataFrame]:
    """Return job quality's effects as ``"second_order"`` and as ``"composite"``; a failed fit has none."""
    found = {}
    for name in FORMS[:2]:
        fit = fits.get(name)
        if isinstance(fit, SemFit) and fit.usable:
            targets = [code for code in OUTCOMES if code in fit.matrices.latent]
            found[name] = (
                composite_effects(fit) if name == "composite" else effects(fit, [JOB_QUALITY], targets)
            )
    return found


def form_tests(fits: Mapping[str, SemFit | FailedFit]) -> pd.DataFrame:
    """Return `nested_tests` of the factor against the composite, and of that against the direct paths."""
    return nested_tests(fits, NESTED_FORMS)


def composite_weights(fit: SemFit) -> pd.DataFrame:
    """Return what each dimension adds to the composite, and how closely it goes with it.

    Parameters
    ----------
    fit : SemFit
        Of the model ``"composite"``.

    Returns
    -------
    DataFrame
        Index dimension; columns weight, ci_low, ci_high (standardised: dimension and composite have
        variance 1; 95 %, delta method), correlation, correlation_low, correlation_high.

    Raises
    ------
    FitError
        When the fit must not be used, or is of another model.

    Notes
    -----
    With w the paths to SAT and Phi the dimensions' covariances, var(JQ) = w' Phi w and
    cov(dimension, JQ) = Phi w.
    """
    names, at, outcomes = _places(fit)

    def values(theta: Numbers) -> Numbers:
        state = filled(fit.matrices, theta)
        weights, phi = _composite(state, at, outcomes["SAT"])
        with_jq = phi @ weights
        own, jq = np.sqrt(np.diag(phi)), np.sqrt(weights @ with_jq)
        return np.concatenate([weights * own / jq, with_jq / (own * jq)])

    estimate = values(fit.theta)
    found = wald(estimate, delta_se(values, fit))
    half, low, high = len(names), found["ci_low"].to_numpy(), found["ci_high"].to_numpy()
    return pd.DataFrame(
        {
            "weight": estimate[:half],
            "ci_low": low[:half],
            "ci_high": high[:half],
            "correlation": estimate[half:],
            "correlation_low": low[half:],
            "correlation_high": high[half:],
        },
        index=pd.Index(names, name="dimension"),
    )


def composite_effects(fit: SemFit) -> pd.DataFrame:
    """Return the standardised effects of the composite on the outcomes.

    Returns
    -------
    DataFrame
        As ``effects`` returns them, source ``"JQ"``: direct, indirect and total a target.

    Raises
    ------
    FitError
        As `composite_weights`.

    Notes
    -----
    The model's COM ~ SAT is r = b + c, the residual covariance of SAT and COM is -b var(d), with d the
    residual of SAT, b the path of the composite and c that of satisfaction (see ``spec.model``).
    """
    _, at, outcomes = _places(fit)
    targets = [code for code in OUTCOMES if code in outcomes]

    def values(theta: Numbers) -> Numbers:
        state = filled(fit.matrices, theta)
        weights, phi = _composite(state, at, outcomes["SAT"])
        jq = np.sqrt(weights @ phi @ weights)
        sat, com = outcomes["SAT"], outcomes["COM"]
        b = -state.psi[com, sat] / state.psi[sat, sat]
        found = {"SAT": (1.0, 0.0), "COM": (b, state.path[com, sat] - b)}
        if "TIN" in outcomes:
            tin = outcomes["TIN"]
            found["TIN"] = (0.0, state.path[tin, sat] + state.path[tin, com] * state.path[com, sat])
        deviation = np.sqrt(np.diag(state.latent_covariance))
        return np.array(
            [
                effect * jq / deviation[outcomes[code]]
                for code in targets
                for direct, indirect in [found[code]]
                for effect in (direct, indirect, direct + indirect)
            ]
        )

    rows = [(JOB_QUALITY, code, kind) for code in targets for kind in ("direct", "indirect", "total")]
    estimate = values(fit.theta).astype(float)
    se = delta_se(values, fit)
    return pd.DataFrame(rows, columns=["source", "target", "kind"]).join(
        pd.DataFrame({"estimate": estimate, "se": se}).join(wald(estimate, se))
    )


def _places(fit: SemFit) -> tuple[list[str], list[int], dict[str, int]]:
    """Return the dimensions, their places among the latent variables, and those of the outcomes."""
    fit.require()
    if fit.model.name != "composite":
        raise FitError(
            f"The model '{fit.model.name}' has no composite. Fit opened.model('composite') for its weights."
        )
    latent = list(fit.matrices.latent)
    paths = fit.table[(fit.table["op"] == "~") & (fit.table["lhs"] == "SAT")]
    names = [str(code) for code in paths["rhs"]]
    outcomes = {code: latent.index(code) for code in OUTCOMES if code in latent}
    return names, [latent.index(code) for code in names], outcomes


def _composite(state: Filled, at: list[int], sat: int) -> tuple[Numbers, Numbers]:
    """Return the weights of the dimensions in units of SAT, and the dimensions' covariances."""
    place = np.array(at)
    return state.path[sat, place], state.psi[np.ix_(place, place)]
