"""Discriminant validity: do two scales measure two things?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.errors import DataError
from jq_models.evaluate.measurement import measured_factors
from jq_models.evaluate.reliability import average_variance_extracted
from jq_models.numeric.heterotrait import heterotrait_ratios
from jq_models.sem import SemFit, latent_correlation

Matrix = NDArray[np.float64]
DRAWS = 1000  # bootstrap resamples


def htmt(
    items: pd.DataFrame, constructs: Mapping[str, Sequence[str]], *, geometric: bool = False
) -> pd.DataFrame:
    """Heterotrait-monotrait ratio of correlations of every pair of constructs.

    The version of Henseler, Ringle & Sarstedt (2015, eq. 6): arithmetic means. Correlations enter as
    absolute values, as in semTools ``htmt(absolute = TRUE, htmt2 = FALSE)``, so that an outcome that
    runs the other way (turnover intention) is compared by strength.

    Parameters
    ----------
    items : DataFrame
        Answers, one column an item; rows with any of the used items missing are left out.
    constructs : mapping
        The items of each construct.
    geometric : bool
        Geometric means instead: HTMT2 (Roemer, Schuberth & Henseler 2021), semTools' default, for items
        of unequal loadings.

    Returns
    -------
    DataFrame
        Square, constructs in the order given. NaN on the diagonal and for a construct of a single
        item, which has no correlations of its own.

    Raises
    ------
    DataError
        When an item is not a column of `items`, or fewer than three complete rows are left.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [(1, 1, 2, 1), (2, 3, 1, 2), (3, 2, 4, 4), (4, 4, 3, 5), (5, 5, 5, 3)]
    >>> answers = pd.DataFrame(rows, columns=list("abxy"))
    >>> htmt(answers, {"F": ["a", "b"], "G": ["x", "y"]}).round(2)
          F     G
    F   NaN  0.93
    G  0.93   NaN
    """
    used = [code for codes in constructs.values() for code in codes]
    absent = [code for code in used if code not in items.columns]
    if absent:
        raise DataError(f"No answers for {', '.join(absent)}. Leave these items or their constructs out.")
    complete = items[used].dropna().to_numpy(dtype=float)
    if len(complete) < 3:
        raise DataError(f"{len(complete)} complete rows for HTMT; at least 3 are needed.")
    size = [len(codes) for codes in constructs.values()]
    owner = np.repeat(np.arange(len(size)), size)
    strength = np.abs(_correlation(complete))
    ratio = heterotrait_ratios(strength, owner, geometric=geometric)
    return pd.DataFrame(ratio, index=list(constructs), columns=list(constructs))


def htmt_interval(
    items: pd.DataFrame,
    constructs: Mapping[str, Sequence[str]],
    *,
    pair: tuple[str, str],
    seed: int,
    draws: int = DRAWS,
) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of the HTMT of one pair of constructs.

    Parameters
    ----------
    items, constructs
        As in `htmt`.
    pair : tuple of str
        The two constructs.
    seed : int
        Seed of the resampling of persons.
    draws : int
        Number of resamples.

    Returns
    -------
    tuple of float
        Lower and upper bound; NaN for a pair that `htmt` has no value for, or that was not asked. Resamples
        in which an item does not vary are left out.
    """
    two = {code: constructs[code] for code in pair if code in constructs}
    if len(two) < 2 or min(map(len, two.values())) < 2:
        return math.nan, math.nan
    complete = items[[code for codes in two.values() for code in codes]].dropna().to_numpy(dtype=float)
    owner = np.repeat([0, 1], [len(codes) for codes in two.values()])
    rng = np.random.default_rng(seed)
    drawn = [
        heterotrait_ratios(
            np.abs(_correlation(complete[rng.integers(len(complete), size=len(complete))])), owner
        )[0, 1]
        for _ in range(draws)
    ]
    # a resample in which an item does not vary has no ratio; `htmt_intervals` counts them
    known = np.array(drawn)[np.isfinite(drawn)]
    if len(known) < 2:
        return math.nan, math.nan
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)


def fornell_larcker(fit: SemFit) -> pd.DataFrame:
    """Square root of AVE on the diagonal, latent correlations below (Fornell & Larcker 1981).

    Returns
    -------
    DataFrame
        Square, factors measured by items in model order; NaN above the diagonal, and on it for
        single items.

    Raises
    ------
    FitError
        When the fit must not be used.

    Examples
    --------
    >>> import numpy as np
    >>> from jq_models.sem import Moments, fit_sem
    >>> L = np.kron(np.eye(2), np.array([[0.8], [0.7], [0.6]]))
    >>> S = L @ np.array([[1.0, 0.5], [0.5, 1.0]]) @ L.T
    >>> np.fill_diagonal(S, 1.0)
    >>> moments = Moments(names=tuple("abcxyz"), covariance=S, mean=np.zeros(6), n=300)
    >>> fit = fit_sem("F =~ a + b + c\\nG =~ x + y + z\\nG ~ F", moments)
    >>> from jq_models.evaluate import fornell_larcker
    >>> fornell_larcker(fit).round(2)
         F    G
    F  0.7  NaN
    G  0.5  0.7
    """
    fit.require()
    factors = measured_factors(fit)
    names = [factor.name for factor in factors]
    table = np.tril(latent_correlation(fit).loc[names, names].to_numpy(dtype=float, copy=True), -1)
    table[np.triu_indices(len(names))] = np.nan
    for k, factor in enumerate(factors):
        if len(factor.items) > 1:
            loadings, residuals = factor.standardised()
            table[k, k] = np.sqrt(average_variance_extracted(loadings, np.diag(residuals)))
    return pd.DataFrame(table, index=names, columns=names)


def _correlation(complete: Matrix) -> Matrix:
    """Return the correlations of the columns; NaN for a constant one."""
    centred = complete - complete.mean(axis=0)
    length = np.sqrt(np.sum(centred**2, axis=0))
    length[length == 0] = np.nan
    unit = centred / length
    return np.asarray(unit.T @ unit)
