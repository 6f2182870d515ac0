"""Replicates in blocks: in their order on any number of threads; errors and interruptions stop all."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from jq_models.errors import SpecError
from jq_models.numeric.blocks import check_draws, run_blocks, samples_at_once
from jq_models.numeric.threads import one_thread


class Squares:
    """Replicate i is i squared; counts what was asked of it."""

    def __init__(self, *, fails_at: int = -1, error: type[BaseException] = ValueError) -> None:
        self.fails_at, self.error = fails_at, error
        self.done: list[int] = []
        self.lock = threading.Lock()

    def run(self, first: int, last: int, *, stop: Callable[[], bool]) -> list[int]:
        found = []
        for i in range(first, last):
            if stop():
                break
            if i == self.fails_at:
                raise self.error(f"at {i}")
            found.append(i * i)
        with self.lock:
            self.done += found
        return found


@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("block", [1, 7, 32, 500])
def test_replicates_come_in_their_order(workers: int, block: int) -> None:
    seen: list[tuple[int, int]] = []
    parts = run_blocks(
        Squares(), draws=100, workers=workers, block=block, on_progress=lambda *at: seen.append(at)
    )
    assert [x for part in parts for x in part] == [i * i for i in range(100)]
    assert [len(p) for p in parts[:-1]] == [block] * (len(parts) - 1)
    assert seen[-1] == (100, 100)
    assert seen == sorted(seen)


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_stops_everybody_and_is_raised(workers: int, error: type[BaseException]) -> None:
    squares = Squares(fails_at=40, error=error)
    with pytest.raises(error, match="at 40"):
        run_blocks(squares, draws=20_000, workers=workers, block=10)
    assert len(squares.done) < 20_000


def test_numbers_below_their_least() -> None:
    check_draws(draws=1, workers=1, seed=0)
    good = {"draws": 1, "workers": 1, "seed": 0}
    for name, value in (("draws", 0), ("workers", 0), ("seed", -1)):
        with pytest.raises(SpecError, match=f"{name} = {value}. Give a whole number from"):
            check_draws(**{**good, name: value})


def test_blocks_are_smaller_for_more_variables() -> None:
    sizes = [samples_at_once(p) for p in (2, 56, 200, 1000)]
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) >= 1


def test_blas_has_one_thread_inside() -> None:
    from threadpoolctl import threadpool_info

    with one_thread():
        assert {lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"} == {1}
