"""``jq-models questionnaire``: the instrument ready to field."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jq_models import paths
from jq_models.cli.screen import complaints, mendable, screen
from jq_models.spec import load_instrument
from jq_models.spec.study import FLOOR

HELP = """Write a questionnaire ready to field: to print (HTML, PDF, Word), to type in (Excel), to import into
LimeSurvey and Qualtrics, with its codebook; everything in English and Dutch.

A file answered by it is read without any mapping: its columns are called by the questions' codes."""


def questionnaire(
    instrument: Annotated[
        str, typer.Argument(help="A questionnaire in data/instruments.")
    ] = "ccc_job_quality",
    scale: Annotated[
        str | None, typer.Option(help="Another answer scale of its file, such as agree7.")
    ] = None,
    minimum: Annotated[int, typer.Option(min=FLOOR, help="Smallest group reported on, told to people.")] = 10,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Default: reports/INSTRUMENT.questionnaire.")
    ] = None,
) -> None:
    """Write the files and list them."""
    # slow to load, and needed by this command only
    from jq_models.report.questionnaire import write_questionnaire

    with mendable():
        asked = load_instrument(instrument)
        if scale is not None:
            asked = asked.with_scale(scale)
        folder = out or paths.reports() / f"{instrument}.questionnaire"
        written, without_pdf = write_questionnaire(asked, folder, minimum=minimum)
        for path in sorted(written):
            screen.print(path.name, markup=False)
        if without_pdf:
            complaints.print(without_pdf, markup=False, soft_wrap=True)
