"""The bootstrap: estimates from samples drawn with replacement (Efron & Tibshirani 1993).

Replicates come in blocks of a fixed size, each with a random stream of its own, so that neither the number
of workers nor who is first changes a bit of them. Workers are threads: BLAS leaves Python's lock alone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol

from jq_models.errors import SpecError, suggest
from jq_models.sem.normal import NormalTheory
from jq_models.sem.resampling.bollen_stine import transformed_cases
from jq_models.sem.resampling.cases import CaseReplicator
from jq_models.sem.resampling.draws import Bootstrap, Replicates, joined
from jq_models.sem.resampling.normal import NormalReplicator
from jq_models.sem.resampling.resample import resampling_of
from jq_models.sem.result import SemFit
from jq_models.sem.threads import one_thread

KINDS = ("ordinary", "bollen_stine")
BLOCK = 32
# seconds between two looks at the keyboard
PATIENCE = 0.2
Progress = Callable[[int, int], None]


class Replicator(Protocol):
    """Draws and fits replicates."""

    def run(self, first: int, last: int, *, stop: Callable[[], bool]) -> Replicates: ...


def bootstrap(
    fit: SemFit,
    *,
    draws: int = 1000,
    seed: int,
    workers: int = 1,
    kind: str = "ordinary",
    on_progress: Progress | None = None,
) -> Bootstrap:
    """Fit a model to samples drawn with replacement.

    Groups keep their sizes; where the fit has clusters, whole clusters are drawn. Sampling weights stay
    with their cases. Observed covariates are fixed at the moments of each sample.

    Parameters
    ----------
    fit : SemFit
    draws : int
        Replicates.
    seed : int
        From 0. Replicate i of a seed is the same sample whatever `draws` and `workers`.
    workers : int
        Threads; the result is the same to the last bit.
    kind : {"ordinary", "bollen_stine"}
        Draw from the answers, or from answers transformed so that the model holds (`transformed_cases`).
    on_progress : callable, optional
        Called with the replicates done and `draws` after every block.

    Returns
    -------
    Bootstrap
        Replicates that cannot be fitted are counted by reason in ``failed``.

    Raises
    ------
    FitError
        When the fit is not usable.
    DataError
        When the fit has moments only.
    SpecError
        On an unknown kind, or a number below its least.
    """
    fit.require()
    if kind not in KINDS:
        raise SpecError(f"No kind of bootstrap '{kind}'. {suggest(kind, KINDS)}")
    for name, value, least in (("draws", draws, 1), ("workers", workers, 1), ("seed", seed, 0)):
        if value < least:
            raise SpecError(f"The bootstrap got {name} = {value}. Give a whole number from {least} on.")
    cases = transformed_cases(fit) if kind == "bollen_stine" else fit.sample.require_cases("The bootstrap")
    method = NormalReplicator if isinstance(fit.discrepancy, NormalTheory) else CaseReplicator
    with one_thread():
        replicator = method(fit, cases, resampling=resampling_of(fit.sample), seed=seed)
        parts = _blocks(replicator, draws=draws, workers=workers, on_progress=on_progress)
    return joined(parts, seed=seed, kind=kind, estimate=fit.theta)


def _blocks(
    replicator: Replicator, *, draws: int, workers: int, on_progress: Progress | None
) -> list[Replicates]:
    """Run all blocks and return them in order; an interruption stops every worker within one step."""
    bounds = [(first, min(first + BLOCK, draws)) for first in range(0, draws, BLOCK)]
    stopped = threading.Event()
    if workers == 1:
        parts = []
        for first, last in bounds:
            parts.append(replicator.run(first, last, stop=stopped.is_set))
            if on_progress is not None:
                on_progress(last, draws)
        return parts
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(replicator.run, first, last, stop=stopped.is_set) for first, last in bounds]
        try:
            _watch(futures, bounds, on_progress=on_progress)
        except BaseException:
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in futures]


def _watch(
    futures: list[Future[Replicates]], bounds: list[tuple[int, int]], *, on_progress: Progress | None
) -> None:
    """Wait for all, reporting as they come; the first error is raised."""
    size = {future: last - first for future, (first, last) in zip(futures, bounds, strict=True)}
    waiting, done = set(futures), 0
    while waiting:
        # a wait without an end cannot be interrupted on Windows
        ready, waiting = wait(waiting, timeout=PATIENCE, return_when=FIRST_COMPLETED)
        for future in ready:
            future.result()
            done += size[future]
        if ready and on_progress is not None:
            on_progress(done, bounds[-1][1])
