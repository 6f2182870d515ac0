"""``jq-models archive``: a report as a deposit that can be run again years later."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jq_models import paths
from jq_models.cli.screen import complaints, mendable, screen

ARCHIVE_HELP = "\n\n".join(
    (
        "Pack a report with its tables, questionnaire, code, lock and codebook into one zip file for a data "
        "archive.",
        "Simulated answers are put in. Those of respondents are only with --with-data; else a synthetic "
        "stand-in with the same moments is in their place, labelled as such. The deposit is searched for "
        "what may not be shown before it is written.",
        "[bold]jq-models archive demo --check[/bold]",
        "[bold]jq-models archive acme[/bold]",
        "Exit code 2: it cannot be made, and why; 4: --check found that the numbers changed.",
    )
)


def archive(
    name: Annotated[str, typer.Argument(metavar="REPORT", help="A folder of reports/.")],
    with_data: Annotated[
        bool,
        typer.Option(
            "--with-data", help="The answers may be shared, those of the wave before too: put them in."
        ),
    ] = False,
    data: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The data file; default: the study file's.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Unpack it and reproduce the report with its own code.")
    ] = False,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh-environment", help="With --check: in an environment made from its lock (minutes)."
        ),
    ] = False,
) -> None:
    """Pack a report into a deposit."""
    # imported here: the report's machinery takes a second to load
    from jq_models.report.deposit_screen import checked_lines, deposit_lines
    from jq_models.report.reproduce_record import EXIT
    from jq_models.run.archive import archive as pack
    from jq_models.run.archive_check import check_deposit

    with mendable():
        made = pack(name, with_data=with_data, data=data)
        path = made.path
        inside = path.is_relative_to(paths.project_root())
        place = path.relative_to(paths.project_root()).as_posix() if inside else path.name
        lines = deposit_lines(place=place, files=made.files, stand_in=made.stand_in, found=made.distances)
        screen.print(lines)
        if not (check or fresh):
            return
        with complaints.status("unpacking it and running it again"):
            checked = check_deposit(path, fresh=fresh)
        screen.print(
            checked_lines(
                checked.result,
                stand_in=checked.stand_in,
                fresh=fresh,
                passed=checked.passed,
                found=checked.distances,
            )
        )
    if not checked.passed:
        raise typer.Exit(EXIT["changed"])
