"""``jq-models pls``: the composite route for a model text and a data file, to a screen and a JSON file."""

from __future__ import annotations

import os
from typing import Annotated, Literal

import typer

from jq_models.cli.options import (
    DRAWN,
    METHOD,
    Bootstrap,
    DataFile,
    Json,
    Level,
    ModelFile,
    NoAnswer,
    Seed,
    listed,
    paired,
)
from jq_models.cli.screen import bars, complaints, mendable, screen

# typer keeps the line breaks inside a paragraph: so each is one line
PLS_HELP = "\n\n".join(
    (
        "Fit a model of your own by PLS or consistent PLS.",
        "Partial least squares path modelling: factors are written =~, composites <~, arrows ~; a "
        "construct of constructs is estimated in two stages. Cases with a missing answer are left out.",
        "[bold]jq-models pls model.txt answers.csv[/bold]",
        "[bold]jq-models pls model.txt answers.csv --consistent --bootstrap 5000 --seed 7[/bold]",
        "[bold]jq-models pls model.txt answers.csv --scheme factorial --mode JQ=A --json out.json[/bold]",
        "The JSON holds all numbers unrounded: converged, n, loadings, weights and paths (lhs op rhs est se "
        "ci_low ci_high), r2, reliability, htmt, fit (how far the model is from the data, saturated and "
        "estimated; with --bootstrap also HI95, HI99 and p), bootstrap; then admissible, scheme, consistent, "
        "modes, estimates (every quantity with its interval, effects, correlations, HTMT and := rows among "
        "them), offer (a model to fit instead, where constructs overlap too much), warnings. null is what "
        "does not apply.",
        "Ends with 0; with 1 when the model has no solution (converged is false) or the bootstrap gave "
        "nothing (se and intervals are null): the warnings say why; with 2 on a mistake you can mend: a "
        "misspelt column, a model that does not parse.",
    )
)


def pls(
    model: ModelFile,
    data: DataFile,
    scheme: Annotated[
        Literal["path", "factorial", "centroid"],
        typer.Option(
            help="Inner weights: regressions where arrows lead to a construct and correlations elsewhere; "
            "correlations; their signs.",
            rich_help_panel=METHOD,
        ),
    ] = "path",
    consistent: Annotated[
        bool,
        typer.Option(
            "--consistent/--no-consistent",
            help="Correct factors (=~) for attenuation: consistent PLS, PLSc.",
            rich_help_panel=METHOD,
        ),
    ] = False,
    mode: Annotated[
        list[str] | None,
        typer.Option(
            metavar="JQ=A",
            help="Weights of a construct: A, correlations (default for =~), or B, a regression (default for "
            "<~); may be repeated.",
            rich_help_panel=METHOD,
        ),
    ] = None,
    dominant: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TIN=TIN2",
            help="The indicator that loads positively on a construct; default: its first; may be repeated.",
            rich_help_panel=METHOD,
        ),
    ] = None,
    tolerance: Annotated[
        float,
        typer.Option(help="Stop when no weight changes by as much; at most 0.01.", rich_help_panel=METHOD),
    ] = 1e-10,
    max_iterations: Annotated[
        int, typer.Option(min=1, help="Per stage, then it has not converged.", rich_help_panel=METHOD)
    ] = 300,
    na: NoAnswer = None,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="The bootstrap draws whole clusters.", rich_help_panel=DRAWN),
    ] = None,
    bootstrap: Bootstrap = None,
    interval: Annotated[
        Literal["percentile", "bc", "bca"],
        typer.Option(
            help="Percentile, bias-corrected (better for composites, whose percentile intervals are too "
            "narrow), or bias-corrected and accelerated.",
            rich_help_panel=DRAWN,
        ),
    ] = "percentile",
    seed: Seed = 1,
    level: Level = 0.95,
    json: Json = None,
) -> None:
    """Fit a model of your own by PLS to a data file."""
    # imported here: the other commands do without the engine
    from jq_models.report.pls_screen import pls_screen
    from jq_models.run.plain_files import Draws, check_writable, write_json
    from jq_models.run.pls_file import pls_file
    from jq_models.run.pls_json import pls_document

    with mendable():
        if json is not None:
            check_writable(json)
    with mendable(), bars(console=complaints, passing=True) as progress:
        task = progress.add_task("bootstrap", total=bootstrap, visible=False)
        test = progress.add_task("test of fit", total=bootstrap, visible=False)
        record = pls_file(
            model,
            data,
            na=listed(na),
            draws=Draws(draws=bootstrap, seed=seed, workers=os.cpu_count() or 1) if bootstrap else None,
            interval=interval,
            level=level,
            on_progress=lambda done, total: progress.update(task, completed=done, visible=True),
            on_test=lambda done, total: progress.update(test, completed=done, visible=True),
            scheme=scheme,
            consistent=consistent,
            modes=paired(mode or [], option="--mode", example="JQ=A"),
            dominant=paired(dominant or [], option="--dominant", example="TIN=TIN2"),
            cluster=cluster,
            tolerance=tolerance,
            max_iterations=max_iterations,
        )
    with mendable():
        if json is not None:
            write_json(pls_document(record), json)
    screen.print(pls_screen(record))
    if record.failure:
        raise typer.Exit(1)
