"""``jq-models batch``: the reports of many clients, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table as Grid

from jq_models import paths
from jq_models.cli.options import Language
from jq_models.cli.screen import bars, complaints, mendable, screen
from jq_models.errors import JQError, RunError

if TYPE_CHECKING:
    from jq_models.run.batch_client import Outcome

BATCH_HELP = "\n\n".join(
    (
        "Make the reports of many clients, side by side.",
        "One that fails stops no other; what became of each stands in a table at the end and in "
        "reports/batch.csv. A report made from the same data, study file and code is kept: a batch that was "
        "stopped goes on where it was.",
        "[bold]jq-models batch north south east[/bold]",
        "[bold]jq-models batch --all --at-once 4[/bold]",
        "[bold]jq-models batch --all --scheduler tcp://10.0.0.5:8786[/bold]",
        "Exit code 1: some failed; 2: a mistake in the call.",
    )
)
SUMMARY = "batch.csv"


def batch(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAMES...", help="Files in data/studies, without .toml.")
    ] = None,
    everyone: Annotated[bool, typer.Option("--all", help="Every study that is not simulated.")] = False,
    at_once: Annotated[
        int | None, typer.Option(min=1, help="Clients that run at a time; default: one a core.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="A dask scheduler, such as tcp://10.0.0.5:8786, in place of processes of this machine. "
            "Its workers share the project folder.",
        ),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Make every report anew.")] = False,
    language: Language = None,
) -> None:
    """Make the reports of many clients, side by side."""
    # imported here: the other commands do without
    from jq_models.run.batch import clients, run_batch, write_outcomes

    with mendable():
        if bool(names) == everyone:
            raise RunError("Name the clients, or take --all: one of the two.")
        chosen = clients() if everyone else tuple(names or ())
        if not chosen:
            raise RunError("No study of a client is there: every file in data/studies is simulated.")
        with bars(console=complaints, passing=True) as progress:
            task = progress.add_task("batch", total=len(set(chosen)))
            outcomes = run_batch(
                chosen,
                language=language,
                at_once=at_once,
                scheduler=scheduler,
                again=again,
                on_done=lambda outcome: progress.advance(task),
            )
        write_outcomes(outcomes, paths.reports() / SUMMARY)
    screen.print(_grid(outcomes))
    failed = [outcome.study for outcome in outcomes if outcome.result == "failed"]
    says = f"{len(outcomes) - len(failed)} of {len(outcomes)} reports made or kept; {len(failed)} failed."
    if stay := _earlier(failed, language):
        says += f" Earlier reports stay as they were: {', '.join(stay)}."
    screen.print(says)
    if failed:
        raise typer.Exit(1)


def _earlier(failed: Sequence[str], language: str | None) -> list[str]:
    """Return the studies whose report of an earlier run still stands."""
    from jq_models.run.study import report_folder
    from jq_models.spec import load_study

    stay = []
    for name in failed:
        with suppress(
            JQError
        ):  # no study file, or one that cannot be read: where its report is, nobody knows
            study = load_study(name)
            if (paths.reports() / report_folder(study, language or study.language)).is_dir():
                stay.append(name)
    return stay


def _grid(outcomes: Sequence[Outcome]) -> Grid:
    grid = Grid("study", "result")
    for heading in ("n", "seconds"):
        grid.add_column(heading, justify="right")
    grid.add_column("report, or why not", overflow="fold")
    for one in outcomes:
        report = f"reports/{one.report}/report.html" if one.report else ""
        says = " ".join(filter(None, (report, one.reason)))
        n = "" if one.n is None else str(one.n)
        grid.add_row(one.study, one.result, n, f"{one.seconds:.0f}", says.replace("[", "\\["))
    return grid
