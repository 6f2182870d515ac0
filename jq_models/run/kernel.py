"""The kernels that notebooks run in: this interpreter, a clean environment, one BLAS thread."""

from __future__ import annotations

import asyncio
import math
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory
from typing import Any

import ipykernel.kernelspec
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from traitlets import Type, default

from jq_models.disclosure import ISSUED_VARIABLE
from jq_models.paths import PROJECT_VARIABLE, project_root
from jq_models.run.warm import POSSIBLE, Warm, WarmProvisioner

OUT_VARIABLE = "JQ_MODELS_OUT"
DATA_VARIABLE = "JQ_MODELS_DATA"
KERNEL = "python3"
ENGINE = "jq_models"
# What a user's shell must not decide: where outputs go, whose data are read, which start-up file runs.
_DROPPED = (
    OUT_VARIABLE,
    DATA_VARIABLE,
    PROJECT_VARIABLE,
    ISSUED_VARIABLE,
    "JQ_MODELS_THEME",
    "PYTHONSTARTUP",
    "PYTHONWARNINGS",
    "FORCE_COLOR",
)
_THREADS = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
_FIXED = {
    "PYTHONHASHSEED": "0",
    **dict.fromkeys(_THREADS, "1"),
    "MPLBACKEND": "Agg",  # pictures are shown by report.show alone, never by the inline backend
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # else the debugger warns on every start
}


def with_threads(count: int) -> dict[str, str]:
    """Return the variables that give a kernel's libraries so many threads, for `kernel_environment`."""
    return dict.fromkeys(_THREADS, str(count))


@contextmanager
def kernel_environment(given: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Yield the environment variables of a notebook's kernel.

    The project's folder, a fixed hash seed, one BLAS thread and an empty IPython folder (a user's own
    start-up files have no say) are always set; variables that could redirect a run are taken out.

    Parameters
    ----------
    given : mapping of str to str, optional
        Variables to set beside them, such as ``JQ_MODELS_OUT`` and ``JQ_MODELS_DATA``.
    """
    with TemporaryDirectory(prefix="jq-models-", ignore_cleanup_errors=True) as folder:
        yield {**_variables(given or {}), "IPYTHONDIR": folder}


def _variables(given: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    fixed = {PROJECT_VARIABLE: str(project_root()), **_FIXED, **given}
    checkout = Path(__file__).parents[2]
    if (checkout / "pyproject.toml").exists():  # the kernel runs the same package as the runner
        fixed["PYTHONPATH"] = os.pathsep.join(filter(None, [str(checkout), kept.get("PYTHONPATH")]))
    return {**kept, **fixed}


def warm_kernels() -> Warm | None:
    """Start a process that forks kernels; the caller closes it. None where forking is not safe."""
    return Warm(_variables({})) if POSSIBLE else None


class ThisInterpreter(KernelSpecManager):
    """Knows one kernel: the Python that runs this. A registered ``python3`` may be quite another one."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the kernel of the running interpreter, whatever the name."""
        return self.kernel_spec_class(
            resource_dir=str(ipykernel.kernelspec.RESOURCES), **ipykernel.kernelspec.get_kernel_dict()
        )


class PatientChannel(AsyncZMQSocketChannel):
    """A channel that looks again every second.

    An answer may lie there unannounced: whoever sends on the same socket meanwhile, as nbclient does for
    widgets, takes the notice away (nbclient issue 312). A cell with a slider then waited for its time to end.
    """

    AGAIN = 1.0  # seconds

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]
        """Return a message; raise `queue.Empty` when there is none within so many seconds."""
        end = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            left = max(0.0, end - time.monotonic())
            try:
                return await super().get_msg(min(left, self.AGAIN))
            except Empty:
                if left <= self.AGAIN:
                    raise


class _Client(AsyncKernelClient):
    shell_channel_class = Type(PatientChannel)


class _Manager(AsyncKernelManager):
    @default("client_factory")
    def _patient(self) -> type[_Client]:
        return _Client

    @default("kernel_spec_manager")
    def _this_interpreter(self) -> ThisInterpreter:
        return ThisInterpreter(parent=self)


class Engine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """papermill's engine with our kernel, its own folder and environment, and progress by callback.

    papermill changes the folder of the whole process while a notebook runs, and keeps one event loop a
    thread. Here the kernel alone gets the folder, and every run its own loop, so runs may share a process.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
        """Run all cells of ``nb_man.nb``; options: folder, environment, timeout, on_cell, warm."""
        client = PapermillNotebookClient(
            nb_man,
            kernel_manager_class=_Manager,
            kernel_name=kernel_name,
            timeout=options["timeout"],
            startup_timeout=60,
            record_timing=False,
            shutdown_kernel="immediate",
        )
        if options["warm"] is not None:
            manager = client.create_kernel_manager()
            manager.provisioner = WarmProvisioner(
                options["warm"], kernel_spec=manager.kernel_spec, parent=manager
            )
        run = _run_cells(client, options)
        # zmq needs a selector loop; Windows would give another one
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(run)


async def _run_cells(client: Any, options: dict[str, Any]) -> None:
    on_cell: Callable[[], None] = options["on_cell"]
    client.reset_execution_trackers()
    start = {
        "env": options["environment"],
        "cwd": str(options["folder"]),
        # a kernel's own messages may quote data; what matters arrives as outputs
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    async with client.async_setup_kernel(**start):
        with suppress(NotImplementedError):  # Windows
            # nbclient answers Ctrl-C by killing the kernel alone; the run must stop
            asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
        for index, cell in enumerate(client.nb.cells):
            client.nb_man.cell_start(cell, index)
            try:
                await client.async_execute_cell(cell, index)
            except CellExecutionError as error:
                client.nb_man.cell_exception(cell, cell_index=index, exception=error)
                break
            finally:
                client.nb_man.cell_complete(cell, cell_index=index)
            if cell.cell_type == "code":
                on_cell()


papermill_engines.register(ENGINE, Engine)
