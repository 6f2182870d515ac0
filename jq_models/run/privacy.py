"""The privacy checklist of a study as files beside its report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jq_models import paths
from jq_models.errors import RunError, SpecError, suggest
from jq_models.report import publish_pdf, wording
from jq_models.report.privacy import privacy_page
from jq_models.spec import LANGUAGES, load_study, questionnaire_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyFiles:
    """What was written, and why there is no PDF (empty when there is one)."""

    written: tuple[Path, ...]
    without_pdf: str


def write_privacy(name: str, *, language: str | None = None) -> PrivacyFiles:
    """Write ``reports/NAME.privacy.LANGUAGE.html`` and, where WeasyPrint can, ``.pdf``.

    Beside the report's folder, not in it: the page is wanted before there is a report, and outlasts each new
    one. No answers are read.

    Parameters
    ----------
    name : str
        The study file's name without its ending.
    language : {"en", "nl"}, optional
        Default: the study file's.

    Raises
    ------
    SpecError
        On a faulty study or questionnaire file or an unknown language.
    """
    study = load_study(name)
    language = language or study.language
    if language not in LANGUAGES:
        raise SpecError(f"No language '{language}'. {suggest(language, LANGUAGES)}")
    page = privacy_page(study, instrument=questionnaire_of(study), w=wording(language))
    paths.reports().mkdir(parents=True, exist_ok=True)
    html = paths.reports() / f"{name}.privacy.{language}.html"
    html.write_text(page, encoding="utf-8", newline="\n")
    try:
        pdf = publish_pdf(html, out=html.with_suffix(".pdf"), language=language)
    except RunError as error:  # the HTML holds everything the PDF would
        return PrivacyFiles(written=(html,), without_pdf=str(error))
    return PrivacyFiles(written=(html, pdf), without_pdf="")
