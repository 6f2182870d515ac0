"""An answer of a kernel that lies there unannounced is found all the same."""

from __future__ import annotations

import asyncio
import time
from queue import Empty
from typing import Any

import pytest
import zmq
import zmq.asyncio
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.session import Session

from jq_models.run.kernel import PatientChannel


async def _answered(kind: type[AsyncZMQSocketChannel], *, within: float) -> dict[str, Any]:
    """Wait for an answer whose notice was taken away by another use of the socket."""
    context = zmq.asyncio.Context()
    ours, theirs = context.socket(zmq.PAIR), zmq.Context.shadow(context.underlying).socket(zmq.PAIR)
    try:
        ours.bind("inproc://answers")
        theirs.connect("inproc://answers")
        session = Session(key=b"")
        waiting = asyncio.ensure_future(kind(ours, session, None).get_msg(timeout=30))
        await asyncio.sleep(0.1)
        session.send(theirs, "execute_reply", {"status": "ok"})
        time.sleep(0.05)  # the loop must not see it first
        zmq.Socket.shadow(ours.underlying).getsockopt(zmq.EVENTS)
        return await asyncio.wait_for(waiting, within)
    finally:
        theirs.close(linger=0)
        context.destroy(linger=0)


def _run(work: Any) -> Any:
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(work)


def test_an_answer_without_notice_is_found_within_a_second_or_two() -> None:
    assert _run(_answered(PatientChannel, within=10.0))["content"] == {"status": "ok"}


def test_an_ordinary_channel_would_go_on_waiting() -> None:
    with pytest.raises(TimeoutError):
        _run(_answered(AsyncZMQSocketChannel, within=3.0))


def test_no_answer_is_told_after_the_time_given() -> None:
    async def waited() -> float:
        context = zmq.asyncio.Context()
        start = time.monotonic()
        try:
            with pytest.raises(Empty):
                await PatientChannel(context.socket(zmq.PAIR), Session(key=b""), None).get_msg(timeout=1.3)
            return time.monotonic() - start
        finally:
            context.destroy(linger=0)

    assert 1.2 < _run(waited()) < 10.0
