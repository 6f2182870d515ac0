"""A pytest plugin: nbval, with a numeric tolerance and the kernels that reports are made with.

Loaded by ``-p jq_models.run.regression`` (pyproject.toml), used with ``--nbval``. nbval collects a stored
notebook as a file and each code cell as a test, runs the cell and compares. What this changes:

- words and whole numbers are compared exactly, other numbers as in `jq_models.run.compare`;
- pictures are not compared, but that there is one is;
- a cell stored unexecuted fails: nbval by itself would run it and compare nothing; students' copies of the
  course, which have no outputs, are left out, and their solved twins compared;
- the kernel is this interpreter with the hash seed, BLAS threads and variables of a report's run; where there
  are many notebooks it is forked from a process that has imported everything.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from jupyter_client.manager import KernelManager
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError, transform_streams_for_comparison

from jq_models.run.compare import differences
from jq_models.run.course import is_copy
from jq_models.run.kernel import ThisInterpreter, kernel_environment, warm_kernels
from jq_models.run.warm import Warm, WarmProvisioner

PICTURES = ("image/png", "image/jpeg", "image/svg+xml", "application/pdf")
# Not content: where a text came from and how often cells ran in this session.
SKIPPED = ("output_type", "metadata", "execution_count", "name", "traceback")
SHOWN = 12
# Importing everything once takes longer than a few notebooks that need little of it take to start.
MANY = 4
_WARM = pytest.StashKey[Warm | None]()


class StoredKernel(RunningKernel):  # type: ignore[misc]  # nbval has no types
    """A kernel as a report's run has it. nbval's own inherits this process's variables."""

    def __init__(self, *, folder: str, startup_timeout: float, warm: Warm | None) -> None:
        self._environment = kernel_environment()
        self.km = KernelManager(kernel_spec_manager=ThisInterpreter())
        if warm is not None:
            self.km.provisioner = WarmProvisioner(warm, kernel_spec=self.km.kernel_spec, parent=self.km)
        self.km.start_kernel(env=self._environment.__enter__(), cwd=folder, stderr=subprocess.DEVNULL)
        self.kc = self.km.client()
        self.kc.start_channels()
        try:
            self.kc.wait_for_ready(timeout=startup_timeout)
        except RuntimeError:
            self.stop()
            raise
        self._ensure_iopub_up()

    def stop(self) -> None:
        """Stop the kernel and remove its folder."""
        super().stop()
        self._environment.__exit__(None, None, None)


class StoredNotebook(IPyNbFile):  # type: ignore[misc]  # nbval has no types
    """A stored notebook; each code cell is one test."""

    def setup(self) -> None:
        """Start the kernel and read the file of replacements."""
        self.kernel = StoredKernel(
            folder=str(self.path.parent),
            startup_timeout=self.config.option.nbval_kernel_startup_timeout,
            warm=_warm(self.session),
        )
        self.setup_sanitize_files()

    def get_sanitize_files(self) -> list[str]:
        """Return the file of replacements; a relative name counts from pyproject.toml, not from here."""
        ini = self.config.inipath
        folder = ini.parent if ini else self.config.rootpath
        return [str(folder / name) for name in super().get_sanitize_files()]

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the code cells."""
        for cell in super().collect():
            yield StoredCell.from_parent(
                self, name=cell.name, cell_num=cell.cell_num, cell=cell.cell, options=cell.options
            )


class StoredCell(IPyNbCell):  # type: ignore[misc]  # nbval has no types
    """A code cell: runs, and prints what is stored."""

    def runtest(self) -> None:
        """Run the cell and compare; a cell that was stored without having run fails."""
        if self.cell.source.strip() and self.cell.execution_count is None:
            self.raise_cell_error("Stored unexecuted: run `python3 do.py refresh` and store the result")
        super().runtest()

    def compare_outputs(self, test: Any, ref: Any, skip_compare: object = None) -> bool:
        """Compare what the cell prints now (`test`) with what is stored (`ref`), kind by kind."""
        stored, found = self._by_kind(ref), self._by_kind(test)
        self.comparison_traceback = [
            f"{kind}: {len(stored.get(kind, []))} stored, {len(found.get(kind, []))} now"
            for kind in sorted({*stored, *found})
            if len(stored.get(kind, [])) != len(found.get(kind, []))
        ]
        for kind in sorted({*stored, *found} - set(PICTURES)):
            for left, right in zip(stored.get(kind, []), found.get(kind, []), strict=False):
                self.comparison_traceback += _lines(kind, left, right)
        return not self.comparison_traceback

    def repr_failure(self, excinfo: Any) -> str:
        """Return what failed, where, and what to do, in one block."""
        error = excinfo.value
        if not isinstance(error, NbCellError):
            return f"{self.where}: {type(error).__name__}: {error}"
        lines = [
            f"{self.where}: {error}",
            *(f"    {line}" for line in error.source.splitlines()),
            error.inner_traceback or "",
            "If the new result is right: `python3 do.py refresh`, look at the difference, store it.",
        ]
        return "\n".join(lines)

    def reportinfo(self) -> tuple[Any, int, str]:
        """Name the test in pytest's report."""
        return self.path, 0, self.where

    @property
    def where(self) -> str:
        """The notebook and its code cell, counted from 1."""
        path, root = self.path, self.config.rootpath
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        return f"{name}, code cell {self.cell_num + 1}"

    def _by_kind(self, outputs: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
        values: dict[str, list[Any]] = {}
        for output in transform_streams_for_comparison(outputs):
            for kind, value in {**output, **output.get("data", {})}.items():
                if kind not in (*SKIPPED, "data"):
                    values.setdefault(kind, []).append(self.sanitize(value))
        return values


@pytest.hookimpl(wrapper=True)
def pytest_collect_file() -> Iterator[None]:
    """Put our notebooks in the place of those nbval collects."""
    collected: Any = yield
    return [  # type: ignore[return-value]  # a wrapper's return value is the hook's result
        StoredNotebook.from_parent(node.parent, path=node.path) if type(node) is IPyNbFile else node
        for node in collected
        if not (isinstance(node, IPyNbFile) and is_copy(node.path))
    ]


def _warm(session: pytest.Session) -> Warm | None:
    """Return the process that kernels are forked from, None where each is started by itself."""
    stash = session.config.stash
    if _WARM not in stash:
        notebooks = {item.path for item in session.items if isinstance(item, StoredCell)}
        stash[_WARM] = warm_kernels() if len(notebooks) >= MANY else None
    return stash[_WARM]


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the process that kernels were forked from."""
    warm = config.stash.get(_WARM, None)
    if warm is not None:
        warm.close()


def _lines(kind: str, stored: object, found: object) -> list[str]:
    if not isinstance(stored, str) or not isinstance(found, str):
        return [] if stored == found else [f"{kind}: differs"]
    lines = [f"{kind}: {difference}" for difference in differences(stored, found)]
    more = [f"{kind}: … and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return lines[:SHOWN] + more
