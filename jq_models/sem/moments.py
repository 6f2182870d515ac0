"""From complete answers to the sample moments that maximum likelihood needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.errors import DataError

Array = NDArray[np.float64]
# a correlation matrix with a smaller eigenvalue is singular for every practical purpose
SINGULAR = 1e-10


class UnfitError(DataError):
    """Answers that no model can be fitted to, as a reason: see `try_fit`.

    Attributes
    ----------
    code : str
        One of ``status.NOT_FITTED``.
    where : tuple of str
        The variables at fault, or the numbers compared.
    n : int
        Complete cases.
    """

    def __init__(self, text: str, *, code: str, where: tuple[str, ...], n: int) -> None:
        super().__init__(text)
        self.code, self.where, self.n = code, where, n


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Sample size, means and covariances.

    Attributes
    ----------
    names : tuple of str
        The p variables.
    covariance : ndarray, shape (p, p)
        Divisor N, as lavaan's default likelihood = "normal".
    mean : ndarray, shape (p,)
    n : int
        Number of cases.
    """

    names: tuple[str, ...]
    covariance: Array
    mean: Array
    n: int

    def of(self, names: tuple[str, ...]) -> Moments:
        """Return the moments of some variables, in the order asked for.

        Raises
        ------
        DataError
            When one of them is absent.
        """
        absent = [name for name in names if name not in self.names]
        if absent:
            raise DataError(
                f"The data have no variable {', '.join(absent)}. Add it, or take it out of the model."
            )
        keep = [self.names.index(name) for name in names]
        return Moments(
            names=names,
            covariance=read_only(self.covariance[np.ix_(keep, keep)]),
            mean=read_only(self.mean[keep]),
            n=self.n,
        )


def read_only(array: Array) -> Array:
    """Return a copy that cannot be written to."""
    copy: Array = np.array(array, dtype=float)
    copy.flags.writeable = False
    return copy


def moments_of(frame: pd.DataFrame) -> Moments:
    """Compute the moments of complete data.

    Parameters
    ----------
    frame : DataFrame, shape (n, p)
        Numbers without a missing value.

    Raises
    ------
    DataError
        On a missing value or text; as `UnfitError` on a constant column, no more rows than columns, or
        columns that determine one another.
    """
    values = _numbers(frame)
    names = tuple(str(name) for name in frame.columns)
    n, p = values.shape
    if n <= p:
        raise UnfitError(
            f"{n} complete cases for {p} variables: a covariance matrix needs more cases than variables. "
            "Collect more answers, or use fewer variables.",
            code="too_few_cases",
            where=(f"{n} ≤ {p}",),
            n=n,
        )
    mean = values.mean(axis=0)
    centred = values - mean
    moments = Moments(
        names=names,
        covariance=read_only(centred.T @ centred / n),
        mean=read_only(mean),
        n=n,
    )
    check_moments(moments)
    return moments


def check_moments(moments: Moments) -> None:
    """Raise when the covariance matrix cannot be fitted by maximum likelihood.

    Raises
    ------
    UnfitError
        On a constant variable, or variables that determine one another.
    """
    variance = np.diag(moments.covariance)
    scale = np.maximum(moments.mean**2, 1.0)
    constant = [name for name, low in zip(moments.names, variance <= 1e-14 * scale, strict=True) if low]
    if constant:
        raise UnfitError(
            f"No differences between the answers in: {', '.join(constant)}. "
            "A constant variable cannot be modelled: take it out.",
            code="constant",
            where=tuple(constant),
            n=moments.n,
        )
    deviation = np.sqrt(variance)
    values, vectors = np.linalg.eigh(moments.covariance / np.outer(deviation, deviation))
    if values[0] <= SINGULAR:
        weight = np.abs(vectors[:, 0])
        linked = [name for name, w in zip(moments.names, weight, strict=True) if w > 0.1 * weight.max()]
        raise UnfitError(
            "The covariance matrix is not positive definite: these variables determine one another: "
            f"{', '.join(linked)}. Look for a duplicated or summed column and take it out.",
            code="singular",
            where=tuple(linked),
            n=moments.n,
        )


def _numbers(frame: pd.DataFrame) -> Array:
    wrong = [str(c) for c in frame.columns if not pd.api.types.is_numeric_dtype(frame[c])]
    if wrong:
        raise DataError(f"Not numeric: {', '.join(wrong)}. Code the answers as numbers first.")
    values: Array = frame.to_numpy(dtype=float)
    whole = [bool(np.isfinite(column).all()) for column in values.T]
    holes = [str(c) for c, good in zip(frame.columns, whole, strict=True) if not good]
    if holes:
        raise DataError(
            f"Missing or infinite values in: {', '.join(holes)}. Keep the complete cases only (listwise)."
        )
    return values
