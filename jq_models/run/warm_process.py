"""A process that has imported the modules it was given and forks a kernel whenever it is asked to.

Run by `jq_models.run.warm.Warm`, which writes a request a line to its input and reads an answer a line::

    {"start": [arguments of the kernel], "env": {...}, "cwd": "..."}    ->  {"pid": 4711}
    {"poll": 4711}                                                     ->  {"code": null, or how it ended}

When its input ends, for its owner is done or dead, it ends its kernels and itself. Only a process of one
thread may fork: nothing here opens a socket, starts an event loop or calls a library.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO


def main() -> None:
    """Load, then answer until the input ends."""
    with os.fdopen(os.dup(0), "rb") as requests, os.fdopen(os.dup(1), "wb") as answers:
        _silence()  # what a library prints is no answer
        del sys.path[0]  # as ipykernel_launcher does: the folder it was started in
        for name in sys.argv[1:]:
            import_module(name)
        # objects that nobody collects are never written to, so their memory stays shared with the kernels
        gc.collect()
        gc.freeze()
        _answer(answers, {"ready": _threads() == 1})
        _serve(requests, answers)


def _serve(requests: BinaryIO, answers: BinaryIO) -> None:
    kernels: set[int] = set()
    try:
        for line in requests:
            asked = json.loads(line)
            if "start" in asked:
                pid = os.fork()
                if pid == 0:
                    requests.close()
                    answers.close()
                    _become_kernel(asked)
                with suppress(OSError):  # it has done so itself
                    os.setpgid(pid, pid)
                kernels.add(pid)
                _answer(answers, {"pid": pid})
            else:
                _answer(answers, {"code": _ended(asked["poll"], kernels)})
    except BrokenPipeError:
        pass  # the owner is gone
    finally:
        for pid in kernels:
            with suppress(OSError):
                os.killpg(pid, signal.SIGKILL)


def _ended(pid: int, kernels: set[int]) -> int | None:
    """Return how a kernel ended, None while it runs.

    A kernel is waited for only when asked about: until then its number cannot become another process's,
    and the owner may signal it.
    """
    done, status = os.waitpid(pid, os.WNOHANG)
    if done == 0:
        return None
    kernels.discard(pid)
    return os.waitstatus_to_exitcode(status)


def _become_kernel(asked: dict[str, Any]) -> None:
    """Turn the forked process into what ``python -m ipykernel_launcher`` would have been; never return."""
    code = 1
    try:
        os.setpgid(0, 0)
        parent = os.getppid()
        os.environ.clear()
        os.environ.update(asked["env"], JPY_PARENT_PID=str(parent))
        os.chdir(asked["cwd"])
        sys.argv = ["ipykernel_launcher", *asked["start"]]

        from ipykernel.kernelapp import IPKernelApp

        # it ends itself when its parent is gone; the class looked for the variable when it was imported
        application: Any = IPKernelApp.instance(parent_handle=parent)
        application.initialize(asked["start"])
        application.start()
        code = 0
    finally:
        os._exit(code)


def _silence() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)


def _threads() -> int:
    """Return how many threads the process has, a library's own among them."""
    return len(os.listdir("/proc/self/task"))


def _answer(answers: BinaryIO, content: dict[str, Any]) -> None:
    answers.write(json.dumps(content).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
