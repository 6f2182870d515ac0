"""The notebooks of a study, run side by side: the longest first, none begun after one has failed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from nbformat import NotebookNode

from jq_models import paths
from jq_models.data import DATA_VARIABLE
from jq_models.errors import RunError
from jq_models.report import OUT_VARIABLE, THEME_VARIABLE
from jq_models.run.clean import read_notebook
from jq_models.run.notebook import run_notebook
from jq_models.run.translate import load_catalogue, translate
from jq_models.run.warm import Warm

NOTEBOOKS = (
    "01_sample",
    "02_measurement",
    "03_structure",
    "04_groups",
    "05_planning",
    "06_robustness",
    "07_composites",
    "08_steering",
    "09_flex_work",
    "10_work_today",
    "11_replication",
    "12_priorities",
    "13_comparison",
    "report",
)
LONGEST = (
    "13_comparison",
    "03_structure",
    "07_composites",
    "05_planning",
    "02_measurement",
    "04_groups",
    "12_priorities",
    "01_sample",
    "06_robustness",
)
AT_ONCE = 2  # kernels side by side; each holds one core

Progress = Callable[[str, int, int], None]
"""Called with a notebook's name, its code cells done and their total."""


def source_of(notebook: str) -> Path:
    """Return a study notebook's file.

    Raises
    ------
    RunError
        When it is not there.
    """
    path = paths.notebooks() / f"{notebook}.ipynb"
    if not path.is_file():
        raise RunError(
            f"The notebook notebooks/study/{path.name} is missing. Restore it from the repository."
        )
    return path


def contents_in(language: str) -> dict[str, NotebookNode]:
    """Read every notebook of a study in a language, so that what is missing stops a run before it begins.

    Raises
    ------
    RunError
        When a notebook or a part of its translation is missing.
    """
    found = {name: read_notebook(source_of(name)) for name in NOTEBOOKS}
    if language == "en":
        return found
    catalogue = load_catalogue(language)
    return {
        name: translate(content, name=name, language=language, catalogue=catalogue)
        for name, content in found.items()
    }


def run_together(
    work: Path,
    *,
    parameters: Mapping[str, object],
    data: Path,
    on_progress: Progress | None,
    theme: str | None = None,
    at_once: int = AT_ONCE,
    warm: Warm | None = None,
    beside: Mapping[str, str] | None = None,
) -> dict[str, float]:
    """Run all notebooks of a study side by side, and return the seconds each took.

    Parameters
    ----------
    work : Path
        Where the executed notebooks go, into ``notebooks/``.
    parameters : mapping
        Of every notebook; ``language`` is that of the narration too.
    data : Path
        The data file.
    on_progress : callable or None
        Called from worker threads.
    theme : str, optional
        The house style of the drawings.
    at_once : int
        How many run at a time.
    warm : Warm, optional
        A process to fork their kernels from.
    beside : mapping of str to str, optional
        More variables of their environment.

    Raises
    ------
    RunError
        When a notebook is missing or fails; the others are not begun then.
    """
    contents = contents_in(str(parameters["language"]))
    (work / "notebooks").mkdir()
    timing: dict[str, float] = {}
    failed = Event()
    environment = {**(beside or {}), OUT_VARIABLE: str(work), DATA_VARIABLE: str(data)}
    if theme is not None:
        environment[THEME_VARIABLE] = theme

    def one(notebook: str) -> None:
        if failed.is_set():
            return
        start = time.monotonic()
        try:
            run_notebook(
                source_of(notebook),
                out=work / "notebooks" / f"{notebook}.ipynb",
                parameters=parameters,
                environment=environment,
                on_progress=None if on_progress is None else lambda k, n: on_progress(notebook, k, n),
                notebook=contents[notebook],
                warm=warm,
            )
        except BaseException:
            failed.set()
            raise
        timing[notebook] = time.monotonic() - start

    # the longest first, so that no core waits for it at the end
    order = sorted(NOTEBOOKS, key=lambda name: LONGEST.index(name) if name in LONGEST else len(LONGEST))
    pool = ThreadPoolExecutor(at_once)
    try:
        for done in [pool.submit(one, notebook) for notebook in order]:
            done.result()
    finally:
        failed.set()  # also when stopped from the keyboard
        pool.shutdown(cancel_futures=True)
    return {notebook: timing[notebook] for notebook in NOTEBOOKS}
