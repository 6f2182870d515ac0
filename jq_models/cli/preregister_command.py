"""``jq-models preregister``: fix a study's plan before its data are read."""

from __future__ import annotations

from typing import Annotated

import typer

from jq_models import paths
from jq_models.cli.options import Language, StudyName
from jq_models.cli.screen import mendable, screen

PREREGISTER_HELP = (
    "Fix a study's hypotheses, models, exclusions and gates, with a hash, before its data are read. The "
    "report then says what is confirmatory and lists what departs from the plan."
)


def preregister(
    name: StudyName,
    claim: Annotated[
        list[str] | None,
        typer.Option(help="A claim whose test is to be confirmatory (H1); repeat it. Default: all claims."),
    ] = None,
    language: Language = None,
) -> None:
    """Write the plan to data/registrations."""
    # imported here: the report's machinery takes a second to load
    from jq_models.report import wording
    from jq_models.run.preregister import preregister as fix
    from jq_models.spec import load_study

    with mendable():
        made = fix(name, claims=claim, language=language)
        w = wording(language or load_study(name).language)
        for path in made.written:
            screen.print(path.relative_to(paths.project_root()).as_posix(), markup=False, soft_wrap=True)
        screen.print(
            w("registration.screen.hash", hash=made.registration.sha256), markup=False, soft_wrap=True
        )
        screen.print(w("registration.screen.advice"), markup=False, soft_wrap=True)
