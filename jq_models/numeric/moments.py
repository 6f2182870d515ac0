"""From complete answers to the sample moments that maximum likelihood needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import lapack

from jq_models.errors import DataError

Array = NDArray[np.float64]
Whole = NDArray[np.intp]
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

    def __post_init__(self) -> None:
        """Take lists and tables as they come."""
        object.__setattr__(self, "names", tuple(str(name) for name in self.names))
        object.__setattr__(self, "covariance", read_only(np.asarray(self.covariance, dtype=float)))
        object.__setattr__(self, "mean", read_only(np.asarray(self.mean, dtype=float)))
        p = len(self.names)
        if self.covariance.shape != (p, p) or self.mean.shape != (p,):
            raise DataError(
                f"{p} names, a covariance matrix of shape {self.covariance.shape} and means of shape "
                f"{self.mean.shape} do not fit together. Give (p, p) and (p,)."
            )

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
    values = numbers_of(frame)
    holes = [str(c) for c, column in zip(frame.columns, values.T, strict=True) if np.isnan(column).any()]
    if holes:
        raise DataError(f"Missing values in: {', '.join(holes)}. Keep the complete cases only (listwise).")
    return moments_from(values, tuple(str(name) for name in frame.columns))


def moments_from(values: Array, names: tuple[str, ...], *, weights: Array | None = None) -> Moments:
    """Compute the moments of complete answers, shape (n, p), weighted if need be.

    Raises
    ------
    UnfitError
        On a constant column, no more rows than columns, or columns that determine one another.
    """
    n, p = values.shape
    check_size(n, p, what="complete cases")
    if weights is None:
        mean = np.ones(n) @ values
        mean /= n
        centred = values - mean
        # as a product of a matrix with its own transpose, which BLAS takes in half the time
        covariance = centred.T @ centred
        covariance /= n
    else:
        w = weights / weights.sum()
        mean = w @ values
        centred = values - mean
        covariance = (centred.T * w) @ centred
    moments = Moments(names=names, covariance=covariance, mean=mean, n=n)
    check_moments(moments)
    return moments


def check_size(n: int, p: int, *, what: str = "cases") -> None:
    """Raise when n cases are too few for the covariances of p variables.

    Raises
    ------
    UnfitError
    """
    if n <= p:
        raise UnfitError(
            f"{n} {what} for {p} variables: a covariance matrix needs more cases than variables. "
            "Collect more answers, or use fewer variables.",
            code="too_few_cases",
            where=(f"{n} ≤ {p}",),
            n=n,
        )


def check_moments(moments: Moments) -> None:
    """Raise when the covariance matrix cannot be fitted by maximum likelihood.

    Raises
    ------
    UnfitError
        On a constant variable, or variables that determine one another.
    """
    if not (np.isfinite(moments.covariance).all() and np.isfinite(moments.mean).all()):
        raise DataError("The moments hold NaN or infinite numbers. Give finite means and covariances.")
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
    correlation = moments.covariance / np.outer(deviation, deviation)
    if not above(correlation, SINGULAR):
        vectors = np.linalg.eigh(correlation)[1]
        weight = np.abs(vectors[:, 0])
        linked = [name for name, w in zip(moments.names, weight, strict=True) if w > 0.1 * weight.max()]
        raise UnfitError(
            "The covariance matrix is not positive definite: these variables determine one another: "
            f"{', '.join(linked)}. Look for a duplicated or summed column and take it out.",
            code="singular",
            where=tuple(linked),
            n=moments.n,
        )


def above(matrix: Array, least: float) -> bool:
    """Say whether every eigenvalue of a symmetric matrix is above `least`, by one triangular root."""
    return bool(lapack.dpotrf(matrix - least * np.eye(len(matrix)), lower=1)[1] == 0)


def numbers_of(frame: pd.DataFrame) -> Array:
    """Return the answers as floats, shape (n, p); NaN where missing.

    Raises
    ------
    DataError
        On text and on infinite values.
    """
    kinds = frame.dtypes.tolist()
    # most tables have one or two kinds of columns
    texts = {kind for kind in set(kinds) if not pd.api.types.is_numeric_dtype(kind)}
    wrong = [str(c) for c, kind in zip(frame.columns, kinds, strict=True) if kind in texts] if texts else []
    if wrong:
        raise DataError(f"Not numeric: {', '.join(wrong)}. Code the answers as numbers first.")
    values: Array = frame.to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(values).any():
        endless = [
            str(c) for c, column in zip(frame.columns, values.T, strict=True) if np.isinf(column).any()
        ]
        raise DataError(f"Infinite values in: {', '.join(endless)}. Mend the file.")
    return values
