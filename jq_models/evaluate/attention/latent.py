"""Total effects of the dimensions in the model with direct paths, and how they vary together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jq_models.data import OpenStudy
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.hypotheses.gap import Gap, closed_gate, failed, inadmissible, missing_constructs
from jq_models.evaluate.nesting.errors import fit_clustered
from jq_models.numeric.moments import Array
from jq_models.sem import FailedFit, SemFit, filled, jacobian, try_fit
from jq_models.sem.matrices import Numbers

STRUCTURAL = ("SAT", "COM")


def direct_fit(opened: OpenStudy, plan: Plan, *, grouping: str) -> SemFit | Gap:
    """Fit the model in which every dimension leads to the outcomes, errors robust to teams.

    Parameters
    ----------
    opened : OpenStudy
    plan : Plan
        From ``full`` on.
    grouping : str
        What people are nested in, or ``""``.

    Returns
    -------
    SemFit or Gap
        A gap when there are too few answers, an outcome was not asked, or the solution is not usable or has
        impossible values: a total effect from it would be no estimate.
    """
    gap = closed_gate(plan, "full") or missing_constructs(opened, STRUCTURAL)
    if gap is not None:
        return gap
    model = opened.model("direct")
    fit: SemFit | FailedFit | None = None
    if grouping:
        fit = fit_clustered(model, opened.responses, grouping=grouping)
    if fit is None or not fit.usable:
        fit = try_fit(model, opened.responses, estimator="MLR")
    gap = failed(fit) or inadmissible(fit)
    if gap is not None or not isinstance(fit, SemFit):
        return gap or Gap(code="failed")
    return fit


def total_effects(
    fit: SemFit, sources: Sequence[str], targets: Sequence[str], *, standardized: bool
) -> tuple[Array, Array]:
    """Return total effects and their covariance matrix by the delta method.

    Returns
    -------
    tuple of ndarray
        Effects, shape (sources, targets), and the covariance of the flattened effects.

    Notes
    -----
    Total effects are (I - B)^-1 B (Bollen 1987); `effects` has them one by one, ranks need to know how they
    vary together.
    """
    names = list(fit.matrices.latent)
    rows, columns = [names.index(t) for t in targets], [names.index(s) for s in sources]

    def values(theta: Numbers) -> Numbers:
        state = filled(fit.matrices, theta)
        total = (state.total @ state.path)[np.ix_(rows, columns)].T
        if standardized:
            sd = np.sqrt(np.diag(state.latent_covariance))
            total = total * sd[columns][:, None] / sd[rows][None, :]
        return np.asarray(total.ravel())

    slope = jacobian(values, fit.theta)
    return values(fit.theta).reshape(len(sources), len(targets)), slope @ fit.vcov @ slope.T
