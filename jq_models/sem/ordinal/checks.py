"""What answers cannot give ordinal statistics, each as a named diagnosis."""

from __future__ import annotations

from typing import NoReturn

import numpy as np

from jq_models.errors import DataError
from jq_models.numeric.moments import Array, UnfitError
from jq_models.sem.ordinal.pairs import Pairs


def check_cases(values: Array, *, levels: tuple[int, ...], names: tuple[str, ...]) -> None:
    """Check answers (n, p) before anything is estimated: errors as in `ordinal_statistics`."""
    _check_shape(values, levels=levels, names=names)
    n = len(values)
    columns = list(zip(names, levels, values.T, strict=True))
    constant = [name for name, _, x in columns if x.var() <= 1e-14 * max(x.mean() ** 2, 1.0)]
    if constant:
        _unfit(
            f"No differences between the answers in: {', '.join(constant)}. "
            "A constant variable cannot be modelled: take it out.",
            code="constant",
            where=constant,
            n=n,
        )
    # mean and variance of a variable with two values determine one another
    double = [name for name, k, x in columns if not k and ((x == x.min()) | (x == x.max())).all()]
    if double:
        _unfit(
            f"Only two values in the continuous {', '.join(double)}. Declare it ordered.",
            code="two_values",
            where=double,
            n=n,
        )
    empty = [f"{name} category {c} of {k}" for name, k, x in columns if k for c in _unused(x, k)]
    if empty:
        _unfit(
            f"Nobody chose {'; '.join(empty)}: its threshold has no estimate. "
            "Join the category with a neighbour, in every group alike.",
            code="empty_category",
            where=empty,
            n=n,
        )


def check_pairs(pairs: Pairs, *, names: tuple[str, ...], levels: tuple[int, ...], n: int) -> None:
    """Raise when a correlation has no estimate: errors as in `ordinal_statistics`."""
    smooth = [f"{names[a]} ~~ {names[b]}" for a, b in pairs.perfect if not levels[a] and not levels[b]]
    if smooth:
        _unfit(
            f"These continuous variables determine one another: {', '.join(smooth)}. "
            "Look for a duplicated column and take it out.",
            code="singular",
            where=smooth,
            n=n,
        )
    where = [f"{names[a]} ~~ {names[b]}" for a, b in sorted(pairs.perfect)]
    if where:
        _unfit(
            f"The correlation of {', '.join(where)} cannot be estimated inside ±0.999: the answers to the "
            "one all but decide those to the other. Take one of them out, or join categories.",
            code="perfect_polychoric",
            where=where,
            n=n,
        )


def _check_shape(values: Array, *, levels: tuple[int, ...], names: tuple[str, ...]) -> None:
    if values.ndim != 2 or not values.shape[1] == len(levels) == len(names) or not len(values):
        raise DataError(
            f"{len(names)} names and {len(levels)} numbers of categories for answers of "
            f"shape {values.shape}. Give one of each for every column, and at least one case."
        )
    columns = list(zip(names, levels, values.T, strict=True))
    holes = [name for name, _, x in columns if not np.isfinite(x).all()]
    if holes:
        raise DataError(
            f"Missing or infinite values in: {', '.join(holes)}. Keep the complete cases only (listwise)."
        )
    wrong = [name for name, k, x in columns if k and ((x != np.floor(x)) | (x < 0) | (x >= k)).any()]
    if wrong:
        raise DataError(
            f"Answers that are none of the categories of the ordered {', '.join(wrong)}. "
            "Code the categories 0, 1, 2, ... or treat the item as continuous."
        )


def _unused(column: Array, levels: int) -> list[int]:
    # categories are counted from 1 in what is said of them
    used = np.bincount(column.astype(np.intp), minlength=levels) > 0
    return [int(c) + 1 for c in np.flatnonzero(~used)]


def _unfit(text: str, *, code: str, where: list[str], n: int) -> NoReturn:
    raise UnfitError(text, code=code, where=tuple(where), n=n)
