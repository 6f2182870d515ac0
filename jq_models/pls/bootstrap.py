"""The bootstrap of PLS: all replicates' correlations by products of matrices, all weights in batches.

Replicate i of a seed is the same sample whatever the number of draws and workers, and the same cases that
``sem.bootstrap`` draws: intervals of both engines rest on the same samples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from jq_models.errors import FitError, SpecError
from jq_models.numeric.blocks import Progress, check_draws, run_blocks, samples_at_once
from jq_models.numeric.drawn import GroupMoments
from jq_models.numeric.moments import Array, Whole, read_only
from jq_models.numeric.resampling import Resampling
from jq_models.numeric.threads import one_thread
from jq_models.pls.design import Flags
from jq_models.pls.quantities import quantities
from jq_models.pls.result import PlsFit
from jq_models.pls.solution import Solution, solve
from jq_models.pls.status import verdicts

# relative to its variance in the whole sample: rounding leaves a trace in an item that does not vary
CONSTANT = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicates:
    """Some replicates; attributes as in `PlsBootstrap`."""

    values: Array
    converged: Flags
    admissible: Flags


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PlsBootstrap:
    """Estimates from samples drawn with replacement.

    Attributes
    ----------
    values : ndarray, shape (draws, q)
        Columns as the rows of ``fit.table``; NaN where a replicate has none.
    converged, admissible : ndarray of bool, shape (draws,)
        Converged ones have estimates that may be used (`status.usable`). Admissible ones have no loading,
        path, correlation, reliability or R2 above 1 and a positive definite matrix of constructs.
    seed : int
    estimate : ndarray, shape (q,)
        Of the fit whose sample was drawn from.
    n : int
        Its cases.
    clusters : ndarray of int, shape (n,), or None
        What was drawn as a whole.
    """

    values: Array
    converged: Flags
    admissible: Flags
    seed: int
    estimate: Array
    n: int
    clusters: Whole | None

    def __repr__(self) -> str:
        """Count the draws and those that failed."""
        return (
            f"PlsBootstrap({self.draws} draws, {self.failed} failed, "
            f"{self.inadmissible_share:.1%} inadmissible, seed {self.seed})"
        )

    @property
    def draws(self) -> int:
        """Replicates asked for."""
        return len(self.values)

    @property
    def failed(self) -> int:
        """Replicates without usable estimates."""
        return int((~self.converged).sum())

    @property
    def fewest(self) -> int:
        """Replicates that have the quantity which the fewest have, of those the fit itself has."""
        known = np.isfinite(self.values[:, np.isfinite(self.estimate)]).sum(axis=0)
        return int(known.min(initial=self.draws))

    @property
    def inadmissible_share(self) -> float:
        """Share of the replicates with estimates whose solution is impossible; NaN without any."""
        good = self.converged
        return float(np.mean(~self.admissible[good])) if good.any() else float("nan")

    def require_of(self, fit: PlsFit) -> None:
        """Raise when the replicates are not of this fit, or fewer than two have estimates.

        Raises
        ------
        SpecError, FitError
        """
        same = np.array_equal(self.estimate, fit.table["est"], equal_nan=True) and self.n == fit.n
        if not same or not _same_clusters(self.clusters, fit.clusters):
            raise SpecError(
                "These replicates are of another fit. Draw them from this one: bootstrap_pls(fit, ...)."
            )
        if self.converged.sum() < 2:
            raise FitError(
                f"Only {self.converged.sum()} of {self.draws} replicates have estimates; 2 are needed. "
                "Simplify the model, or collect more data."
            )


def bootstrap_pls(
    fit: PlsFit,
    *,
    draws: int = 1000,
    seed: int,
    workers: int = 1,
    on_progress: Progress | None = None,
) -> PlsBootstrap:
    """Estimate a model in samples drawn with replacement; whole clusters where the fit has them.

    Parameters
    ----------
    fit : PlsFit
    draws : int
        Replicates.
    seed : int
        From 0.
    workers : int
        Threads; the result is the same to the last bit.
    on_progress : callable, optional
        Called with the replicates done and `draws` after every block.

    Returns
    -------
    PlsBootstrap

    Raises
    ------
    FitError
        When the fit is not usable.
    DataError
        When the fit has moments only.
    SpecError
        On a number below its least.
    """
    fit.require()
    check_draws(draws=draws, workers=workers, seed=seed)
    cases = fit.require_cases("The bootstrap")
    with one_thread():
        replicator = PlsReplicator(fit, cases, resampling=resampling_of(fit), seed=seed)
        parts = run_blocks(
            replicator,
            draws=draws,
            workers=workers,
            on_progress=on_progress,
            block=samples_at_once(cases.shape[1]),
        )
    return PlsBootstrap(
        values=read_only(np.concatenate([p.values for p in parts])),
        converged=np.concatenate([p.converged for p in parts]),
        admissible=np.concatenate([p.admissible for p in parts]),
        seed=seed,
        estimate=read_only(fit.table["est"].to_numpy()),
        n=fit.n,
        clusters=fit.clusters,
    )


def _same_clusters(one: Whole | None, other: Whole | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other)


def resampling_of(fit: PlsFit) -> Resampling:
    """Return what a resample of the fit's cases draws: cases, or whole clusters."""
    unit: Whole = np.arange(fit.n) if fit.clusters is None else fit.clusters
    return Resampling(unit=unit, strata=(np.unique(unit),), ends=np.array([fit.n]))


