"""``jq-models init``: a project folder for who installed the package without its checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jq_models.cli.screen import mendable, screen


def init(
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Default: the current folder.")] = Path(),
) -> None:
    """Make a project: questionnaires, notebooks and the demo, in a folder that runs write to."""
    from jq_models.run.project import make_project

    with mendable():
        made = make_project(folder)
        for part, count in made.counts.items():
            screen.print(f"  {part}: {count} {'file' if count == 1 else 'files'}", markup=False)
        where = "here" if folder == Path() else f"in {folder.as_posix()}"
        screen.print(f"Made a project {where}. Next, in that folder:", markup=False, soft_wrap=True)
        for command, what in (
            ("jq-models study demo", "a whole report on the demo"),
            ("jupyter lab notebooks/00_start_here.ipynb", "the notebooks"),
            ("jq-models new-client NAME --data FILE", "a study of your own"),
        ):
            screen.print(f"  {command:<44} {what}", markup=False, soft_wrap=True)
