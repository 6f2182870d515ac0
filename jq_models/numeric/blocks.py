"""Replicates in blocks of a fixed size, on as many threads as wanted, in their order.

Workers are threads: BLAS and numpy leave Python's lock alone while they compute.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol, TypeVar

from jq_models.errors import SpecError

BLOCK = 32
# numbers held at once for each matrix of a block of samples, 8 MB; samples in a block
HELD, LARGEST = 1_000_000, 128
# seconds between two looks at the keyboard
PATIENCE = 0.2
Progress = Callable[[int, int], None]
Part = TypeVar("Part")
PartOut = TypeVar("PartOut", covariant=True)


class Replicator(Protocol[PartOut]):
    """Draws and fits the replicates from `first` to before `last`; not finished when `stop()` holds."""

    def run(self, first: int, last: int, *, stop: Callable[[], bool]) -> PartOut: ...


def check_draws(*, draws: int, workers: int, seed: int) -> None:
    """Raise when one of them is below its least.

    Raises
    ------
    SpecError
    """
    for name, value, least in (("draws", draws, 1), ("workers", workers, 1), ("seed", seed, 0)):
        if value < least:
            raise SpecError(f"The bootstrap got {name} = {value}. Give a whole number from {least} on.")


def samples_at_once(variables: int) -> int:
    """Return how many samples' correlations of so many variables are best held at once.

    Few: the products of matrices are small, and threads wait for Python's lock more than they compute. Many:
    they leave the processor's cache.
    """
    return max(min(HELD // variables**2, LARGEST), BLOCK // 2)


def run_blocks(
    replicator: Replicator[Part],
    *,
    draws: int,
    workers: int = 1,
    on_progress: Progress | None = None,
    block: int = BLOCK,
) -> list[Part]:
    """Run all blocks and return them in order; an interruption stops every worker within one step."""
    bounds = [(first, min(first + block, draws)) for first in range(0, draws, block)]
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
    futures: list[Future[Part]], bounds: list[tuple[int, int]], *, on_progress: Progress | None
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
