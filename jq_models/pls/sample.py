"""From a table of answers, or moments, to what PLS needs of them: complete cases, clusters, moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from jq_models.errors import DataError, suggest
from jq_models.numeric.moments import Array, Moments, UnfitError, Whole, numbers_of, read_only

FEWEST = 3
# relative to its squared mean, below which a variance is rounding; absolute, for means of 0
RELATIVE, ABSOLUTE = 1e-24, 1e-30
# answers beyond it cannot be squared and summed
LARGEST = 1e120
# rounding allowed in correlations that a user gives
ROUNDED = 1e-6


class Answers(Protocol):
    """What a fit needs of ``data.Responses``: one column per item, NaN where missing."""

    @property
    def items(self) -> pd.DataFrame: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlsSample:
    """The indicators' moments and, where known, the cases; attributes as in `result.PlsFit`."""

    moments: Moments
    cases: Array | None
    clusters: Whole | None
    rows: Whole | None
    n_dropped: int


def sample_of(
    data: Answers | pd.DataFrame | Moments, names: tuple[str, ...], *, cluster: str | None
) -> PlsSample:
    """Take what a fit needs of the data.

    Parameters
    ----------
    data : Responses, DataFrame or Moments
    names : tuple of str
        The p indicators.
    cluster : str, optional
        A column of the table.

    Raises
    ------
    DataError
        On an absent, doubled or non-numeric column, numbers that cannot be squared, fewer than 2 clusters,
        impossible moments; as `UnfitError` on a constant column, or fewer than 3 cases.
    """
    if isinstance(data, Moments):
        if cluster is not None:
            raise DataError("Moments have no clusters. Pass the data.")
        sample = PlsSample(moments=data.of(names), cases=None, clusters=None, rows=None, n_dropped=0)
        _check_possible(sample.moments)
        check_vary(sample.moments)
        return sample
    frame = data if isinstance(data, pd.DataFrame) else data.items
    _check_columns(frame, [*names, *([cluster] if cluster is not None else [])])
    values = numbers_of(frame[list(names)])
    whole = np.asarray(np.isfinite(values).all(axis=1))
    if cluster is not None:
        whole &= frame[cluster].notna().to_numpy()
    _check_size(int(whole.sum()))
    cases = read_only(values[whole])
    _check_large(np.abs(cases).max(axis=0), names)
    moments = _moments(cases, names)
    check_vary(moments)
    return PlsSample(
        moments=moments,
        cases=cases,
        clusters=None if cluster is None else _clusters(frame.loc[whole, cluster], cluster),
        rows=_locked(np.flatnonzero(whole)),
        n_dropped=len(frame) - len(cases),
    )


def check_vary(moments: Moments) -> None:
    """Raise when an indicator does not vary; a singular matrix as such is no hindrance to PLS.

    Raises
    ------
    UnfitError
    """
    floor = np.maximum(RELATIVE * moments.mean**2, ABSOLUTE)
    low = np.diag(moments.covariance) <= floor
    constant = [name for name, flat in zip(moments.names, low, strict=True) if flat]
    if constant:
        raise UnfitError(
            f"No differences between the answers in: {', '.join(constant)}. "
            "A constant variable cannot be modelled: take it out.",
            code="constant",
            where=tuple(constant),
            n=moments.n,
        )


def _check_columns(frame: pd.DataFrame, wanted: Sequence[str]) -> None:
    absent = [name for name in wanted if name not in frame.columns]
    if absent:
        raise DataError(
            f"The data have no column {', '.join(absent)}. {suggest(absent[0], map(str, frame.columns))}"
        )
    twice = sorted({str(name) for name in frame.columns[frame.columns.duplicated()]} & {*wanted})
    if twice:
        raise DataError(f"The data have two columns of one name: {', '.join(twice)}. Rename or drop one.")


def _check_size(n: int) -> None:
    if n < FEWEST:
        raise UnfitError(
            f"{n} complete cases: PLS needs at least {FEWEST}, and for trustworthy results many more. "
            "Collect more answers, or use fewer variables.",
            code="too_few_cases",
            where=(f"{n} < {FEWEST}",),
            n=n,
        )


def _check_large(largest: Array, names: tuple[str, ...]) -> None:
    """Raise when the squares of numbers would be infinite: a typing error, or a code for no answer."""
    wrong = [name for name, size in zip(names, largest, strict=True) if size > LARGEST]
    if wrong:
        raise DataError(
            f"Numbers too large to compute with in: {', '.join(wrong)}. Look for a typing error or a code "
            "for no answer, and mend the data."
        )


def _check_possible(moments: Moments) -> None:
    """Raise when numbers are no moments of anything."""
    S = moments.covariance
    if not (np.isfinite(S).all() and np.isfinite(moments.mean).all()):
        raise DataError("The moments hold NaN or infinite numbers. Give finite means and covariances.")
    _check_size(moments.n)
    _check_large(np.maximum(np.abs(moments.mean), np.sqrt(np.abs(np.diag(S)))), moments.names)
    deviation = np.sqrt(np.maximum(np.diag(S), 0.0))
    scale = deviation[:, None] * deviation
    if (np.diag(S) < 0.0).any() or (np.abs(S - S.T) > ROUNDED * scale).any():
        raise DataError(
            "The matrix is no covariance matrix: it is not symmetric, or a variance is negative. Give the "
            "variables' covariances or correlations."
        )
    beyond = [
        f"{moments.names[i]} ~~ {moments.names[j]}"
        for i, j in np.argwhere(np.tril(np.abs(S) > (1.0 + ROUNDED) * scale, -1))
    ]
    if beyond:
        raise DataError(f"Correlations beyond 1: {', '.join(beyond)}. Mend the matrix.")


def _clusters(values: pd.Series, name: str) -> Whole:
    codes: Whole = pd.factorize(values.astype(str).to_numpy())[0].astype(np.intp)
    if codes.max() < 1:
        raise DataError(
            f"'{name}' has one cluster among the complete cases; drawing whole clusters needs 2, and many "
            "for trustworthy results. Leave the clusters out, or collect more."
        )
    return _locked(codes)


def _locked(codes: Whole) -> Whole:
    codes.flags.writeable = False
    return codes


def _moments(cases: Array, names: tuple[str, ...]) -> Moments:
    mean = cases.mean(axis=0)
    centred = cases - mean
    return Moments(names=names, covariance=centred.T @ centred / len(cases), mean=mean, n=len(cases))
