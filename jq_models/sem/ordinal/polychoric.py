"""Polychoric correlations of many pairs of items at once, and the influence of every cell of their tables.

Two steps (Olsson 1979, Psychometrika 44, 443-460): the thresholds come from the margins, then each
correlation maximises the likelihood of its table given the thresholds. A case enters through its cell
alone, so everything here is a number per cell.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from jq_models.numeric.moments import Array
from jq_models.sem.ordinal.bivariate import (
    Found,
    Likelihood,
    cell_probabilities,
    cell_slopes,
    maximise,
    strip_slopes,
)

# rounding alone leaves a probability of this size: no likelihood may rest on it
_NO_PROBABILITY = 1e-14


def polychoric(tables: Array, *, rows: Array, columns: Array, start: Array) -> Found:
    """Estimate the correlation of m tables of one shape.

    Parameters
    ----------
    tables : ndarray, shape (m, R, C)
        Counts; no empty margin.
    rows, columns : ndarray, shapes (m, R - 1) and (m, C - 1)
        Thresholds.
    start : ndarray, shape (m,)
        First values of rho.

    Returns
    -------
    Found
        atanh(rho) and whether the likelihood has its maximum inside |rho| < 0.999.

    Notes
    -----
    A 2 x 2 table with one empty cell has no maximum inside (-1, 1). As lavaan does by default
    (zero.add = 0.5, zero.keep.margins = TRUE) half a case is moved into that cell, margins kept. Larger
    tables stay as they are.
    """
    counts = _filled_fourfold(tables)
    used = counts > 0

    def likelihood(theta: Array, which: np.ndarray) -> Likelihood:
        rho = np.tanh(theta)
        n, some = counts[which], used[which]
        p = cell_probabilities(rows[which], columns[which], rho=rho)
        first, second = cell_slopes(rows[which], columns[which], rho=rho)
        impossible = (some & (p <= _NO_PROBABILITY)).any(axis=(1, 2))
        p = np.where(some, np.maximum(p, _NO_PROBABILITY), 1.0)
        rest = ((1.0 - rho) * (1.0 + rho))[:, None, None]
        # to atanh(rho): d rho / d theta = 1 - rho^2
        score = first * rest / p
        bend = (second * rest - 2.0 * rho[:, None, None] * first) * rest / p
        squares = (n * score**2).sum(axis=(1, 2))
        curvature = squares - (n * bend).sum(axis=(1, 2))
        return Likelihood(
            value=np.where(impossible, -np.inf, (n * np.log(p)).sum(axis=(1, 2))),
            slope=(n * score).sum(axis=(1, 2)),
            curvature=np.where(curvature > 0, curvature, squares + 1e-300),
        )

    return maximise(likelihood, start)


def cell_influence(
    tables: Array, *, rows: Array, columns: Array, rho: Array, on_rows: Array, on_columns: Array
) -> Array:
    """Return the influence of a case on rho, by the cell it lies in, thresholds being estimates too.

    Parameters
    ----------
    tables, rows, columns
        As in `polychoric`.
    rho : ndarray, shape (m,)
        The estimates.
    on_rows, on_columns : ndarray, shapes (m, R - 1, R) and (m, C - 1, C)
        The influence on each threshold of a case in each category.

    Returns
    -------
    ndarray, shape (m, R, C)
        0 in empty cells.

    Notes
    -----
    Muthen (1984, Psychometrika 49, 115-132), with sums of products of scores for the information, as
    lavaan: influence = (score - A21 influence on thresholds) / A22.
    """
    share = tables / tables.sum(axis=(1, 2), keepdims=True)
    used = tables > 0
    p = np.where(used, np.maximum(cell_probabilities(rows, columns, rho=rho), _NO_PROBABILITY), 1.0)
    score = np.where(used, cell_slopes(rows, columns, rho=rho)[0] / p, 0.0)
    squares = (share * score**2).sum(axis=(1, 2))
    weight = share * score / p
    by_row = _products(weight, strip_slopes(rows, columns, rho=rho))
    by_column = _products(weight.transpose(0, 2, 1), strip_slopes(columns, rows, rho=rho))
    correction = (
        np.einsum("mk,mkr->mr", by_row, on_rows)[:, :, None]
        + np.einsum("mk,mkc->mc", by_column, on_columns)[:, None, :]
    )
    return cast(Array, np.where(used, (score - correction) / squares[:, None, None], 0.0))


def _products(weight: Array, strips: Array) -> Array:
    # mean product of the score of rho and that of each row threshold, which bounds two rows: (m, R - 1)
    return cast(Array, ((weight[:, :-1] - weight[:, 1:]) * strips).sum(axis=2))


def _filled_fourfold(tables: Array) -> Array:
    if tables.shape[1:] != (2, 2):
        return tables
    empty = tables == 0
    one = (empty.sum(axis=(1, 2)) == 1)[:, None, None]
    same_diagonal = np.eye(2)[None]
    on_main = (empty * same_diagonal).sum(axis=(1, 2), keepdims=True) > 0
    sign = np.where(on_main, 1.0, -1.0) * (2.0 * same_diagonal - 1.0)
    return np.where(one, tables + 0.5 * sign, tables)