class Correlations:
    """Correlations of the same cases in many samples, from how often each case is drawn."""

    def __init__(self, cases: Array) -> None:
        # in standard deviations, so that one threshold tells an item that does not vary
        self._moments = GroupMoments((cases - cases.mean(axis=0)) / cases.std(axis=0))

    def of(self, counts: Array) -> Array:
        """Return the correlations, (b, p, p), for counts (b, n); NaN for items that do not vary."""
        covariance = self._moments.moments(counts, None).covariance
        at = np.arange(covariance.shape[1])
        variance = covariance[:, at, at]
        scale = 1.0 / np.sqrt(np.where(variance > CONSTANT, variance, np.nan))
        covariance *= scale[:, :, None]
        covariance *= scale[:, None, :]
        covariance[:, at, at] = np.where(np.isnan(scale), np.nan, 1.0)
        return covariance


class PlsReplicator:
    """Draws and fits replicates."""

    def __init__(self, fit: PlsFit, cases: Array, *, resampling: Resampling, seed: int) -> None:
        self.fit, self.resampling, self.seed = fit, resampling, seed
        self.correlations = Correlations(cases)

    def run(self, first: int, last: int, *, stop: Callable[[], bool]) -> Replicates:
        """Draw and fit the replicates from `first` to before `last`; not finished when `stop()` holds."""
        counts = self.resampling.times(self.seed, range(first, last))
        return self.fitted(self.correlations.of(counts), stop=stop)

    def fitted(self, R: Array, *, stop: Callable[[], bool] | None = None) -> Replicates:
        """Fit samples with the correlations (b, p, p)."""
        solution = solved_near(self.fit, R, stop=stop)
        with np.errstate(all="ignore"):
            values = quantities(solution, R, self.fit.design)
        good, admissible = verdicts(solution, self.fit.design)
        values[~good] = np.nan
        return Replicates(values=values, converged=good, admissible=admissible)


def solved_near(fit: PlsFit, R: Array, *, stop: Callable[[], bool] | None = None) -> Solution:
    """Estimate the fit's model from other correlations (b, p, p), beginning at the fit's weights."""
    start = tuple(
        None if m is None else m.outer.weights[0] for m in (fit.solution.first, fit.solution.second)
    )
    return solve(R, fit.design, search=fit.search, start=(start[0], start[1]), stop=stop)
