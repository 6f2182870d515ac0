"""A client of a running Dask cluster, for whatever spreads its work; Dask is loaded only then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jq_models.errors import RunError

PATIENCE = 20  # seconds for a scheduler to answer, and to have a worker


@contextmanager
def connected(scheduler: str) -> Iterator[Any]:
    """Yield a client of the scheduler at an address.

    Parameters
    ----------
    scheduler : str
        Such as ``"tcp://HOST:8786"``; how connections are secured is for Dask's configuration to say.

    Raises
    ------
    RunError
        When the scheduler does not answer or has no workers.
    """
    from distributed import Client  # slow to load, and used by few

    make: Any = Client  # it has no types
    try:
        client = make(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as problem:
        raise RunError(
            f"No dask scheduler answers at '{scheduler}' ({type(problem).__name__}). "
            "Start one with `dask scheduler`, or give its address as in tcp://HOST:8786."
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise RunError(
                f"The dask scheduler at '{scheduler}' has no workers. "
                f"Start some with `dask worker {scheduler}`."
            ) from None
        yield client
