"""Runs the stored notebooks where they stand and stores what they show; run twice it changes nothing.

``python -m jq_models.run.refresh`` does all of ``notebooks/``, or the notebooks named behind it. Students'
copies of the course are not run but derived, each after its solved notebook (`course`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from jq_models.errors import JQError, RunError
from jq_models.paths import project_root
from jq_models.run.clean import notebook_text, write_notebook
from jq_models.run.course import copy_path, is_copy, is_solved, write_copy
from jq_models.run.notebook import Progress, run_notebook


def stored_notebooks(folder: Path) -> list[Path]:
    """Return the executed notebooks below a folder in a fixed order.

    JupyterLab's checkpoints are left out, and students' copies of the course, which have no outputs.
    """
    found = sorted(path for path in folder.rglob("*.ipynb") if not is_copy(path))
    return [p for p in found if not any(part.startswith(".") for part in p.relative_to(folder).parts)]


def refresh(path: Path, *, on_progress: Progress | None = None) -> bool:
    """Run one notebook with its own parameters and store it in place.

    Parameters
    ----------
    path : Path
        The notebook; unchanged when it fails.
    on_progress : callable, optional
        As for `run_notebook`.

    Returns
    -------
    bool
        Whether the file changed.

    Raises
    ------
    RunError
        When a cell fails.
    """
    executed = run_notebook(path, out=None, on_progress=on_progress)
    if path.read_text(encoding="utf-8") == notebook_text(executed):
        return False
    write_notebook(executed, path)
    return True


def refresh_all(paths: Iterable[Path], *, say: Callable[[str], None] = print) -> list[Path]:
    """Refresh notebooks one after another and say of each whether it changed; return the changed ones.

    After a solved notebook of the course comes its copy for students.
    """
    changed = []
    for path in paths:
        done = [(path, refresh(path))]
        if is_solved(path):
            done.append((copy_path(path), write_copy(path)))
        changed += [one for one, differs in done if differs]
        for one, differs in done:
            say(f"{one.name}: {'changed' if differs else 'as it was'}")
    return changed


def main(arguments: Sequence[str]) -> int:
    """Refresh the named notebooks, or all of ``notebooks/``; return the exit code."""
    try:
        paths = [Path(name) for name in arguments] or stored_notebooks(project_root() / "notebooks")
        if not paths:
            raise RunError("No notebook below notebooks/: nothing to refresh.")
        refresh_all(paths)
    except JQError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
