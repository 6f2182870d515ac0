"""Bootstrap intervals of HTMT and HTMT2 of all pairs of constructs at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.evaluate.validity import DRAWS, htmt
from jq_models.numeric.heterotrait import heterotrait_ratios
from jq_models.numeric.threads import one_thread

Matrix = NDArray[np.float64]
BLOCK = 100  # resamples held in memory together
LEVEL = 0.95


def htmt_intervals(
    items: pd.DataFrame,
    constructs: Mapping[str, Sequence[str]],
    *,
    seed: int,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """Return HTMT and HTMT2 of every pair with their 95 % percentile bootstrap intervals.

    Parameters
    ----------
    items : DataFrame
        Answers, one column an item; rows with any of the used items missing are left out.
    constructs : mapping
        The items of each construct; those of a single item are left out.
    seed : int
        Seed of the resampling of persons.
    draws : int
        Number of resamples.

    Returns
    -------
    DataFrame
        One row a pair, in the order given: a, b, htmt, htmt_low, htmt_high, htmt2, htmt2_low, htmt2_high,
        dropped (resamples in which an item of the pair did not vary, so that the pair has no ratio), draws.

    Raises
    ------
    DataError
        As ``htmt``.
    """
    several = {code: list(codes) for code, codes in constructs.items() if len(codes) > 1}
    pairs = list(combinations(several, 2))
    columns = ["a", "b", *(f"{k}{e}" for k in ("htmt", "htmt2") for e in ("", "_low", "_high"))]
    if not pairs:
        return pd.DataFrame(columns=[*columns, "dropped", "draws"])
    plain, geometric = htmt(items, several), htmt(items, several, geometric=True)
    used = [code for codes in several.values() for code in codes]
    complete = items[used].dropna().to_numpy(dtype=float)
    size = [len(codes) for codes in several.values()]
    first, second = np.triu_indices(len(several), 1)
    with one_thread():
        parts = [ratios[:, :, first, second] for ratios in _resampled(complete, size, seed=seed, draws=draws)]
    drawn = np.concatenate(parts, axis=1)
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    there: NDArray[np.bool_] = np.asarray(np.isfinite(drawn).all(axis=0))
    rows = []
    for k, (a, b) in enumerate(pairs):
        good = there[:, k]
        bounds = [
            np.quantile(kind[good, k], tails) if good.sum() > 1 else np.full(2, np.nan) for kind in drawn
        ]
        rows.append(
            (a, b, plain.loc[a, b], *bounds[0], geometric.loc[a, b], *bounds[1], int((~good).sum()), draws)
        )
    return pd.DataFrame(rows, columns=[*columns, "dropped", "draws"])


def _resampled(complete: Matrix, size: Sequence[int], *, seed: int, draws: int) -> Iterator[Matrix]:
    """Yield HTMT and HTMT2 of all pairs, (2, resamples, m, m), block after block."""
    rng = np.random.default_rng(seed)
    n = len(complete)
    owner = np.repeat(np.arange(len(size)), size)
    centred = complete - complete.mean(axis=0)
    for start in range(0, draws, BLOCK):
        strength = np.stack(
            [
                _strength(centred, rng.multinomial(n, np.full(n, 1.0 / n)))
                for _ in range(min(BLOCK, draws - start))
            ]
        )
        yield np.stack([heterotrait_ratios(strength, owner, geometric=kind) for kind in (False, True)])


def _strength(centred: Matrix, times: NDArray[np.int64]) -> Matrix:
    """Return the absolute correlations of a resample in which case i is drawn ``times[i]`` times."""
    n = len(centred)
    mean = times @ centred / n
    moments = (centred * times[:, None]).T @ centred / n - np.outer(mean, mean)
    spread = np.diag(moments).copy()
    # rounding leaves a trace of variance in an item that does not vary in this resample
    spread[spread < 1e-12 * np.maximum(np.mean(centred**2, axis=0), 1e-300)] = np.nan
    scale = np.sqrt(spread)
    return np.asarray(np.abs(moments / np.outer(scale, scale)))
