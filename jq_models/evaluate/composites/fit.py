"""How far a PLS model's implied correlations lie from the observed ones, and whether chance explains it.

The test draws from a world in which the model is true: the answers are turned so that their correlations are
exactly the implied ones (Beran & Srivastava 1985, Annals of Statistics 13, 95-115), and the model is
estimated in samples drawn from them with replacement. What a share of these samples exceeds are HI95 and HI99
(Dijkstra & Henseler 2015, Computational Statistics & Data Analysis 81, 10-23; Schuberth, Henseler & Dijkstra
2018, Frontiers in Psychology 9, 2541). tests/reference/pls_fit/RESULTS.md measures how often a true model is
rejected, and how often a wrong one.

d_G is taken with natural logarithms and is 5.3 times what ADANCO and cSEM print; its test is the same. Mode A
without correction for attenuation does not find its own weights again in the world they imply: the samples of
plain PLS hold a little misfit by themselves (SRMR .005 in the demo), so take its test for a rough one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jq_models.evaluate.cutoffs.cutoffs import cutoff_of
from jq_models.numeric.blocks import Progress, check_draws, run_blocks, samples_at_once
from jq_models.numeric.drawn import GroupMoments
from jq_models.numeric.moments import SINGULAR, Array, above
from jq_models.numeric.threads import one_thread
from jq_models.pls import PlsFit
from jq_models.pls.bootstrap import CONSTANT, resampling_of, solved_near
from jq_models.pls.design import Flags
from jq_models.pls.implied import DISTANCES, MODELS, distances, implied_correlations, restricted
from jq_models.pls.result import correlation_of
from jq_models.pls.status import proper

COLUMNS = (
    "model",
    "index",
    "value",
    "hi95",
    "hi99",
    "pvalue",
    "draws",
    "failed",
    "inadmissible",
    "reason",
)
WHY_NO_TEST = (
    "observed_not_positive_definite",
    "implied_not_positive_definite",
    "too_few_draws",
    "nothing_to_test",
)
# ours: samples that have a distance, where most lack it, are the easy ones
MOST = 0.5
# half the sum of squared residuals that rounding leaves of none
EXACT = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Samples from worlds in which k models are true.

    Attributes
    ----------
    values : ndarray, shape (b, k, 3)
        The distances of `DISTANCES`; NaN where a sample lacks it.
    admissible : ndarray of bool, shape (b, k)
    """

    values: Array
    admissible: Flags


