"""``jq-models reproduce``: make a report again and say what is not the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jq_models.cli.options import Json
from jq_models.cli.screen import bars, complaints, mendable, screen

REPRODUCE_HELP = "\n\n".join(
    (
        "Run a report again from its run.json and compare every table, number by number.",
        "It is run with what is here now, in a temporary folder: the report stays as it is. What differs in "
        "data, questionnaire, study file, code, packages and machine is named.",
        "[bold]jq-models reproduce reports/demo[/bold]",
        "[bold]jq-models reproduce acme --data wave1.csv --json out.json[/bold]",
        "Exit code 0: identical; 3: within tolerance (a millionth of each number, or 1e-9); 4: changed; "
        "2: it cannot be made again, and why.",
    )
)


def reproduce(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="A folder of reports/, or its name.")],
    data: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The data file; default: the study file's.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="Of the linear algebra in the notebooks.")] = 1,
    json: Json = None,
) -> None:
    """Make a report again and compare."""
    # imported here: the notebook machinery takes seconds to load
    from jq_models.report.reproduce_record import EXIT, record
    from jq_models.report.reproduce_screen import reproduction_screen
    from jq_models.run.plain_files import check_writable, write_json
    from jq_models.run.reproduce import reproduce as make_again
    from jq_models.run.together import NOTEBOOKS

    with mendable():
        if json is not None:
            check_writable(json)
        with bars(console=complaints, passing=True) as progress:
            tasks = {notebook: progress.add_task(notebook, total=None) for notebook in NOTEBOOKS}
            done = make_again(
                report,
                data=data,
                threads=threads,
                on_progress=lambda notebook, k, n: progress.update(tasks[notebook], completed=k, total=n),
            )
        if json is not None:
            write_json(record(done), json)
        screen.print(reproduction_screen(done))
    if code := EXIT[done.verdict]:
        raise typer.Exit(code)
