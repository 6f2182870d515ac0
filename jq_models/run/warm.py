"""Kernels without the seconds they take to import everything: forked from a process that has done so once."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Lock
from types import TracebackType
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

POSSIBLE = sys.platform == "linux"  # a fork of loaded libraries is not safe on macOS, and unknown on Windows
PATIENCE = 120.0  # seconds an answer may take; the first waits for the imports
# What the notebooks of a study load, by the modules that load it.
LOADED = (
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "jq_models.evaluate.power",
    "jq_models.pls",
    "jq_models.report",
    "matplotlib.backends.backend_svg",
)
_KILLED = -int(signal.SIGKILL) if POSSIBLE else 1


class WarmGone(Exception):  # noqa: N818 - it is no error: an ordinary kernel takes over
    """The warm process does not answer any more, or never could."""


class Warm:
    """The owner's side of a warm process; safe to use from several threads.

    Parameters
    ----------
    environment : mapping of str to str
        Variables that libraries read when they are imported; each kernel gets its own in their place.
    loaded : sequence of str
        Modules to import once for all kernels.

    Notes
    -----
    It loads in the background: making one returns at once. When the owner dies, so do process and kernels.
    """

    def __init__(self, environment: Mapping[str, str], *, loaded: Sequence[str] = LOADED) -> None:
        self._lock = Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "jq_models.run.warm_process", *loaded],
            cwd="/",  # the folder it starts in is one to import from
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            start_new_session=True,  # Ctrl-C is the owner's to handle
        )
        self._unread = b""
        self._ready: bool | None = None

    @property
    def pid(self) -> int:
        """The number of the warm process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def start(self, arguments: Sequence[str], *, environment: Mapping[str, str], folder: str) -> WarmKernel:
        """Fork a kernel.

        Parameters
        ----------
        arguments : sequence of str
            As on the command line of ``ipykernel_launcher``.
        environment : mapping of str to str
            All its variables.
        folder : str
            Where it works.

        Raises
        ------
        WarmGone
            When the process cannot fork or is dead.
        """
        asked = {"start": list(arguments), "env": dict(environment), "cwd": folder}
        return WarmKernel(int(self._ask(asked)["pid"]), self)

    def code(self, pid: int) -> int | None:
        """Return how a kernel ended, None while it runs."""
        try:
            code: int | None = self._ask({"poll": pid})["code"]
        except WarmGone:
            return _KILLED  # a kernel ends with its parent
        return code

    def close(self) -> None:
        """End the process and its kernels."""
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            if self._ready is None:  # never asked for a kernel: no need to wait for its imports
                self._process.kill()
            with suppress(OSError):
                self._process.stdin.close()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process.stdout.close()

    def __enter__(self) -> Warm:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            try:
                if self._ready is None:
                    self._ready = bool(self._answer()["ready"])
                if not self._ready:
                    raise WarmGone
                stdin = self._process.stdin
                assert stdin is not None
                stdin.write(json.dumps(asked).encode() + b"\n")
                stdin.flush()
                return self._answer()
            except (OSError, ValueError):  # a closed pipe
                raise WarmGone from None

    def _answer(self) -> dict[str, Any]:
        """Read a line; a process that does not write one in time is killed."""
        stdout, until = self._process.stdout, time.monotonic() + PATIENCE
        assert stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            while b"\n" not in self._unread:
                if not selector.select(until - time.monotonic()):
                    self._process.kill()
                    raise WarmGone
                read = os.read(stdout.fileno(), 65536)
                if not read:
                    raise WarmGone
                self._unread += read
        line, _, self._unread = self._unread.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer


class WarmKernel:
    """A forked kernel, with what `LocalProvisioner` asks of a process."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, warm: Warm) -> None:
        self.pid = pid
        self._warm = warm
        self._code: int | None = None

    def poll(self) -> int | None:
        """Return how it ended, None while it runs."""
        if self._code is None:
            self._code = self._warm.code(self.pid)
        return self._code

    def wait(self) -> int:
        """Wait until it has ended and return how."""
        while (code := self.poll()) is None:
            time.sleep(0.05)
        return code

    def send_signal(self, number: int) -> None:
        """Signal it and all it started, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)


class WarmProvisioner(LocalProvisioner):
    """Launches kernels by a warm process, and the ordinary way when that is gone."""

    def __init__(self, warm: Warm, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._warm = warm

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch a kernel; `cmd` ends in ``-f FILE``, all else follows from this interpreter."""
        try:
            kernel = self._warm.start(
                cmd[cmd.index("-f") :], environment=kwargs["env"], folder=str(kwargs["cwd"])
            )
        except WarmGone:
            return await super().launch_kernel(cmd, **kwargs)
        self.process: Any = kernel
        self.pid = self.pgid = kernel.pid
        self.cwd = kwargs["cwd"]
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel, but never a process that has its number after it."""
        if isinstance(self.process, WarmKernel):
            self.process.send_signal(signum)
        else:
            await super().send_signal(signum)
