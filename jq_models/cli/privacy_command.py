"""``jq-models privacy``: the checklist for privacy officers and works councils."""

from __future__ import annotations

from jq_models import paths
from jq_models.cli.options import Language, StudyName
from jq_models.cli.screen import complaints, mendable, screen

PRIVACY_HELP = "Write a study's checklist for the privacy officer and the works council; no answers are read."


def privacy(name: StudyName, language: Language = None) -> None:
    """Write the checklist to reports/ as HTML and PDF."""
    # imported here: the report's machinery takes a second to load
    from jq_models.run.privacy import write_privacy

    with mendable():
        made = write_privacy(name, language=language)
        if made.without_pdf:
            complaints.print(made.without_pdf, markup=False, soft_wrap=True)
        for path in made.written:
            screen.print(path.relative_to(paths.project_root()).as_posix(), markup=False, soft_wrap=True)
