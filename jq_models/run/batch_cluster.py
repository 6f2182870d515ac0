"""The Dask cluster of a batch: the one named, or processes of this machine that obey the batch alone.

Whoever may give a Dask worker a task may run any code as its user. The ports of a local cluster are open to
every user of this machine: their connections are therefore encrypted, and both ends show a certificate that
is made for this one batch and kept in memory.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

from jq_models import paths
from jq_models.numeric.dask_client import connected
from jq_models.paths import PROJECT_VARIABLE

# Dask opens these pages whether there is a dashboard or not, for everybody: none of them is offered
_NO_PAGES: dict[str, list[str]] = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}


@contextmanager
def cluster(count: int, *, at_once: int | None, scheduler: str | None) -> Iterator[Any]:
    """Yield a client of a Dask cluster: the one named, or processes of this machine.

    Parameters
    ----------
    count : int
        Clients to make reports of.
    at_once : int or None
        Processes; default: as many as this machine has cores.
    scheduler : str or None
        Address of a scheduler; how its connections are secured is for Dask's configuration to say.

    Raises
    ------
    RunError
        When the scheduler does not answer or has no workers.
    """
    if scheduler is None:
        from distributed import Client  # slow to load, and used by few

        make: Any = Client  # it has no types
        with (
            local_cluster(min(count, at_once or _cores())) as processes,
            make(processes, set_as_default=False) as client,
        ):
            yield client
        return
    with connected(scheduler) as client:
        yield client


@contextmanager
def local_cluster(workers: int) -> Iterator[Any]:
    """Yield a cluster of processes with one thread each, which obeys this process alone.

    Parameters
    ----------
    workers : int
    """
    import dask.config
    from distributed import LocalCluster, Security

    before = dict(os.environ)
    security: Any = Security  # it has no types
    make: Any = LocalCluster
    with (
        TemporaryDirectory(prefix="jq-models-", ignore_cleanup_errors=True) as scratch,
        dask.config.set(_NO_PAGES),
    ):
        processes = make(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            security=security.temporary(),
            memory_limit=0,  # no limit: the memory is in the kernels, which Dask does not see
            silence_logs=logging.CRITICAL + 1,  # what a worker's death leaves to say is in the outcomes
            local_directory=scratch,
            env={PROJECT_VARIABLE: str(paths.project_root())},
            scheduler_kwargs={
                "dashboard": False,
                "dashboard_address": "127.0.0.1:0",
                "allowed_failures": 0,  # how often a client is tried again is counted by the batch
            },
        )
        try:
            with processes:
                yield processes
        finally:
            _restore(before)


def _restore(before: dict[str, str]) -> None:
    """Take back what starting workers set in this process."""
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)


def _cores() -> int:
    """Return the cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
