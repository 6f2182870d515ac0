"""What the expected information says without simulation: standard errors, power and n for a precision.

Standard errors fall with the root of n: se(n) = s / sqrt(n), s that of one case at the population values.
They hold for large samples; the simulation beside them shows from which n on.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.stats import norm

from jq_models.evaluate.power.chunk import Truth
from jq_models.evaluate.power.summary import ALPHA
from jq_models.numeric.moments import Array

POWER = 0.80
HALF_WIDTH = 0.10


def unit_errors(truth: Truth) -> Array:
    """Return the standard errors of the quantities for one case, shape (q,): sqrt(diag(J I^-1 J')).

    Parameters
    ----------
    truth : Truth
        The population's own fit: parameters and their information.
    """
    slope = np.zeros((len(truth.values), len(truth.fit.theta)))
    slope[:, truth.quantities.columns] = truth.quantities.jacobian(truth.fit.theta[None])[0]
    variance = truth.fit.n * truth.fit.vcov
    result: Array = np.sqrt(np.einsum("qk,kl,ql->q", slope, variance, slope))
    return result


def least_n(truth: Truth) -> int:
    """Return the smallest n that can estimate the model: one more than its items.

    With fewer people the covariance matrix of the answers is singular, whatever the formulas say.

    Parameters
    ----------
    truth : Truth
        The population's own fit: parameters and their information.
    """
    return len(truth.fit.parameters.observed) + 1


def wald_power(value: float | Array, se: float | Array, *, alpha: float = ALPHA) -> Array:
    """Return the power of a two-sided Wald test: z = estimate / se is normal around value / se.

    Parameters
    ----------
    value : float or ndarray
        The parameter.
    se : float or ndarray
        Its standard error.

    Examples
    --------
    >>> round(float(wald_power(0.20, 0.07)), 3)
    0.815
    """
    critical = norm.ppf(1 - alpha / 2)
    shift = np.abs(np.asarray(value)) / np.asarray(se)
    return np.asarray(norm.sf(critical - shift) + norm.cdf(-critical - shift))


def n_for_precision(unit: float, *, half_width: float = HALF_WIDTH, alpha: float = ALPHA) -> int:
    """Return the n at which a 95 % interval reaches `half_width` to either side: (z s / h)^2, rounded up.

    Parameters
    ----------
    unit : float
        Standard error for one case.
    half_width : float
        In the estimate's unit.

    Examples
    --------
    >>> n_for_precision(1.3)
    650
    """
    return math.ceil((float(norm.ppf(1 - alpha / 2)) * unit / half_width) ** 2)


def n_for_power(value: float, unit: float, *, power: float = POWER, alpha: float = ALPHA) -> int:
    """Return the n at which a path of this size is found in `power` of all studies, rounded up.

    The far side of the two-sided test is left out: beyond a power of a few times alpha it adds nothing.

    Parameters
    ----------
    value : float
        Size of the path.
    unit : float
        Its standard error for one case.
    power : float
        A fraction.

    Examples
    --------
    >>> n_for_power(0.20, 1.3)
    332
    """
    sum_of_z = float(norm.ppf(1 - alpha / 2) + norm.ppf(power))
    return math.ceil((sum_of_z * unit / abs(value)) ** 2)


def smallest_found(unit: float, n: int, *, power: float = POWER, alpha: float = ALPHA) -> float:
    """Return the smallest path found in `power` of studies of n, with the population's standard error.

    Parameters
    ----------
    unit : float
        Standard error for one case.
    power : float
        A fraction.
    """
    return float((norm.ppf(1 - alpha / 2) + norm.ppf(power)) * unit / math.sqrt(n))


def expected_rows(truth: Truth, n: int) -> pd.DataFrame:
    """Return what is expected at one n.

    Parameters
    ----------
    truth : Truth
        The population's own fit: parameters and their information.

    Returns
    -------
    DataFrame
        source, target, kind, truth, se, power, width, n_power (n for a power of .80), n_precision (n for an
        interval of .10 to either side), smallest (path found with a power of .80), least (`least_n`). What
        holds at n is NaN below `least`; what asks for an n is `least` or more.
    """
    unit, least = unit_errors(truth), least_n(truth)
    there = np.full(len(unit), 1.0 if n >= least else np.nan)
    se = there * unit / math.sqrt(n)
    return truth.quantities.rows.assign(
        truth=truth.values,
        se=se,
        power=wald_power(truth.values, se),
        width=2 * norm.ppf(1 - ALPHA / 2) * se,
        n_power=[max(n_for_power(v, u), least) for v, u in zip(truth.values, unit, strict=True)],
        n_precision=[max(n_for_precision(u), least) for u in unit],
        smallest=[smallest_found(u, n) for u in there * unit],
        least=least,
    )
