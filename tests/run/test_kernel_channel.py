"""An answer of a kernel that lies there unannounced is found all the same."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from queue import Empty
from typing import Any

import pytest
from jupyter_client.channels import AsyncZMQSocketChannel

from jq_models.run.kernel import PatientChannel


class Unannounced:
    """A socket whose answer lies there from the start, but is seen only when the time of a look is over."""

    def __init__(self, *, answered: bool = True) -> None:
        self.answered = answered

    async def poll(self, timeout: int | None = None) -> bool:
        """Wait for a notice that was taken away, so many milliseconds, and look."""
        await asyncio.sleep(3600 if timeout is None else timeout / 1000)
        return self.answered


async def _waited(kind: type[AsyncZMQSocketChannel], socket: Unannounced, timeout: float | None) -> object:
    channel: Any = kind.__new__(kind)  # whose start takes zmq's own sockets alone
    channel.socket = socket

    async def received() -> dict[str, str]:
        return {"status": "ok"}

    channel._recv = received
    return await channel.get_msg(timeout=timeout)


def _run(work: Coroutine[Any, Any, object], *, within: float) -> object:
    async def limited() -> object:
        return await asyncio.wait_for(work, within)

    return asyncio.run(limited())


@pytest.mark.parametrize("timeout", [None, 600.0])
def test_an_answer_without_notice_is_found_within_a_second_or_two(timeout: float | None) -> None:
    assert _run(_waited(PatientChannel, Unannounced(), timeout), within=20.0) == {"status": "ok"}


def test_an_ordinary_channel_would_go_on_waiting() -> None:
    with pytest.raises(TimeoutError):
        _run(_waited(AsyncZMQSocketChannel, Unannounced(), 600.0), within=3.0)


def test_no_answer_is_told_after_the_time_given() -> None:
    start = time.monotonic()
    with pytest.raises(Empty):
        _run(_waited(PatientChannel, Unannounced(answered=False), 1.3), within=20.0)
    assert 1.2 < time.monotonic() - start < 10.0
