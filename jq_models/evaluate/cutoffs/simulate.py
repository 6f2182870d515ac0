"""What the fit indices of a model do in samples from a population."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from jq_models.evaluate.cutoffs.draw import Source, drawn
from jq_models.evaluate.cutoffs.indices import batch_indices
from jq_models.numeric.threads import one_thread
from jq_models.sem.resampling.refit import Refitter

# numbers in the covariance matrices of the replicates fitted together: with more, they leave the processor's
# cache; with less, small models wait for Python
HELD = 16 * 60 * 60
MOST = 256


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Distribution:
    """Fit indices in samples from one population.

    Attributes
    ----------
    indices : DataFrame
        One row a replicate that has estimates; columns `indices.INDICES`.
    draws : int
        Replicates drawn.
    failed : mapping of str to int
        Replicates without estimates, by reason; they have no row.
    inadmissible : int
        Replicates whose estimates are improper (a negative variance, say); they have a row.
    """

    indices: pd.DataFrame
    draws: int
    failed: Mapping[str, int]
    inadmissible: int


def distribution(
    refitter: Refitter, source: Source, *, df: int, draws: int, seed: int, stream: int = 0, workers: int = 1
) -> Distribution:
    """Draw samples, refit, and collect the indices.

    Parameters
    ----------
    refitter : Refitter
    source : Source
    df : int
        Degrees of freedom of the model.
    draws, seed, stream : int
        Replicates; as for `draw.drawn`.
    workers : int
        Threads; the result is the same to the last bit.
    """
    size = min(max(HELD // len(refitter.names) ** 2, 1), MOST)
    blocks = [range(first, min(first + size, draws)) for first in range(0, draws, size)]

    def one(block: range) -> tuple[pd.DataFrame, tuple[str, ...], int]:
        covariances = drawn(source, seed=seed, stream=stream, replicates=block)
        fits = refitter.run(covariances)
        indices = batch_indices(
            fits.chi_square, covariances, fits.implied, log_det=fits.log_det, df=df, n=refitter.n
        )
        there = np.array([not reason for reason in fits.reasons])
        return indices, fits.reasons, int((there & ~fits.admissible).sum())

    with one_thread():
        if workers == 1:
            parts = [one(block) for block in blocks]
        else:
            with ThreadPoolExecutor(max_workers=workers) as pool:
                parts = list(pool.map(one, blocks))
    reasons = [reason for _, found, _ in parts for reason in found]
    frame = pd.concat([part for part, _, _ in parts], ignore_index=True)
    return Distribution(
        indices=frame[[not reason for reason in reasons]].reset_index(drop=True),
        draws=draws,
        failed=MappingProxyType(dict(Counter(reason for reason in reasons if reason))),
        inadmissible=sum(improper for _, _, improper in parts),
    )
