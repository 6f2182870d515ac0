"""One BLAS thread for small matrices: a second one costs more than it brings."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import lru_cache

from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    # looking for the loaded libraries takes longer than a small fit
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[object]:
    """Return a context in which BLAS uses one thread."""
    limited: AbstractContextManager[object] = _controller().limit(limits=1)
    return limited
