"""``jq-models questionnaire``: the instrument ready to field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from jq_models import paths
from jq_models.cli.screen import complaints, mendable, screen
from jq_models.errors import SpecError
from jq_models.spec import Study, check_columns, load_instrument, load_study, with_modules
from jq_models.spec.study import FLOOR

HELP = """Write a questionnaire ready to field: to print (HTML, PDF, Word), to type in (Excel), to import into
LimeSurvey and Qualtrics, with its codebook; everything in English and Dutch.

With --study it also asks what that study compares: its groups, such as organisation and team, and its
covariates. A file answered by it is read by that study without any mapping."""
DEFAULT, MINIMUM = "ccc_job_quality", 10
LACKS = {
    "groups": "Groups (such as organisation, team or contract): no comparison, no response by group, and "
    "intervals that take people of one team as unrelated.",
    "recommend": "Would you recommend working here, 0 to 10: no employee net promoter score.",
    "customer_contact": "Share of working time with customers: nothing is held constant for it.",
}


def questionnaire(
    instrument: Annotated[
        str | None,
        typer.Argument(help=f"A questionnaire in data/instruments. Default: the study's, else {DEFAULT}."),
    ] = None,
    study: Annotated[
        str | None, typer.Option(help="Also ask the groups and covariates of a study in data/studies.")
    ] = None,
    scale: Annotated[
        str | None, typer.Option(help="Another answer scale of its file, such as agree7.")
    ] = None,
    minimum: Annotated[
        int | None,
        typer.Option(
            min=FLOOR,
            help=f"Smallest group reported on, told to people. Default: the study's, else {MINIMUM}.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Default: reports/STUDY.questionnaire or INSTRUMENT.questionnaire."
        ),
    ] = None,
) -> None:
    """Write the files and list them."""
    # slow to load, and needed by this command only
    from jq_models.report.questionnaire import write_questionnaire

    with mendable():
        spec = load_study(study) if study else None
        agreed = _agreed(spec, instrument=instrument, scale=scale, minimum=minimum)
        asked = load_instrument(agreed[0])
        if agreed[1] is not None:
            asked = asked.with_scale(agreed[1])
        if spec:
            if spec.modules.names:
                asked = with_modules(asked, load_instrument(spec.modules.instrument), spec.modules.names)
            check_columns(spec, asked)
        folder = out or paths.reports() / f"{study or agreed[0]}.questionnaire"
        written, without_pdf = write_questionnaire(asked, folder, minimum=agreed[2], study=spec)
        for path in sorted(written):
            screen.print(path.name, markup=False)
        for warning in (*_lacking(spec), without_pdf):
            if warning:
                complaints.print(warning, markup=False, soft_wrap=True)


def _agreed(
    spec: Study | None, *, instrument: str | None, scale: str | None, minimum: int | None
) -> tuple[str, str | None, int]:
    """Return questionnaire, answer scale and smallest group.

    Raises
    ------
    SpecError
        When the command line says other than the study file, which the report will follow.
    """
    if spec is None:
        return instrument or DEFAULT, scale, minimum or MINIMUM
    said = {
        "instrument": (instrument, spec.instrument),
        "scale": (scale, spec.scale),
        "minimum_group": (minimum, spec.minimum_group),
    }
    for key, (given, own) in said.items():
        if given is not None and given != own:
            raise SpecError(
                f"The command line says {key} = {given}, {spec.name}.toml says {own or 'nothing'}. "
                "Leave it out here, or change the study file: the report follows that."
            )
    return spec.instrument, spec.scale, spec.minimum_group


def _lacking(spec: Study | None) -> Iterator[str]:
    """Say what a report on the answers will lack."""
    asked = {"groups"} if spec and spec.groups else set()
    asked |= set(spec.covariates) if spec else set()
    lacks = [text for key, text in LACKS.items() if key not in asked]
    if not lacks:
        return
    where = f"{spec.name}.toml names" if spec else "Without --study STUDY the form asks"
    yield f"{where} none of the following, so a report on the answers will lack it:"
    yield from (f"- {text}" for text in lacks)
