"""One BLAS thread for small matrices: a second one costs more than it brings."""

from __future__ import annotations

from contextlib import AbstractContextManager

from threadpoolctl import ThreadpoolController

# looking for the process's libraries takes longer than a small fit: done once, at the first fit
_found: list[ThreadpoolController] = []


def one_thread() -> AbstractContextManager[object]:
    """Return a context in which BLAS uses one thread."""
    if not _found:
        _found.append(ThreadpoolController())
    limited: AbstractContextManager[object] = _found[0].limit(limits=1)
    return limited
