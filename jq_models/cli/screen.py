"""What every command shares: where it writes, and how a mistake a user can mend ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from jq_models.errors import JQError

screen, complaints = Console(highlight=False), Console(stderr=True, highlight=False)


@contextmanager
def mendable() -> Iterator[None]:
    """Print an error that a user can mend, and end with exit code 2."""
    try:
        yield
    except JQError as error:
        complaints.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(2) from None


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
