"""Runs one notebook: strict parameters, a clean kernel, a clean result or a clean error."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from jq_models import errors
from jq_models.errors import JQError, RunError
from jq_models.paths import project_root
from jq_models.run.clean import clean_notebook, clean_text, read_notebook, write_notebook
from jq_models.run.kernel import ENGINE, KERNEL, kernel_environment
from jq_models.run.parameters import Value, check_parameters, read_parameters
from jq_models.run.warm import Warm

Progress = Callable[[int, int], None]
"""Called with the number of code cells done and their total."""

_OURS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, JQError)}
# Errors whose texts name code, never data. Any other text may quote an answer ("could not convert …").
_HARMLESS = {
    "NameError",
    "ImportError",
    "ModuleNotFoundError",
    "SyntaxError",
    "AttributeError",
    "ZeroDivisionError",
}
_PLACE = re.compile(r"(jq_models/[\w/]+\.py):(\d+)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def run_notebook(
    source: Path,
    *,
    out: Path | None,
    parameters: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
    on_progress: Progress | None = None,
    notebook: NotebookNode | None = None,
    timeout: float = 600,
    warm: Warm | None = None,
) -> NotebookNode:
    """Run a notebook in its own folder and store the result.

    Safe to call from several threads at once: no folder, variable or event loop is shared.

    Parameters
    ----------
    source : Path
        The notebook; its folder is the kernel's.
    out : Path or None
        Where the executed notebook goes; nothing is written when the run fails.
    parameters : mapping, optional
        Values for the cell tagged ``parameters``; those not given keep their defaults.
    environment : mapping of str to str, optional
        Variables of the kernel, such as ``JQ_MODELS_OUT`` and ``JQ_MODELS_DATA``.
    on_progress : callable, optional
        ``on_progress(done, total)`` after every code cell, and ``(0, total)`` before the first.
    notebook : NotebookNode, optional
        The content to run in place of the file's, such as its translation.
    timeout : float
        Seconds a single cell may take.
    warm : Warm, optional
        A process to fork the kernel from (`warm_kernels`), so that it need not import everything anew.

    Returns
    -------
    NotebookNode
        The executed notebook without times, paths and machine names.

    Raises
    ------
    RunError
        On a parameter that does not fit, and when a cell fails: the notebook, the cell, the kind of error.
    """
    content = read_notebook(source) if notebook is None else notebook
    checked = check_parameters(
        parameters or {}, read_parameters(content, where=source.name), where=source.name
    )
    progress = _Counter(on_progress, total=_code_cells(content) + bool(checked))
    with kernel_environment(environment) as variables:
        executed = _execute(
            content,
            checked,
            name=source.name,
            folder=source.parent,
            environment=variables,
            timeout=timeout,
            warm=warm,
            on_cell=progress.step,
        )
    clean = clean_notebook(executed, roots=(project_root(), source.parent.resolve()))
    if out is not None:
        write_notebook(clean, out)
    return clean


def _execute(
    content: NotebookNode, parameters: Mapping[str, Value], *, name: str, timeout: float, **options: Any
) -> NotebookNode:
    try:
        executed: NotebookNode = papermill.execute_notebook(
            content,
            None,
            parameters=dict(parameters),
            engine_name=ENGINE,
            kernel_name=KERNEL,
            language="python",
            progress_bar=False,
            autosave_cell_every=0,
            timeout=timeout,
            **options,
        )
        return executed
    # `from None`: the cause quotes the kernel's traceback, and with it perhaps data
    except PapermillExecutionError as error:
        raise _cell_error(error, name, content=content, injected=bool(parameters)) from None
    except CellTimeoutError:
        raise RunError(f"{name}: a cell took longer than {timeout:g} seconds.") from None
    except (DeadKernelError, RuntimeError):
        raise RunError(
            f"{name}: the kernel died or did not start, often for lack of memory. "
            "Close other programs and run again."
        ) from None


class _Counter:
    def __init__(self, on_progress: Progress | None, *, total: int) -> None:
        self._report = on_progress or (lambda done, total: None)
        self._done, self._total = 0, total
        self._report(0, total)

    def step(self) -> None:
        self._done += 1
        self._report(self._done, self._total)


def _code_cells(notebook: NotebookNode) -> int:
    return sum(cell.cell_type == "code" for cell in notebook.cells)


def _cell_error(
    error: PapermillExecutionError, name: str, *, content: NotebookNode, injected: bool
) -> RunError:
    """Say what failed and where, in words that cannot hold an answer or a path.

    papermill counts all cells from 0, with its own among them; we count code cells from 1, as stored.
    """
    stored = [index for index, cell in enumerate(content.cells) if cell.cell_type == "code"]
    tagged = next(i for i, c in enumerate(content.cells) if "parameters" in c.metadata.get("tags", []))
    index = error.cell_index - (injected and error.cell_index > tagged)
    place = _PLACE.findall(_COLOUR.sub("", "\n".join(error.traceback)).replace("\\", "/"))
    where = f" (in {place[-1][0]}, line {place[-1][1]})" if place else ""
    return RunError(
        f"{name}: code cell {stored.index(index) + 1} of {len(stored)} stopped with "
        f"{error.ename}{where}: {_message(error.ename, error.evalue)}"
    )


def _message(kind: str, text: str) -> str:
    if kind in _OURS or kind in _HARMLESS:
        return clean_text(_COLOUR.sub("", text), roots=(project_root(),))
    return (
        "its text is not shown here, for it may quote answers. "
        "Open the notebook with `python3 do.py lab` and run it to see all."
    )
