"""``jq-models power``: how many people are enough, by simulation."""

from __future__ import annotations

import os
from typing import Annotated, Literal

import typer

from jq_models.cli.options import SIMULATION, Json, Language, StudyData, StudyName
from jq_models.cli.screen import bars, complaints, mendable, screen
from jq_models.errors import SpecError
from jq_models.spec import load_study

POWER_HELP = "\n\n".join(
    (
        "Plan a study: how often would its paths be found, and how precisely, with n people?",
        "Draws many studies from the study's own fitted model, or from the documented values where it has "
        "none, fits each, and counts.",
        "[bold]jq-models power demo --n 100,200,300,600[/bold]",
        "[bold]jq-models power demo --n 300 --organisations 0,8,30 --loadings .6,.8[/bold]",
        "[bold]jq-models power gss --data answers.csv --replications 5000 --json out.json[/bold]",
        "The same seed gives the same numbers with any number of workers, here or on a dask cluster.",
    )
)
WORTH_A_POOL = 5000


def power(
    study: StudyName = "demo",
    n: Annotated[str, typer.Option(metavar="100,200,...", help="Complete answers.")] = "100,200,300,600",
    organisations: Annotated[
        str,
        typer.Option(metavar="0,8,...", help="Organisations the people come from; 0: independent people."),
    ] = "0",
    loadings: Annotated[
        str | None,
        typer.Option(metavar=".6,.7,...", help="Mean loadings of the items; default: the population's own."),
    ] = None,
    answers: Annotated[
        Literal["continuous", "five-point"],
        typer.Option(help="five-point: cut at skewed thresholds, as in the simulated data; slower."),
    ] = "continuous",
    data: StudyData = None,
    replications: Annotated[
        int, typer.Option(min=2, help="Studies drawn for each condition.", rich_help_panel=SIMULATION)
    ] = 1000,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Default: the study's.", rich_help_panel=SIMULATION)
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes; default: one a core where it pays.", rich_help_panel=SIMULATION),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="A dask scheduler, such as tcp://10.0.0.5:8786, in place of processes of this machine.",
            rich_help_panel=SIMULATION,
        ),
    ] = None,
    language: Language = None,
    json: Json = None,
) -> None:
    """Plan a study: power, bias, coverage and precision over the number of people."""
    # imported here: the other commands do without the engine
    from jq_models.evaluate.power import grid
    from jq_models.report import wording
    from jq_models.report.planning_screen import check_sizes, planning_screen
    from jq_models.run.plain_files import check_writable, write_json
    from jq_models.run.power_plan import power_plan, power_record

    with mendable():
        w = wording(language or load_study(study).language)
        if json is not None:
            check_writable(json)
        conditions = grid(
            _whole(n, "--n"),
            organisations=_whole(organisations, "--organisations"),
            loadings=_shares(loadings) if loadings else (None,),
        )
        check_sizes(len({condition.n for condition in conditions}))
    with mendable(), bars(console=complaints, passing=True) as progress:
        task = progress.add_task("power", total=None)
        plan = power_plan(
            study,
            conditions,
            data=data,
            five_points=answers == "five-point",
            replications=replications,
            seed=seed,
            workers=workers or _cores(replications * len(conditions)),
            scheduler=scheduler,
            on_progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    with mendable():
        if json is not None:
            write_json(power_record(plan), json)
        screen.print(planning_screen(plan.found, w, planned=plan.planned, instrument=plan.instrument))


def _cores(studies: int) -> int:
    """Return the processes to use: starting them takes as long as a few thousand studies."""
    return 1 if studies < WORTH_A_POOL else os.cpu_count() or 1


def _whole(text: str, option: str) -> list[int]:
    """Read whole numbers between commas."""
    try:
        return [int(word) for word in text.split(",") if word.strip()]
    except ValueError:
        raise SpecError(f"{option} {text}: give whole numbers and commas, as in {option} 100,200.") from None


def _shares(text: str) -> list[float]:
    """Read numbers between commas."""
    try:
        return [float(word) for word in text.split(",") if word.strip()]
    except ValueError:
        raise SpecError(f"--loadings {text}: give numbers between commas, as in --loadings .6,.8.") from None
