"""What every command shares: where it writes, and how a mistake a user can mend ends."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from jq_models.errors import JQError

TRACEBACK = "JQ_MODELS_TRACEBACK"
screen, complaints = Console(highlight=False), Console(stderr=True, highlight=False)


@contextmanager
def mendable() -> Iterator[None]:
    """Print an error that a user can mend, and end with exit code 2.

    An error of ours, which nobody foresaw, is named with its place and ends with exit code 70 (EX_SOFTWARE);
    its text and its traceback may quote answers, so they are printed only when `TRACEBACK` is set.
    """
    try:
        yield
    except JQError as error:
        complaints.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except Exception as error:  # whatever nobody foresaw: see above
        if os.environ.get(TRACEBACK):
            raise
        complaints.print(_unforeseen(error), markup=False, soft_wrap=True)
        raise typer.Exit(70) from None


def _unforeseen(error: Exception) -> str:
    """Return the kind of an error and the last place of ours it passed, not its text."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "jq_models" in frame.filename]
    place = f", in {Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else ""
    return (
        f"Something went wrong that should not: {type(error).__name__}{place}. Please report it with this "
        f"line. Its text may quote answers and is not shown; set {TRACEBACK}=1 to see it yourself."
    )


def bars(*, console: Console = screen, passing: bool = False) -> Progress:
    """Return bars of progress; `passing` ones leave nothing behind."""
    return Progress(
        TextColumn("{task.description:<15}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=passing,
        disable=passing and not console.is_terminal,
    )
