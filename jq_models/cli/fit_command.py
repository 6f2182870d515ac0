"""``jq-models fit``: a model text and a data file in, a screen and a JSON file out."""

from __future__ import annotations

import os
from typing import Annotated, Literal

import typer

from jq_models.cli.options import (
    DRAWN,
    GROUPS,
    METHOD,
    Bootstrap,
    DataFile,
    Json,
    Level,
    ModelFile,
    NoAnswer,
    Seed,
    listed,
)
from jq_models.cli.screen import bars, complaints, mendable, screen

# typer keeps the line breaks inside a paragraph: so each is one line
HELP = "\n\n".join(
    (
        "Fit a model of your own to a data file.",
        "Delimiter, decimal sign and encoding of the file are found; only the model's columns are read.",
        "[bold]jq-models fit model.txt answers.csv --estimator MLR --missing fiml[/bold]",
        "[bold]jq-models fit model.txt answers.csv --group country --equal loadings[/bold]",
        "[bold]jq-models fit model.txt answers.csv --ordered all --json out.json[/bold]",
        "[bold]jq-models fit model.txt answers.csv --bootstrap 1000 --seed 7[/bold]",
        "The JSON holds all numbers unrounded: converged, n, npar, estimator, parameters (lhs op rhs group "
        "label est se z pvalue ci_low ci_high std_all free), fit, warnings. 'group' counts from 1 in order "
        "of appearance and is 0 for := rows; 'free' is 0 for a fixed parameter, else its number; null is "
        "what does not apply.",
        "Ends with 0; with 1 when the model could not be fitted (converged is false) or the bootstrap gave "
        "nothing (se and intervals are null): the warnings say why; with 2 on a mistake you can mend: "
        "a misspelt column, a model that does not parse.",
    )
)


def fit(
    model: ModelFile,
    data: DataFile,
    estimator: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="ML, MLR, MLM, MLMV, MLF, ULS, GLS, WLS, DWLS, WLSMV or ULSMV. Default: ML; WLSMV with "
            "--ordered; MLR with --cluster or --weights.",
            rich_help_panel=METHOD,
        ),
    ] = "",
    missing: Annotated[
        Literal["listwise", "fiml"],
        typer.Option(
            help="Complete cases only, or full-information maximum likelihood.", rich_help_panel=METHOD
        ),
    ] = "listwise",
    na: NoAnswer = None,
    ordered: Annotated[
        str | None,
        typer.Option(
            metavar="a,b|all",
            help="Items with ordered categories.",
            rich_help_panel=METHOD,
        ),
    ] = None,
    parameterization: Annotated[
        Literal["delta", "theta"], typer.Option(help="Of ordered items.", rich_help_panel=METHOD)
    ] = "delta",
    std_lv: Annotated[
        bool,
        typer.Option(
            "--std-lv", help="Latent variances 1 in place of first loadings.", rich_help_panel=METHOD
        ),
    ] = False,
    information: Annotated[
        Literal["expected", "observed"] | None,
        typer.Option(help="Behind the standard errors; default: the estimator's.", rich_help_panel=METHOD),
    ] = None,
    engine: Annotated[
        Literal["jq", "semopy"],
        typer.Option(help="Who optimises. semopy: ML, one group, complete answers.", rich_help_panel=METHOD),
    ] = "jq",
    group: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="One model for each value, numbered as they appear.",
            rich_help_panel=GROUPS,
        ),
    ] = None,
    equal: Annotated[
        str | None,
        typer.Option(
            metavar="loadings,...",
            help="What is equal over groups: loadings, intercepts, means, residuals, residual.covariances, "
            "lv.variances, lv.covariances, regressions, thresholds.",
            rich_help_panel=GROUPS,
        ),
    ] = None,
    free: Annotated[
        list[str] | None,
        typer.Option(
            metavar='"f =~ x3"',
            help="A parameter released from --equal; may be repeated.",
            rich_help_panel=GROUPS,
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN", help="Standard errors and test that respect clusters.", rich_help_panel=DRAWN
        ),
    ] = None,
    weights: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Sampling weights.", rich_help_panel=DRAWN)
    ] = None,
    bootstrap: Bootstrap = None,
    seed: Seed = 1,
    level: Level = 0.95,
    json: Json = None,
) -> None:
    """Fit a model of your own to a data file."""
    # imported here: the other commands do without the engine
    from jq_models.report.fit_screen import fit_screen
    from jq_models.run.fit_file import document, fit_file
    from jq_models.run.plain_files import Draws, check_writable, write_json

    with mendable():
        if json is not None:
            check_writable(json)
    with mendable(), bars(console=complaints, passing=True) as progress:
        task = progress.add_task("bootstrap", total=bootstrap, visible=False)
        record = fit_file(
            model,
            data,
            na=listed(na),
            draws=Draws(draws=bootstrap, seed=seed, workers=os.cpu_count() or 1) if bootstrap else None,
            level=level,
            on_progress=lambda done, total: progress.update(task, completed=done, visible=True),
            estimator=estimator.upper() or None,
            missing=missing,
            ordered="all" if ordered == "all" else listed(ordered),
            parameterization=parameterization,
            std_lv=std_lv,
            information=information,
            engine=engine,
            group=group,
            equal=listed(equal),
            free=listed(",".join(free or [])),
            cluster=cluster,
            weights=weights,
        )
    with mendable():
        if json is not None:
            write_json(document(record), json)
    screen.print(fit_screen(record))
    if record.failure:
        raise typer.Exit(1)
