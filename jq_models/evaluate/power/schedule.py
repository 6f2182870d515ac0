"""Who runs the chunks: this process, a pool of processes, or a cluster of dask workers."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from jq_models.errors import RunError
from jq_models.evaluate.power.chunk import Chunk, run_chunk
from jq_models.evaluate.power.conditions import Task
from jq_models.numeric.dask_client import connected

Progress = Callable[[int, int], None]


def run_tasks(
    tasks: Sequence[Task],
    *,
    workers: int = 1,
    scheduler: str | None = None,
    on_progress: Progress | None = None,
) -> list[Chunk]:
    """Run all chunks and return them in the order of the tasks: the same numbers whoever runs them.

    Parameters
    ----------
    tasks : sequence of Task
    workers : int
        Processes on this machine.
    scheduler : str, optional
        Address of a dask scheduler, such as ``"tcp://10.0.0.5:8786"``, in place of them. Its workers need
        this package in the same version.
    on_progress : callable, optional
        Called with the chunks done and all of them.

    Raises
    ------
    RunError
        With fewer than one worker; when the scheduler does not answer.
    """
    if workers < 1:
        raise RunError(f"workers = {workers}: give a whole number from 1 on.")
    with _mapping(len(tasks), workers=workers, scheduler=scheduler) as each:
        chunks = []
        for chunk in each(tasks):
            chunks.append(chunk)
            if on_progress is not None:
                on_progress(len(chunks), len(tasks))
    return chunks


Each = Callable[[Sequence[Task]], Iterator[Chunk]]


@contextmanager
def _mapping(count: int, *, workers: int, scheduler: str | None) -> Iterator[Each]:
    if scheduler is not None:
        with _cluster(scheduler) as each:
            yield each
    elif workers == 1 or count < 2:
        yield lambda tasks: map(run_chunk, tasks)
    else:
        # spawned, not forked: a notebook or a cluster has threads, which a fork would leave half-copied
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(max_workers=min(workers, count), mp_context=context) as pool:
            yield lambda tasks: pool.map(run_chunk, tasks)


@contextmanager
def _cluster(scheduler: str) -> Iterator[Each]:
    """Connect to a dask cluster."""
    with connected(scheduler) as client:
        # not pure: a chunk is drawn for this run, and nothing is looked up by its contents
        yield lambda tasks: (future.result() for future in client.map(run_chunk, list(tasks), pure=False))
