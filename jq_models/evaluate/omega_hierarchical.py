"""How much of a score one general factor explains: omega total, hierarchical and of subscales.

McDonald (1999, Test theory: a unified treatment); Zinbarg, Revelle, Yovel & Li (2005, Psychometrika 70,
123-133); Reise (2012, Multivariate Behavioral Research 47, 667-696).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.errors import FitError
from jq_models.evaluate.reliability_intervals import logit_interval
from jq_models.sem import FailedFit, SemFit, delta_se, filled
from jq_models.sem.matrices import Numbers
from jq_models.spec.model import JOB_QUALITY

TOTALS = ("omega_total", "omega_hierarchical")
FORMS, BIFACTOR = ("higher_learning", "higher", "second_order"), "bifactor"
SUBSCALE = ("omega_subscale", "omega_general_subscale", "omega_hierarchical_subscale")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """Omegas of a model with one general factor.

    Attributes
    ----------
    model : str
    total : DataFrame
        Index `TOTALS` (and for a second-order model ``"omega_second_order"``, the share of the dimensions'
        sum that the general factor explains); columns estimate, ci_low, ci_high: shares of the variance
        of the sum of all items that all factors, and that the general factor explain.
    subscales : DataFrame
        Index dimension; omega_subscale, omega_general_subscale and omega_hierarchical_subscale: shares of
        the variance of the dimension's sum that all factors, the general factor, and the dimension apart
        from it explain, each with ``_low`` and ``_high``; the first is the sum of the others.
    explained : float
        Explained common variance: the general factor's share of all common variance.
    """

    model: str
    total: pd.DataFrame = field(repr=False)
    subscales: pd.DataFrame = field(repr=False)
    explained: float


def omega_hierarchical(fit: SemFit) -> Hierarchy:
    """Return the omegas of a second-order or bifactor model.

    Parameters
    ----------
    fit : SemFit
        With a general factor ``"JQ"``: of the dimensions (second order) or of the items (bifactor). Outcomes
        are left out of the sums, and so are dimensions of a single item, of whose variance no model can
        tell what is error.

    Returns
    -------
    Hierarchy

    Raises
    ------
    FitError
        When the fit must not be used, has no general factor, or ordered items.

    Notes
    -----
    A second-order loading times the general factor is what the general factor gives an item (Schmid &
    Leiman 1957); what is left of a dimension is its own, covariances between these remainders included. The
    denominator is the implied variance of the sum, as in semTools ``reliabilityL2()``.
    """
    fit.require()
    if fit.parameters.ordered:
        raise FitError(f"The model '{fit.model.name}' has ordered items: omega of their sum is not offered.")
    scales = _scales(fit)
    if not scales:
        raise FitError(f"The model '{fit.model.name}' has no general factor '{JOB_QUALITY}' with dimensions.")
    second = JOB_QUALITY in fit.model.higher

    def values(theta: Numbers) -> Numbers:
        return _omegas(fit, theta, scales=scales, second=second)

    estimate = values(fit.theta)
    low, high = logit_interval(estimate, delta_se(values, fit))
    m, names = len(scales), [*TOTALS, *(["omega_second_order"] if second else [])]
    first = len(SUBSCALE) * m
    total = pd.DataFrame(
        {
            "estimate": estimate[first : first + len(names)],
            "ci_low": low[first : first + len(names)],
            "ci_high": high[first : first + len(names)],
        },
        index=pd.Index(names, name="coefficient"),
    )
    parts: dict[str, NDArray[np.float64]] = {}
    for k, name in enumerate(SUBSCALE):
        own = slice(k * m, (k + 1) * m)
        parts |= {name: estimate[own], f"{name}_low": low[own], f"{name}_high": high[own]}
    return Hierarchy(
        model=fit.model.name,
        total=total,
        subscales=pd.DataFrame(parts, index=pd.Index(list(scales), name="construct")),
        explained=float(estimate[-1]),
    )


def omegas_of(fits: Mapping[str, SemFit | FailedFit]) -> dict[str, Hierarchy]:
    """Return the omegas of the first second-order form among some fits, and of the bifactor model.

    A form whose solution is not admissible has none, nor one without dimensions of several items.
    """
    second = next((name for name in FORMS if name in fits and _sound(fits[name])), None)
    names = [*([second] if second else []), *([BIFACTOR] if BIFACTOR in fits else [])]
    found = {}
    for name in names:
        fit = fits[name]
        if isinstance(fit, SemFit) and _sound(fit) and _scales(fit):
            found[name] = omega_hierarchical(fit)
    return found


def _sound(fit: SemFit | FailedFit) -> bool:
    return fit.usable and fit.status.admissible


def _scales(fit: SemFit) -> dict[str, tuple[str, ...]]:
    """Return the items of every dimension of several items under the general factor."""
    loads = fit.table[fit.table["op"] == "=~"]
    general = set(loads.loc[loads["lhs"] == JOB_QUALITY, "rhs"])
    measured = {str(factor): tuple(rows["rhs"]) for factor, rows in loads.groupby("lhs", sort=False)}
    return {
        factor: codes
        for factor, codes in measured.items()
        if factor != JOB_QUALITY and len(codes) > 1 and (factor in general or set(codes) <= general)
    }


def _omegas(fit: SemFit, theta: Numbers, *, scales: Mapping[str, Sequence[str]], second: bool) -> Numbers:
    """Return omegas of the subscales, their own part, the totals, and the explained common variance."""
    state = filled(fit.matrices, theta)
    latent, observed = list(fit.matrices.latent), list(fit.matrices.observed)
    rows = [np.array([observed.index(code) for code in codes]) for codes in scales.values()]
    every = np.concatenate(rows)
    jq = latent.index(JOB_QUALITY)
    variance = state.psi[jq, jq]
    direct = (state.loading @ state.total)[:, jq]  # what one unit of job quality gives each item
    implied = state.implied
    common = implied - state.theta
    general = variance * np.outer(direct, direct)
    subscale = [_sum(common, r) / _sum(implied, r) for r in rows]
    shared = [_sum(general, r) / _sum(implied, r) for r in rows]
    own = [(_sum(common, r) - _sum(general, r)) / _sum(implied, r) for r in rows]
    totals = [_sum(common, every) / _sum(implied, every), _sum(general, every) / _sum(implied, every)]
    if second:
        at = np.array([latent.index(code) for code in scales])
        gamma = state.total[at, jq]
        covariance = state.latent_covariance[np.ix_(at, at)]
        totals.append(variance * np.sum(gamma) ** 2 / np.sum(covariance))
    spread = np.diag(implied)[every]
    explained = np.sum(np.diag(general)[every] / spread) / np.sum(np.diag(common)[every] / spread)
    return np.array([*subscale, *shared, *own, *totals, explained])


def _sum(matrix: Numbers, rows: NDArray[np.intp]) -> Numbers:
    found: Numbers = np.sum(matrix[np.ix_(rows, rows)])
    return found