def composite_fit(
    fit: PlsFit,
    *,
    draws: int = 0,
    seed: int = 0,
    workers: int = 1,
    on_progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the distances between observed and implied correlations, and a test of each.

    Parameters
    ----------
    fit : PlsFit
    draws : int
        Samples of the test; 0 gives the distances alone.
    seed : int
        From 0. Replicate i is drawn from the same cases whatever the numbers of replicates and workers.
    workers : int
        Threads; the result is the same to the last bit.
    on_progress : callable, optional
        Called with the replicates done and `draws` after every block.

    Returns
    -------
    DataFrame
        Rows model ("saturated": constructs correlate freely, so that only the blocks can be wrong;
        "estimated": as the paths say) by index ("srmr", "d_uls", "d_g"; definitions in `pls.implied`).
        value; hi95 and hi99, which at most 5 and 1 % of samples exceed (from 19 and 99 samples on); pvalue,
        (1 + samples as far or farther) / (1 + samples), so that ``value > hi95`` exactly where ``pvalue <=
        .05``; draws asked for; failed, samples left out; inadmissible, the share of impossible solutions
        among the others, which count; reason, why a test that was asked for is absent, a code of
        `WHY_NO_TEST`: then hi95, hi99 and pvalue are NaN.

    Raises
    ------
    FitError
        When the fit is not usable.
    DataError
        When a test is asked for and the fit has moments only.
    SpecError
        On a number below its least.

    Notes
    -----
    A sample in which one of the distances does not exist is left out of all three, as in ADANCO, as long as
    at least half of the samples have all three. Else each distance is judged by the samples that have it, and
    one that most samples lack is not tested (both ours): with few cases d_G seldom exists, and says nothing
    of the others. Where a model says back any correlations to the last digit, as single items do that go
    together freely, there is nothing to test.
    """
    fit.require()
    check_draws(draws=draws or 1, workers=workers, seed=seed)
    R = fit.correlation[None]
    names = MODELS if restricted(fit.design.last) else MODELS[:1]
    with one_thread():
        values = {
            m: distances(R, implied_correlations(fit.solution, R, fit.design, model=m))[0] for m in names
        }
        options = {"draws": draws, "seed": seed, "workers": workers}
        tests = _tests(fit, names, on_progress=on_progress, **options) if draws else {}
    rows = []
    for model in MODELS:
        # where the arrows forbid nothing, both models are one
        source = model if model in names else names[0]
        samples = tests.get(source)
        if isinstance(samples, Samples) and _exact(values[source], samples):
            samples = WHY_NO_TEST[3]
        for k, index in enumerate(DISTANCES):
            value = float(values[source][k])
            rows.append((model, index, value, *_judged(value, samples, k=k, draws=draws)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _tests(
    fit: PlsFit,
    names: tuple[str, ...],
    *,
    draws: int,
    seed: int,
    workers: int,
    on_progress: Progress | None,
) -> dict[str, Samples | str]:
    """Return for each model the samples of its world, or why there are none."""
    cases = fit.require_cases("The test of fit")
    R = fit.correlation
    if not above(R, SINGULAR):
        return dict.fromkeys(names, WHY_NO_TEST[0])
    worlds = {
        m: implied_correlations(fit.solution, R[None], fit.design, model=m, exact=True)[0] for m in names
    }
    possible = tuple(m for m in names if np.isfinite(worlds[m]).all() and above(worlds[m], SINGULAR))
    found: dict[str, Samples | str] = {m: WHY_NO_TEST[1] for m in names if m not in possible}
    if not possible:
        return found
    turns = np.stack([turned(R, worlds[m]) for m in possible])
    world = Worlds(fit, cases, turns=turns, models=possible, seed=seed)
    parts = run_blocks(
        world, draws=draws, workers=workers, on_progress=on_progress, block=samples_at_once(len(R))
    )
    values, admissible = (np.concatenate([getattr(p, x) for p in parts]) for x in ("values", "admissible"))
    for k, model in enumerate(possible):
        found[model] = Samples(values=values[:, [k]], admissible=admissible[:, [k]])
    return found


def _exact(values: Array, samples: Samples) -> bool:
    """Say whether the model lies nowhere away from the answers, nor from any sample."""
    square = DISTANCES.index("d_uls")
    drawn = samples.values[:, 0, square]
    drawn = drawn[np.isfinite(drawn)]
    return bool(len(drawn) and values[square] < EXACT and drawn.max() < EXACT)


def _judged(value: float, samples: Samples | str | None, *, k: int, draws: int) -> tuple[object, ...]:
    """Return hi95 to reason of one distance."""
    nan = float("nan")
    if not isinstance(samples, Samples):
        return (nan, nan, nan, draws, 0, nan, samples or "")
    known = np.isfinite(samples.values[:, 0])
    good = known.all(axis=1)
    if good.mean() < MOST:
        good = known[:, k]
    drawn = samples.values[good, 0, k]
    impossible = float(np.mean(~samples.admissible[good, 0])) if len(drawn) else nan
    hi95, hi99 = cutoff_of(drawn, 0.05), cutoff_of(drawn, 0.01)
    if good.mean() < MOST or np.isnan(hi95):
        return (nan, nan, nan, draws, draws - len(drawn), impossible, WHY_NO_TEST[2])
    beyond = int((drawn >= value).sum())
    pvalue = (1 + beyond) / (1 + len(drawn)) if np.isfinite(value) else nan
    return (hi95, hi99, pvalue, draws, draws - len(drawn), impossible, "")


def turned(R: Array, implied: Array) -> Array:
    """Return T, (p, p), so that standardised answers times T have the correlations `implied`.

    R^-1/2 implied^1/2 with symmetric roots (Beran & Srivastava 1985, their eq. 7).
    """
    result: Array = _power(R, -0.5) @ _power(implied, 0.5)
    return result


def _power(matrix: Array, exponent: float) -> Array:
    values, vectors = np.linalg.eigh(matrix)
    result: Array = (vectors * values**exponent) @ vectors.T
    return result


class Worlds:
    """Draws the cases, turns them to each world and estimates the model there."""

    def __init__(
        self, fit: PlsFit, cases: Array, *, turns: Array, models: tuple[str, ...], seed: int
    ) -> None:
        self.fit, self.turns, self.models, self.seed = fit, turns, models, seed
        self.resampling = resampling_of(fit)
        self.moments = GroupMoments((cases - cases.mean(axis=0)) / cases.std(axis=0))

    def run(self, first: int, last: int, *, stop: Callable[[], bool]) -> Samples:
        """Draw the samples from `first` to before `last`; not finished when `stop()` holds."""
        counts = self.resampling.times(self.seed, range(first, last))
        # turning covariances, not cases: the cases are multiplied once for all worlds
        covariance = self.moments.moments(counts, None).covariance
        parts = [
            self._estimated(turn.T @ covariance @ turn, model, stop=stop)
            for turn, model in zip(self.turns, self.models, strict=True)
        ]
        return Samples(
            values=np.stack([values for values, _ in parts], axis=1),
            admissible=np.stack([admissible for _, admissible in parts], axis=1),
        )

    def _estimated(self, covariance: Array, model: str, *, stop: Callable[[], bool]) -> tuple[Array, Flags]:
        at = np.arange(covariance.shape[1])
        variance = covariance[:, at, at]
        covariance[:, at, at] = np.where(variance > CONSTANT, variance, np.nan)
        R = correlation_of(covariance)
        solution = solved_near(self.fit, R, stop=stop)
        values = distances(R, implied_correlations(solution, R, self.fit.design, model=model))
        values[~solution.converged] = np.nan
        return values, proper(solution, self.fit.design)
